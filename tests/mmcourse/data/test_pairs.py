import sys

import numpy as np
import pytest
import torch
from PIL import Image
from reading import holds, read

from mmcourse.clip.preprocess import preprocess
from mmcourse.data import SMALL_WORLD, Pairs, pairs, sample_scenes
from mmcourse.world import render


@pytest.fixture(scope="module")
def few() -> Pairs:
    return pairs(7, 5, size=24, heights=(32, 40))


def test_equal_seeds_give_equal_pairs_and_others_do_not(few):
    again, other = (pairs(7, seed, size=24, heights=(32, 40)) for seed in (5, 6))
    assert np.array_equal(few.pixels, again.pixels)
    assert few.scenes == again.scenes
    assert few.scenes != other.scenes


def test_a_sequence_is_a_seed():
    first, again, other = (pairs(2, seed, size=8) for seed in ([3, 1], [3, 1], [3, 2]))
    assert np.array_equal(first.pixels, again.pixels)
    assert first.scenes != other.scenes


def test_scenes_alone_are_those_of_the_pairs(few):
    assert sample_scenes(7, np.random.default_rng(5)) == few.scenes


def test_sampling_scenes_advances_its_generator(rng):
    assert sample_scenes(2, rng) != sample_scenes(2, rng)


def test_a_picture_is_its_scene_drawn_at_one_of_the_heights(few):
    for pixels, scene in zip(few.pixels, few.scenes, strict=True):
        drawn = (render(scene, height) for height in range(32, 41))
        assert any(
            np.array_equal(pixels, np.asarray(Image.fromarray(each).resize((24, 24), 3)))
            for each in drawn
        )


def test_heights_are_drawn_from_lowest_to_highest(monkeypatch):
    seen = []

    def drawn(scene, height):
        seen.append(height)
        return np.zeros((height, height, 3), dtype=np.uint8)

    monkeypatch.setattr(sys.modules["mmcourse.data.pairs"], "render", drawn)
    pairs(60, 0, size=8, heights=(20, 22))
    assert set(seen) == {20, 21, 22}


def test_a_height_that_is_the_size_leaves_pictures_as_they_are_drawn():
    sample = pairs(3, 1, size=32, heights=(32, 32))
    for pixels, scene in zip(sample.pixels, sample.scenes, strict=True):
        assert np.array_equal(pixels, render(scene, 32))


@pytest.mark.parametrize("size", [9, 31])
def test_every_picture_has_the_size_asked_for(size):
    sample = pairs(3, 0, size=size)
    assert sample.pixels.shape == (3, size, size, 3)
    assert sample.pixels.dtype == np.uint8
    assert len(sample) == 3


def test_wide_scenes_lose_their_sides():
    assert pairs(2, 0, size=16, aspect=2.0).pixels.shape == (2, 16, 16, 3)


def test_pairs_come_from_the_part_of_the_world_asked_for():
    sample = pairs(5, 0, size=8, kinds=["cat", "boat"], n_objects=1, split="test")
    assert {scene.objects[0].kind for scene in sample.scenes} <= {"cat", "boat"}
    assert {scene.split for scene in sample.scenes} == {"test"}


def test_the_small_world_has_one_thing_in_8_kinds_8_colours_and_4_settings(rng):
    part = {name: SMALL_WORLD[name] for name in SMALL_WORLD if name not in ("size", "heights")}
    scenes = sample_scenes(200, rng, **part)
    things = [thing for scene in scenes for thing in scene.objects]
    assert len(things) == 200
    assert len({thing.kind for thing in things}) == 8
    assert len({thing.colour for thing in things}) == 8
    assert len({scene.setting for scene in scenes}) == 4


def test_images_are_what_preprocess_makes_of_the_pictures():
    sample = pairs(3, 0, size=16)
    expected = torch.stack([preprocess(Image.fromarray(x), 16) for x in sample.pixels])
    assert torch.equal(sample.images(), expected)


def test_images_may_be_chosen_by_row_or_by_slice(few):
    everything = few.images()
    assert torch.equal(few.images(np.array([4, 0, 4])), everything[[4, 0, 4]])
    assert torch.equal(few.images(slice(1, 3)), everything[1:3])


@pytest.mark.parametrize("full", [False, True])
def test_captions_are_true_of_their_scenes(few, rng, full):
    for _ in range(5):
        for text, scene in zip(few.captions(rng, full=full), few.scenes, strict=True):
            assert holds(read(text), scene), text


def test_full_captions_say_more_than_usual_ones(few):
    usual, full = (
        sum(len(text) for text in few.captions(np.random.default_rng(1), full=full))
        for full in (False, True)
    )
    assert full > 1.2 * usual


def test_captions_are_said_anew_each_time_and_the_same_from_one_seed(few):
    rng = np.random.default_rng(1)
    first, second = few.captions(rng), few.captions(rng)
    assert first != second
    assert few.captions(np.random.default_rng(1)) == first


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"n": 0}, "pairs: n must be a whole number of at least 1; got 0"),
        (TypeError, {"n": 2.0}, "pairs: n must be a whole number; got 2.0"),
        (ValueError, {"size": 0}, "pairs: size must be a whole number of at least 1; got 0"),
        (ValueError, {"heights": (15, 20)}, "pairs: the lowest height must be"),
        (
            ValueError,
            {"heights": (40, 39)},
            "highest height must be .* from 40 to 2048; got 39",
        ),
        (TypeError, {"heights": (20, 20.5)}, "the highest height must be a whole number"),
        (ValueError, {"kinds": ["unicorn"]}, "unicorn"),
    ],
)
def test_pairs_that_cannot_be_had_are_refused(error, changes, message, unchecked):
    with pytest.raises(error, match=message):
        pairs(**{"n": 2, "seed": 0, **changes})
