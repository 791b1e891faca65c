"""Small runs: what is learned in seconds, and tables of what took longer.

`towers` is a CLIP that learns from nothing, `temperatures` its runs at other temperatures;
`matches` holds runs of lesson 05 with other seeds, batches, losses and captions, `adaptations`
what fine-tuning came to in lesson 10, `bindings` the dial of lesson 11, `paintings` what a
painter of lesson 13 learnt when, `samplings` what its dials do, `tries` single pictures,
`hearings` what ears of lesson 14 learnt beside what, and what sounds painted, `dictations`
what a recogniser of lesson 15 learns in seconds, `shots` what one of lesson 17 learns from a
few pictures, `watchings` what those of lesson 18 learn who watch films and lack something;
`searches` how search of lesson 09 grows with the album; `tables` reads them.
"""

from mmcourse.small.adaptations import Adaptation, stored_adaptations
from mmcourse.small.bindings import Binding, stored_bindings
from mmcourse.small.dictations import Dictation, stored_dictations
from mmcourse.small.hearings import (
    HeardPainting,
    Hearing,
    stored_heard_paintings,
    stored_hearings,
)
from mmcourse.small.matches import Match, Minute, stored_matches, stored_minutes
from mmcourse.small.paintings import Painting, stored_paintings
from mmcourse.small.samplings import Sampling, stored_samplings
from mmcourse.small.searches import Searched, stored_searches
from mmcourse.small.shots import Shot, stored_shots
from mmcourse.small.temperatures import (
    TEMPERATURES,
    TemperatureRun,
    kind_accuracy,
    stored_runs,
    temperature_pictures,
    temperature_run,
)
from mmcourse.small.towers import SmallCLIP
from mmcourse.small.tries import Try, stored_tries
from mmcourse.small.watchings import Watching, stored_watchings

__all__ = [
    "TEMPERATURES",
    "Adaptation",
    "Binding",
    "Dictation",
    "HeardPainting",
    "Hearing",
    "Match",
    "Minute",
    "Painting",
    "Sampling",
    "Searched",
    "Shot",
    "SmallCLIP",
    "TemperatureRun",
    "Try",
    "Watching",
    "kind_accuracy",
    "stored_adaptations",
    "stored_bindings",
    "stored_dictations",
    "stored_heard_paintings",
    "stored_hearings",
    "stored_matches",
    "stored_minutes",
    "stored_paintings",
    "stored_runs",
    "stored_samplings",
    "stored_searches",
    "stored_shots",
    "stored_tries",
    "stored_watchings",
    "temperature_pictures",
    "temperature_run",
]
