import math
from dataclasses import replace

import numpy as np
import pytest

from mmcourse.captioning import target_caption, target_words
from mmcourse.captioning.target import LONGEST
from mmcourse.data import sample_scenes
from mmcourse.tokenizer import WordTokens
from mmcourse.world import SPLITS, Scene, Thing, caption_logprob

CAT = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.6), pose="sleeping")
SIGN = Thing(kind="sign", colour="blue", size=0.3, position=(0.7, 0.6), word="zoo")
WALKER = Thing(kind="person", colour="green", size=0.2, position=(0.7, 0.6), pose="walking")


@pytest.mark.parametrize("split", SPLITS)
def test_the_world_says_every_target_of_its_own_scene(split):
    for scene in sample_scenes(60, np.random.default_rng(3), split=split):
        assert math.isfinite(caption_logprob(scene, target_caption(scene)))


def test_what_is_written_on_a_sign_is_not_guessed():
    assert (
        target_caption(Scene(setting="night", objects=(SIGN,)))
        == "a blue sign on the right at night"
    )


def test_the_left_thing_stands_first_in_whatever_order_they_are_kept():
    expected = "a sleeping red cat to the left of a blue sign in a meadow"
    for things in ((CAT, SIGN), (SIGN, CAT)):
        assert target_caption(Scene(setting="meadow", objects=things)) == expected


def test_the_upper_thing_stands_first():
    low = replace(SIGN, position=(0.25, 0.9))
    said = target_caption(Scene(setting="night", objects=(low, CAT)))
    assert said == "a sleeping red cat above a blue sign at night"


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        ((WALKER,), "a small walking person in green on the right in a forest"),
        (
            (WALKER, replace(WALKER, position=(0.2, 0.6))),
            "two walking people in green in a forest",
        ),
        (
            (Thing(kind="crane_machine", colour="grey", size=0.3, position=(0.4, 0.5)),),
            "a grey construction crane in a forest",
        ),
        (
            (Thing(kind="flower", colour="pink", size=0.4, position=(0.5, 0.5), pose="tulip"),),
            "a big pink tulip in the middle in a forest",
        ),
    ],
)
def test_targets_by_hand(things, expected):
    assert target_caption(Scene(setting="forest", objects=things)) == expected


def test_every_target_can_be_written_and_fits():
    tokens = WordTokens(target_words())
    for scene in sample_scenes(300, np.random.default_rng(1)):
        text = target_caption(scene)
        row = tokens(text)
        assert row.shape[1] < LONGEST
        assert tokens.decode(row[0]) == text


def test_no_word_is_never_said():
    scenes = sample_scenes(4000, np.random.default_rng(0))
    said = {word for scene in scenes for word in target_caption(scene).split()} - {"an"}
    assert said == set(target_words())
