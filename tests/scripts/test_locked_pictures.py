"""Features of pictures that are encoded once: the tower's own, beside the right captions."""

from pathlib import Path

import pytest
import torch
from locked_pictures import LockedPictures
from torch.nn import functional as F
from training_data import Diet, TrainingSet

from mmcourse import clip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    folder: Path = tmp_path_factory.mktemp("shards")
    return TrainingSet(folder, shards=2, seed=5, per_shard=24)


@torch.no_grad()
def test_a_step_brings_the_features_of_its_pictures_and_their_captions(small):
    tiny, _ = clip.load("tiny", "cpu")
    locked = LockedPictures(small, tiny)
    for step in (0, 7):
        features, captions = locked.batch(step, 11, Diet())
        images, expected = small.batch(step, 11, Diet())
        assert captions == expected
        torch.testing.assert_close(features, F.normalize(tiny.encode_image(images), dim=-1))
