import numpy as np
import pytest
from PIL import Image

from mmcourse.captioning import alt_text
from mmcourse.captioning.alt_text import NOT_SURE, THRESHOLD
from mmcourse.world import Scene, Thing, render

CAT = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.65), pose="sitting")


@pytest.fixture(scope="module")
def picture():
    return Image.fromarray(render(Scene(setting="meadow", objects=(CAT,)), 64))


def test_a_plain_picture_is_described(picture):
    said = alt_text(picture)
    assert said.text == said.guess == "a sitting red cat on the left in a meadow"
    assert THRESHOLD < said.confidence <= 1


def test_below_the_threshold_nothing_is_claimed(picture):
    said = alt_text(picture, threshold=1.0)
    assert said.text == NOT_SURE
    assert "cat" in said.guess


def test_noise_is_not_described():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert alt_text(Image.fromarray(noise)).text == NOT_SURE


@pytest.mark.usefixtures("unchecked")
def test_a_threshold_that_is_no_probability_is_refused(picture):
    with pytest.raises(ValueError, match="threshold must be a finite number from 0 to 1"):
        alt_text(picture, threshold=2)
