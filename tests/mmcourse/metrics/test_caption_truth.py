import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mmcourse.captioning import target_caption
from mmcourse.data import sample_scenes
from mmcourse.metrics import CaptionTruth, caption_truth
from mmcourse.world import SPLITS, Scene, Thing, caption, caption_logprob, swap_attributes

CAT = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.6), pose="sitting")
CAR = Thing(kind="car", colour="blue", size=0.3, position=(0.7, 0.6))
PAIR = Scene(setting="meadow", objects=(CAR, CAT))
SINGLE = Scene(setting="night", objects=(replace(CAT, size=0.2),))
CATS = Scene(setting="snow", objects=(CAT, replace(CAT, position=(0.5, 0.6))))
WADER = Scene(
    setting="sea",
    objects=(
        Thing(kind="crane_bird", colour="pink", size=0.3, position=(0.4, 0.6), pose="wading"),
    ),
)


@pytest.mark.parametrize("split", SPLITS)
def test_whatever_the_world_says_is_true(split):
    rng = np.random.default_rng(7)
    for scene in sample_scenes(150, rng, split=split):
        assert caption_truth(scene, caption(scene, rng)).share_true() == 1


def test_a_full_caption_tells_all_but_a_plain_setting():
    rng = np.random.default_rng(7)
    for scene in sample_scenes(300, rng):
        truth = caption_truth(scene, caption(scene, rng, full=True))
        left_out = {"setting"} if scene.setting == "plain" else set()
        untold = {name for name in truth.facts if truth.told[name] < truth.facts[name]}
        assert untold == left_out


def test_the_target_tells_every_fact_but_what_is_written():
    for scene in sample_scenes(300, np.random.default_rng(8)):
        truth = caption_truth(scene, target_caption(scene))
        untold = {name for name in truth.facts if truth.told[name] < truth.facts[name]}
        assert truth.share_true() == 1
        assert untold <= {"word"}


def test_what_the_world_would_never_say_of_a_scene_is_mostly_found_false():
    # The oracle is the grammar. It also refuses what is true but never said, such as a size in
    # a pair, or one thing of two: hence the few that it refuses and that are true.
    rng = np.random.default_rng(9)
    scenes = sample_scenes(700, rng)
    told_apart = 0
    for scene, other in pairwise(scenes):
        said = caption(other, rng)
        true = caption_truth(scene, said).share_true() == 1
        possible = math.isfinite(caption_logprob(scene, said))
        assert true or not possible, said
        told_apart += true == possible
    assert told_apart >= 695


@pytest.mark.parametrize(
    ("scene", "text", "true", "stated"),
    [
        (PAIR, "a red cat to the left of a blue car in a meadow", 8, 8),
        (PAIR, "a blue car to the right of a red cat in a meadow", 8, 8),
        (PAIR, "a red cat to the right of a blue car in a meadow", 7, 8),
        (PAIR, "a blue cat to the left of a red car in a meadow", 6, 8),
        (PAIR, "a red cat in a forest", 3, 4),
        (PAIR, "a red dog and a blue car", 5, 6),
        (PAIR, "a red cat to the left of", 3, 4),
        (PAIR, "red blue", 1, 2),
        (SINGLE, "a small standing red cat on the right at night", 5, 7),
        (SINGLE, "a red cat to the left of a red cat at night", 4, 8),
        (SINGLE, "two red kittens at night", 3, 4),
        (CATS, "two cats on a snowy day", 3, 3),
        (CATS, "a red cat on a snowy day", 3, 4),
        (WADER, "a pink bird at sea", 4, 4),
        (WADER, "a pink crane at sea", 4, 4),
        (WADER, "a pink construction crane at sea", 3, 4),
    ],
)
def test_truths_by_hand(scene, text, true, stated):
    truth = caption_truth(scene, text)
    assert (sum(truth.true.values()), sum(truth.stated.values())) == (true, stated)


def test_swapped_colours_are_two_false_facts_and_the_same_words():
    text = target_caption(PAIR)
    swapped = caption_truth(PAIR, swap_attributes(text))
    assert swapped.stated["colour"] - swapped.true["colour"] == 2
    assert swapped.share_true("kind", "count", "relation", "setting") == 1


def test_what_is_left_out_is_counted_by_type():
    truth = caption_truth(SINGLE, "a cat at night")
    assert (truth.told["kind"], truth.told["colour"], truth.told["size"]) == (1, 0, 0)
    assert sum(truth.facts.values()) == 7  # kind, colour, count, pose, size, side, setting
    assert truth.share_told() == 3 / 7


def test_truths_add_up():
    both = caption_truth(PAIR, "a red cat") + caption_truth(SINGLE, "a blue cat")
    assert both.share_true() == 5 / 6
    assert both.share_true("colour") == 1 / 2
    assert sum([both], CaptionTruth()) == both


def test_nothing_stated_is_not_false():
    truth = caption_truth(PAIR, "")
    assert truth.share_true() == 1
    assert truth.share_told() == 0


@pytest.mark.usefixtures("unchecked")
def test_a_word_of_another_world_is_refused():
    with pytest.raises(ValueError, match="got 'zebra' in 'a red zebra'"):
        caption_truth(PAIR, "a red zebra")
