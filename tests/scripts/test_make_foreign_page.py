"""The page about foreign pictures: made of its data, for the border as it is shipped."""

import json

import altered
import make_foreign_page
import numpy as np
import pytest
from PIL import Image

KEPT = json.loads(make_foreign_page.DATA.read_text(encoding="utf-8"))


def test_the_border_was_asked_as_it_is():
    assert KEPT["sha256"] == make_foreign_page.weights(), (
        "out of date: python scripts/fit_border.py, then python scripts/make_foreign_page.py"
    )


def test_the_page_is_made_of_the_data():
    assert make_foreign_page.PAGE.read_text(encoding="utf-8") == make_foreign_page.page(KEPT)


def test_at_least_sixty_foreign_pictures_stand_for_the_test_each_once():
    names = [tuple(row[:2]) for row in KEPT["foreign"]]
    assert len(set(names)) == len(names)
    assert sum(row[2] == "test" for row in KEPT["foreign"]) >= 60


@pytest.mark.parametrize("name", altered.ALTERATIONS)
def test_an_alteration_gives_a_picture_and_the_same_for_the_same_seed(name, rng):
    picture = Image.fromarray(rng.integers(0, 256, (70, 90, 3), dtype=np.uint8))
    first, again = (
        altered.ALTERATIONS[name](picture, np.random.default_rng(1)) for _ in range(2)
    )
    assert first.mode == "RGB"
    assert min(first.size) >= 48
    assert first.tobytes() == again.tobytes()
