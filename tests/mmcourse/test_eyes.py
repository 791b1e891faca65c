"""What is seen in a file: its grid and its distance, or why it is no picture."""

import os

import numpy as np
import odd_files
import pytest
import torch
from PIL import Image

from mmcourse.eyes import Eyes
from mmcourse.images import UnreadableImageError
from mmcourse.world import render, sample_scene


@pytest.fixture(scope="module")
def eyes():
    return Eyes("cpu")


def test_a_drawing_is_seen_and_noise_is_foreign(eyes, tmp_path):
    scene = sample_scene(np.random.default_rng(5), n_objects=1, kinds=["cat"])
    Image.fromarray(render(scene, 96)).save(tmp_path / "cat.png")
    odd_files.noise(np.random.default_rng(0), 90, 90, 3).save(tmp_path / "noise.png")
    drawn, noise = eyes.look(tmp_path / "cat.png"), eyes.look(tmp_path / "noise.png")
    assert (drawn.foreign, noise.foreign) == (False, True)
    image = eyes.preprocess(Image.open(tmp_path / "cat.png"))[None]
    assert torch.equal(drawn.grid, eyes.model.image_grid(image))


def test_what_may_never_end_is_not_opened(eyes, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", tmp_path.__class__(os.devnull)):
        with pytest.raises(UnreadableImageError, match="got a device or pipe"):
            eyes.look(path)


def test_what_is_no_picture_says_why(eyes, tmp_path):
    (tmp_path / "text.png").write_text("Dear Ada")
    Image.new("L", (200_000, 1)).save(tmp_path / "thread.png")
    names = {".": "directory", "text.png": "Pillow", "no.png": "No such", "x" * 300: "too long"}
    for name, why in (names | {"thread.png": "thin"}).items():
        with pytest.raises(UnreadableImageError, match=f"(?i){why}"):
            eyes.look(tmp_path / name)
