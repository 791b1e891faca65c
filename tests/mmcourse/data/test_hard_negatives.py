"""Hard negatives: false of their own picture, true of its twin, as many as asked for."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from reading import holds, read

from mmcourse.data import sample_scenes, swapped_captions, swapped_scenes
from mmcourse.losses import clip_loss
from mmcourse.world import HELD_OUT, Scene, Thing, caption, swap_attributes

CAT = Thing(kind="cat", colour="green", size=0.2, position=(0.3, 0.7), pose="sitting")
CAR = Thing(kind="car", colour="blue", size=0.2, position=(0.7, 0.7))
N = 400


@pytest.fixture(scope="module")
def scenes() -> tuple[Scene, ...]:
    return sample_scenes(N, np.random.default_rng(2))


@pytest.fixture(scope="module")
def captions(scenes) -> list[str]:
    rng = np.random.default_rng(3)
    return [caption(scene, rng) for scene in scenes]


def meadow(*things):
    return Scene(setting="meadow", objects=things)


def may_exchange(scene):
    """Return whether two colours differ, and fit the other thing too."""
    if scene.layout != "pair" or scene.objects[0].colour == scene.objects[1].colour:
        return False
    one, other = scene.objects
    apart = {"bird", "crane_bird"} != {one.kind, other.kind}
    return apart and HELD_OUT.isdisjoint({(one.kind, other.colour), (other.kind, one.colour)})


def test_every_caption_with_two_colours_is_swapped_at_a_share_of_one(scenes, captions, rng):
    expected = []
    for scene, text in zip(scenes, captions, strict=True):
        things = read(text).things
        if may_exchange(scene) and len(things) == 2 and all(one.colour for one in things):
            expected.append(swap_attributes(text))
    assert swapped_captions(scenes, captions, 1, rng) == expected
    assert len(expected) > N / 15


def test_a_swapped_caption_is_false_of_its_scene_and_true_of_the_swapped_one(scenes, rng):
    asked = 0
    for scene in scenes:
        others = swapped_scenes([scene], 1, rng)
        for text in swapped_captions([scene], [caption(scene, rng)], 1, rng):
            assert not holds(read(text), scene)
            assert all(holds(read(text), other) for other in others)
            asked += len(others)
    assert asked > N / 20


def test_no_negative_has_a_colour_that_is_held_out_for_its_kind(scenes, captions, rng):
    for text in swapped_captions(scenes, captions, 1, rng):
        for named in read(text).things:
            assert not {(kind, named.colour) for kind in named.kinds} <= HELD_OUT
    colour = next(colour for kind, colour in sorted(HELD_OUT) if kind == "cat")
    scene = meadow(CAT, replace(CAR, colour=colour))
    assert scene.split != "held-out"
    assert swapped_captions([scene], [f"a green cat and a {colour} car"], 1, rng) == []
    assert swapped_scenes([scene], 1, rng) == []


def test_a_swapped_scene_stays_in_its_split_and_differs_in_colours_alone(scenes, rng):
    found = swapped_scenes(scenes, 1, rng)
    assert {scene.split for scene in found} == {"train"}
    able = sum(map(may_exchange, scenes))
    assert 0.7 * able < len(found) < 0.9 * able
    for other in found:
        one, two = other.objects
        back = replace(one, colour=two.colour), replace(two, colour=one.colour)
        assert replace(other, objects=back) in scenes


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_share_says_how_many(scenes, captions, share):
    texts = [swapped_captions(scenes, captions, part, five()) for part in (share, 1)]
    others = [swapped_scenes(scenes, part, five()) for part in (share, 1)]
    for some, everyone in (texts, others):
        spread = (share * (1 - share) / len(everyone)) ** 0.5
        assert abs(len(some) / len(everyone) - share) <= 4 * spread
        rest = iter(everyone)
        assert all(one in rest for one in some)  # in their order


def test_every_share_draws_as_often(scenes, captions):
    after = []
    for share in (0, 0.25, 1):
        rng = five()
        swapped_captions(scenes, captions, share, rng)
        swapped_scenes(scenes, share, rng)
        after.append(rng.random())
    assert len(set(after)) == 1


def five():
    return np.random.default_rng(5)


@pytest.mark.parametrize(
    ("scene", "text"),
    [
        (meadow(CAT), "a green cat"),
        (meadow(CAT, CAR), "a green cat and a car"),
        (meadow(CAT, CAR), "a grassy meadow"),
        (meadow(CAT, replace(CAR, colour="green")), "a green cat and a green car"),
        (meadow(CAT, CAT), "two green cats"),
    ],
)
def test_captions_without_two_colours_bring_nothing(scene, text, rng):
    assert swapped_captions([scene], [text], 1, rng) == []


def test_nothing_in_nothing_out(rng):
    assert swapped_captions([], [], 0.5, rng) == []
    assert swapped_scenes([], 0.5, rng) == []


def test_to_a_bag_of_words_a_swapped_caption_is_a_tie(rng):
    text = "a green cat and a blue car"
    swapped = swapped_captions([meadow(CAT, CAR)], [text], 1, rng)
    own, extra = bag(text), bag(*swapped)
    loss = clip_loss(own, own, 9.0, extra_texts=extra)
    assert loss.item() == pytest.approx(np.log(2) / 2)  # lost in one of two directions


def bag(*texts):
    words = ("green", "blue", "cat", "car")
    return torch.tensor([[float(text.split().count(word)) for word in words] for text in texts])


def test_shares_and_lengths_that_make_no_sense_are_refused(rng):
    with pytest.raises(ValueError, match=r"swapped_captions: share must be .*; got 2"):
        swapped_captions([], [], 2, rng)
    with pytest.raises(ValueError, match=r"swapped_scenes: share must be .*; got -0\.5"):
        swapped_scenes([], -0.5, rng)
    with pytest.raises(ValueError, match="one caption a scene; got 1 scenes and 2 captions"):
        swapped_captions([meadow(CAT)], ["a cat", "a dog"], 1, rng)
