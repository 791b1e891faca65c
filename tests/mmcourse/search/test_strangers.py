"""Which pictures are said to be unlike all that `tiny` learnt from, with `tiny` itself."""

import numpy as np
import pytest
from PIL import Image

from mmcourse import clip, world
from mmcourse.search.strangers import LOOKED_AT, cautions, strangers


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", "cpu")


@pytest.fixture(scope="module")
def drawing():
    scene = world.sample_scene(np.random.default_rng(3), n_objects=1, kinds=["cat"])
    return Image.fromarray(world.render(scene, 96))


@pytest.fixture(scope="module")
def noise():
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (96, 96, 3), np.uint8))


def test_unread_words_and_pictures_of_no_drawn_world_are_told(tiny, drawing, noise):
    assert cautions("tiny", *tiny, "a red cat", [drawing]) == []
    assert cautions("tiny", *tiny, "a cute cat", [drawing, noise]) == [
        "tiny never saw these words, and reads nothing in them: cute.",
        "1 of 2 pictures shown is unlike all that tiny learnt from: its place in the order "
        "means nothing.",
    ]


def test_a_picture_is_judged_as_a_viewer_shows_it(tiny, drawing, noise):
    hidden = noise.copy()
    hidden.putalpha(0)  # white to a viewer
    lines = cautions("tiny", *tiny, "a red cat", [hidden, hidden.convert("RGBA"), drawing])
    assert lines == cautions(
        "tiny", *tiny, "a red cat", [*[Image.new("RGB", (96, 96), "white")] * 2, drawing]
    )


def test_of_another_model_no_picture_is_judged(tiny, noise):
    assert cautions("ViT-B/32", *tiny, "a red cat", [noise]) == []


def test_a_folder_is_judged_by_some_of_its_pictures(tiny, noise, tmp_path):
    names = [f"{number:03}.png" for number in range(2 * LOOKED_AT + 1)]
    for name in names:
        noise.save(tmp_path / name)
    (tmp_path / names[0]).write_bytes(b"gone")
    found, looked_at = strangers(*tiny, tmp_path, names)
    assert found == looked_at == 13  # every third, without the first
