"""Speech: a spoken sentence becomes letters, though nobody says when each is spoken.

Read `alphabet` first, what may be written. Then `ctc`, the loss that adds up all alignments,
and `net`, what listens. `collapse` and `beam` turn its guesses into a text, `recognise` does so
for many recordings, and `snap` keeps to a list of words. `recordings` come with the course, in
`levels` that take little room.
"""

from mmcourse.speech.alphabet import ALPHABET, BLANK, plain, spelled, written
from mmcourse.speech.beam import Heard, beam
from mmcourse.speech.collapse import collapse, greedy
from mmcourse.speech.ctc import ctc_loss
from mmcourse.speech.levels import from_levels, levels
from mmcourse.speech.net import SpeechEncoder
from mmcourse.speech.recognise import padded, recognise, transcribe
from mmcourse.speech.recordings import Recording, stored_recordings
from mmcourse.speech.snap import snap

__all__ = [
    "ALPHABET",
    "BLANK",
    "Heard",
    "Recording",
    "SpeechEncoder",
    "beam",
    "collapse",
    "ctc_loss",
    "from_levels",
    "greedy",
    "levels",
    "padded",
    "plain",
    "recognise",
    "snap",
    "spelled",
    "stored_recordings",
    "transcribe",
    "written",
]
