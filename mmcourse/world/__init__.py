"""A small drawn universe in which every fact is known.

Read in this order: `vocabulary` (which words there are), `scene` (what a picture holds),
`sampling` and `placement` (how scenes are chosen), `render` (how they look), `caption`,
`question` and `minimal_pairs` (what can be said of them), `posterior` (how well that can be
guessed), `sound` and `film`.

Needs numpy and Pillow only.
"""

from mmcourse.world.caption import caption, caption_logprob
from mmcourse.world.film import Film, film
from mmcourse.world.minimal_pairs import MinimalPair, minimal_pairs, swap_attributes
from mmcourse.world.posterior import (
    Information,
    bayes_loss,
    log_posterior,
    mutual_information,
)
from mmcourse.world.question import Question, questions
from mmcourse.world.render import masks, render
from mmcourse.world.sampling import sample_scene
from mmcourse.world.scene import Scene, Thing, relation
from mmcourse.world.sound import sound
from mmcourse.world.text_prior import TextPrior
from mmcourse.world.vocabulary import (
    COLOURS,
    HELD_OUT,
    KINDS,
    PLANTED_BIAS,
    SCENES,
    SIGN_WORDS,
    SPLITS,
    STYLES,
)

__all__ = [
    "COLOURS",
    "HELD_OUT",
    "KINDS",
    "PLANTED_BIAS",
    "SCENES",
    "SIGN_WORDS",
    "SPLITS",
    "STYLES",
    "Film",
    "Information",
    "MinimalPair",
    "Question",
    "Scene",
    "TextPrior",
    "Thing",
    "bayes_loss",
    "caption",
    "caption_logprob",
    "film",
    "log_posterior",
    "masks",
    "minimal_pairs",
    "mutual_information",
    "questions",
    "relation",
    "render",
    "sample_scene",
    "sound",
    "swap_attributes",
]
