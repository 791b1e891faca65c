"""What the shipped models are trained on: seeded batches, true captions, compact tokens."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
import training_data
from augmentation import WAYS, augment, draw_way
from reading import holds, read
from training_data import Diet, TrainingSet, shard_path
from training_twins import TwinSet

from mmcourse.clip.preprocess import unnormalize
from mmcourse.data import pairs, sample_scenes
from mmcourse.world import Scene, swap_attributes

SHARD = 48


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """Return a training set of two small shards, drawn in a folder of its own."""
    return TrainingSet(tmp_path_factory.mktemp("shards"), shards=2, seed=3, per_shard=SHARD)


def scenes_of(shard: int) -> tuple[Scene, ...]:
    return sample_scenes(SHARD, np.random.default_rng([3, shard]))


def test_a_shard_holds_the_pictures_of_the_scenes_its_captions_are_made_from(small):
    expected = pairs(SHARD, [3, 1])
    assert np.array_equal(small.shards[1], expected.pixels)
    assert expected.scenes == scenes_of(1)


def test_a_shard_that_is_there_is_not_drawn_again(small, tmp_path, monkeypatch):
    np.save(shard_path(tmp_path, 3, 0), small.shards[0])
    monkeypatch.setattr(training_data, "draw_shard", lambda *_: pytest.fail("drawn again"))
    training_data.draw_shards(tmp_path, 1, 3, SHARD)
    assert [path.name for path in tmp_path.iterdir()] == ["pictures-3-0000.npy"]


@pytest.mark.parametrize("augmented", [False, True])
def test_a_step_always_gets_the_same_batch_and_another_step_another(small, augmented):
    images, captions = small.batch(7, 11, Diet(augmented=augmented))
    again, same = small.batch(7, 11, Diet(augmented=augmented))
    assert torch.equal(images, again)
    assert captions == same
    assert captions != small.batch(8, 11, Diet(augmented=augmented))[1]


def test_captions_are_true_of_the_pictures_they_come_with(small):
    scenes = scenes_of(0) + scenes_of(1)
    by_picture = {
        small.shards[row // SHARD][row % SHARD].tobytes(): scene
        for row, scene in enumerate(scenes)
    }
    for step in range(6):
        images, captions = small.batch(step, 9, Diet(alone=step % 2 == 0))
        pixels = (unnormalize(images) * 255).round().to(torch.uint8).numpy()
        for picture, text in zip(pixels, captions, strict=True):
            assert holds(read(text), by_picture[picture.tobytes()]), text


def test_the_first_phase_shows_single_things_alone(small):
    rows = small._rows(np.random.default_rng(0), 40, Diet(alone=True))
    shown = [small.facts[row] for row in rows]
    assert all(each.number == 1 and not each.relation for each in shown)
    assert len({each.things[0].kind for each in shown}) > 5


def test_a_grouped_batch_shares_a_setting_a_kind_or_a_colour(small):
    for seed in range(12):
        rows = small._rows(np.random.default_rng(seed), 15, Diet(grouped=1.0))
        known = [small.facts[row] for row in rows]
        shared = [
            {each.setting for each in known},
            {each.things[0].kind for each in known},
            {each.things[0].colour for each in known},
        ]
        assert min(map(len, shared)) == 1


def test_a_counted_batch_holds_several_of_one_kind_in_every_picture(small):
    rows = small._rows(np.random.default_rng(1), 15, Diet(counted=1.0))
    assert len({small.facts[row].things[0].kind for row in rows}) == 1
    assert all(small.facts[row].number > 1 for row in rows)


def test_ways_are_drawn_by_their_shares():
    rng = np.random.default_rng(0)
    drawn = [draw_way(rng) for _ in range(4000)]
    assert sum(WAYS.values()) == pytest.approx(1)
    for way, share in WAYS.items():
        assert drawn.count(way) / 4000 == pytest.approx(share, abs=4 * (share / 4000) ** 0.5)


@pytest.mark.parametrize("way", list(WAYS))
def test_augmenting_keeps_size_and_dtype_and_leaves_the_original_alone(way, rng):
    pixels = (rng.random((64, 64, 3)) * 256).astype(np.uint8)
    before = pixels.copy()
    changed = augment(pixels, way, rng)
    assert changed.shape == pixels.shape
    assert changed.dtype == np.uint8
    assert np.array_equal(pixels, before)
    assert np.array_equal(changed, before) == (way == "")


def test_a_shrunk_picture_still_holds_all_of_it(rng):
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32, :32, 0] = pixels[:32, 32:, 1] = pixels[32:, :32, 2] = 255
    shrunk = augment(pixels, "shrunk", rng).reshape(-1, 3)
    for corner in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)):
        assert (shrunk == corner).all(1).any()


def test_a_faded_part_keeps_its_mean(rng):
    pixels = (rng.random((64, 64, 3)) * 256).astype(np.uint8)
    faded = augment(pixels, "faded", rng)
    assert faded.mean((0, 1)) == pytest.approx(pixels.mean((0, 1)), abs=0.5)
    assert faded.std() < pixels.std()


def test_only_single_things_are_painted_over(small):
    rng = np.random.default_rng(2)
    several = [row for row, each in enumerate(small.facts) if each.number > 1 or each.relation]
    assert all(small._way(row, rng) != "erased" for row in several * 9)
    single = next(row for row in range(len(small.facts)) if row not in several)
    assert "erased" in {small._way(single, rng) for _ in range(60)}


def test_what_is_shrunk_is_described_without_size_or_side(small, monkeypatch):
    monkeypatch.setattr(training_data, "draw_way", lambda _: "shrunk")
    texts = " ".join(small.batch(1, 200, Diet(grouped=0.0, augmented=True))[1])
    words = set(texts.split())
    assert not words & {"small", "little", "big", "large", "middle", "centre", "side"}


def test_the_folder_is_made(tmp_path: Path):
    training_data.draw_shards(tmp_path / "new" / "folder", 0, 0)
    assert (tmp_path / "new" / "folder").is_dir()


def test_twins_lead_a_batch_and_count_among_its_pictures(small, tmp_path):
    twins = TwinSet(tmp_path, shards=1, seed=3, per_shard=6)
    small_with_twins = copy.copy(small)
    small_with_twins.twins = twins
    diet = Diet(twins=0.4)
    assert diet.pairs(20) == 4
    images, captions = small_with_twins.batch(5, 20, diet)
    assert len(images) == len(captions) == 20
    shown = {picture.tobytes() for picture in twins.shards[0].reshape(-1, 64, 64, 3)}
    pixels = (unnormalize(images) * 255).round().to(torch.uint8).numpy()
    assert [picture.tobytes() in shown for picture in pixels] == [True] * 8 + [False] * 12
    assert [swap_attributes(text) for text in captions[:8:2]] == captions[1:8:2]
