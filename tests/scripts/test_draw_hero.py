"""The picture at the top of the README: small, described, and what its script draws today."""

import draw_hero
import numpy as np
import pytest
from PIL import Image
from places import ROOT

from mmcourse.world import Scene, Thing

PATH = ROOT / "docs" / "hero.png"


@pytest.fixture(scope="module")
def said():
    """Return the description that the picture carries."""
    with Image.open(PATH) as picture:
        assert picture.size == (draw_hero.WIDTH, draw_hero.HEIGHT)
        return picture.info["Description"]


def test_it_is_light_and_its_description_no_longer_than_any_alt_text(said):
    assert PATH.stat().st_size <= 250_000
    assert len(said) <= 300


def test_its_scenes_are_those_that_the_world_draws_today(said):
    assert all(f"“{row.text}”" in said for row in draw_hero.drawn())


@pytest.mark.slow
def test_its_paintings_are_as_right_as_it_says(said):
    rows = draw_hero.painted()
    texts = " and ".join(f"“{row.text}”" for row in rows)
    good = sum(sum(row.right) for row in rows)
    assert f"Painted from words: {texts}, {good} of 6 right." in said


def test_what_was_searched_for_is_what_it_says(said):
    texts = " and ".join(f"“{text}”" for text, *_ in draw_hero.SEARCHED)
    assert f"Found by words: {texts}, " in said


def test_a_gallery_of_too_few_right_pictures_is_refused(monkeypatch):
    monkeypatch.setattr(draw_hero, "AMONG", 7)
    with pytest.raises(ValueError, match="at least 3 pictures of 'a black cat' among 7; got 1"):
        draw_hero.found()


def test_a_thing_is_right_in_kind_colour_and_place():
    cat = Thing(kind="cat", colour="black", size=0.3, position=(0.5, 0.5), pose="sitting")
    scene = Scene(setting="street", objects=(cat,))
    assert draw_hero.holds(scene, "cat", "black")
    assert draw_hero.holds(scene, "cat", "black", "street")
    assert not draw_hero.holds(scene, "cat", "black", "night")
    assert not draw_hero.holds(scene, "cat", "red")
    assert not draw_hero.holds(scene, "dog", "black")


def test_a_wrong_picture_gets_a_red_frame():
    row = draw_hero.Row("a", [np.zeros((4, 4, 3), np.uint8)], [False])
    picture = draw_hero.composed([[row]])
    left, top = draw_hero.EDGE, draw_hero.EDGE + draw_hero.HEAD + draw_hero.BOX
    assert picture.getpixel((left, top + draw_hero.GAP)) == (0xB3, 0x00, 0x1B)
