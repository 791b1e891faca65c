"""Captions that a painter could work from: they name most of what is to be painted."""

from collections.abc import Callable

import numpy as np

from mmcourse.world import Scene
from mmcourse.world.words.caption import caption_grammar
from mmcourse.world.words.facts import facts
from mmcourse.world.words.grammar import sample
from mmcourse.world.words.phrases import Chances

TOLD = Chances(
    colour=0.95,
    pose=0.35,
    size=0.15,
    side=0.2,
    relation=0.95,
    setting=0.9,
    plain_setting=0.5,
    style=0.0,
    written_word=0.8,
    precise_noun=0.3,
    setting_alone=0.02,
)
"""How often each fact is told."""


def said_fully(scene: Scene, rng: np.random.Generator, fits: Callable[[str], bool]) -> str:
    """Return the first caption of a scene that fits its reader.

    Args:
        scene: what is told.
        rng: from which captions are drawn until one fits.
        fits: whether a caption is short enough.
    """
    grammar = caption_grammar(facts(scene), TOLD)
    while True:
        caption = sample(grammar, rng)
        if fits(caption):
            return caption
