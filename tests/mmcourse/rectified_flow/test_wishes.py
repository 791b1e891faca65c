"""What is asked for, and what would meet it."""

from collections import Counter

import numpy as np
import pytest

from mmcourse import clip
from mmcourse.clip.text import ends
from mmcourse.judge import NONE
from mmcourse.rectified_flow import pair_wishes, single_wishes
from mmcourse.rectified_flow.net import LENGTH
from mmcourse.world import HELD_OUT, KINDS
from mmcourse.world.scenes.vocabulary import noun


def test_every_kind_is_asked_for_as_often():
    found = Counter(wish.wanted.kind for wish in single_wishes(np.random.default_rng(0), 3))
    assert found == {noun(kind): 6 if noun(kind) == "crane" else 3 for kind in KINDS}


@pytest.mark.parametrize("held_out", [False, True])
def test_colours_are_held_out_or_not_as_asked(held_out):
    for wish in single_wishes(np.random.default_rng(0), 5, held_out=held_out):
        seen = [kind for kind in KINDS if noun(kind) == wish.wanted.kind]
        assert any(((kind, wish.wanted.colour) in HELD_OUT) == held_out for kind in seen)


def test_a_prompt_says_what_is_wanted():
    for wish in single_wishes(np.random.default_rng(1), 2):
        assert wish.wanted.kind in wish.text
        assert wish.wanted.colour in wish.text
        assert wish.wanted.second_kind == NONE


def test_two_things_differ_in_kind_and_colour_and_stand_in_order():
    for wish in pair_wishes(np.random.default_rng(0), 50):
        kind, colour, second, other, _ = wish.wanted
        assert kind != second
        assert colour != other
        assert wish.text.index(kind) < wish.text.index(second)


def test_every_prompt_can_be_read():
    rng = np.random.default_rng(2)
    texts = [wish.text for wish in (*single_wishes(rng, 9), *pair_wishes(rng, 300))]
    assert ends(clip.tokenize(texts)).max() < LENGTH
