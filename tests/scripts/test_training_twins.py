"""Twin pictures for training: one fact apart, described truly, and weighed in pairs."""

from pathlib import Path

import numpy as np
import pytest
import torch
import training_twins
from reading import holds, read
from torch.nn import functional as F
from training_twins import TwinSet, draw_twins, render_twins, twin_loss

from mmcourse.losses import clip_loss
from mmcourse.world import swap_attributes

SHARD = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("twins")


@pytest.fixture(scope="module")
def small(folder: Path) -> TwinSet:
    """Return two small shards of twins, drawn in a folder of their own."""
    return TwinSet(folder, shards=2, seed=3, per_shard=SHARD)


def test_twins_exchange_their_colours_and_nothing_else():
    for first, second in draw_twins(np.random.default_rng(0), 15):
        assert first.split == second.split == "train"
        one, other = first.objects, second.objects
        assert [thing.kind for thing in one] == [thing.kind for thing in other]
        assert [thing.colour for thing in one] == [thing.colour for thing in other][::-1]
        assert [thing.size for thing in one] == [thing.size for thing in other]
        assert first.setting == second.setting


def test_captions_are_true_of_their_picture_and_false_of_its_twin(small):
    scenes = {}
    for shard, pictures in enumerate(small.shards):
        twins = draw_twins(np.random.default_rng([3, 2, shard]), SHARD)
        for pair, drawn in zip(twins, pictures, strict=True):
            scenes |= {
                drawn[which].tobytes(): (pair[which], pair[1 - which]) for which in (0, 1)
            }
    pixels, captions = small.batch(np.random.default_rng(1), 30)
    assert len(pixels) == len(captions) == 60
    for picture, text in zip(pixels, captions, strict=True):
        shown, twin = scenes[picture.tobytes()]
        assert holds(read(text), shown), text
        assert not holds(read(text), twin), text


def test_twins_stand_beside_each_other_and_share_their_wording(small):
    _, captions = small.batch(np.random.default_rng(2), 9)
    for one, other in zip(captions[::2], captions[1::2], strict=True):
        assert other == swap_attributes(one)


def test_a_shard_that_is_there_is_not_drawn_again(small, folder, monkeypatch):
    monkeypatch.setattr(training_twins, "render_twins", lambda *_: pytest.fail("drawn again"))
    again = TwinSet(folder, shards=2, seed=3, per_shard=SHARD)
    assert all(map(np.array_equal, again.shards, small.shards))
    assert again.facts == small.facts


def test_pictures_follow_from_the_seed(small):
    rng = np.random.default_rng([3, 2, 1])
    assert np.array_equal(render_twins(rng, draw_twins(rng, SHARD)), small.shards[1])


def test_twin_loss_is_the_mean_of_clips_loss_over_the_pairs():
    torch.manual_seed(0)
    images, texts = (F.normalize(torch.randn(6, 5, dtype=torch.float64), dim=-1) for _ in "ab")
    scale = torch.tensor(7.0, dtype=torch.float64)
    each = [clip_loss(images[i : i + 2], texts[i : i + 2], scale) for i in (0, 2, 4)]
    torch.testing.assert_close(twin_loss(images, texts, scale), torch.stack(each).mean())


def test_a_model_that_does_not_tell_twins_apart_is_at_chance():
    features = F.normalize(torch.ones(4, 3), dim=-1)
    loss = twin_loss(features, features, torch.tensor(20.0))
    assert loss.exp().item() == pytest.approx(2)
