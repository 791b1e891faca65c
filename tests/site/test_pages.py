"""The built pages as files: links lead somewhere, nothing is asked elsewhere."""

import re

import nbformat
import pytest
from built_pages import is_outside, missing
from pages.addresses import addresses
from places import ROOT


def test_every_link_inside_leads_to_a_page_and_an_anchor(pages):
    anchors = {page.path.resolve(): page.anchors for page in pages}
    broken = {
        (page.path.name, target)
        for page in pages
        for target in {*page.links, *page.asked}
        if not is_outside(target)
        and not target.startswith("data:")
        and missing(target, page.path.resolve(), anchors)
    }
    assert broken == set()


def test_nothing_is_asked_of_another_place(pages):
    assert {target for page in pages for target in page.asked if is_outside(target)} == set()


def test_styles_ask_nothing_of_another_place(site):
    for path in site.rglob("*.css"):
        asked = re.findall(r"url\(['\"]?(\w+:)?//[^)]*\)", path.read_text(encoding="utf-8"))
        assert asked == [], path


def test_every_document_lesson_and_exercise_has_its_page(site):
    pages = addresses(ROOT).values()
    assert len(pages) > 50
    built = [site / re.sub(r"\.(md|ipynb)$", ".html", page) for page in pages]
    assert [path for path in built if not path.is_file()] == []


def test_every_picture_says_what_it_shows(pages):
    pictures = [(page.path.name, one) for page in pages for one in page.pictures]
    assert len(pictures) > 150
    assert [one for one in pictures if len(one[1].get("alt") or "") < 8] == []


def test_every_picture_of_a_lesson_is_on_its_page(pages):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        outputs = [one.get("data", {}) for cell in cells for one in cell.get("outputs", [])]
        shown = [one for one in outputs if "image/png" in one and "text/html" not in one]
        (page,) = (
            one for one in pages if one.path.stem == path.stem and "lessons" in one.path.parts
        )
        files = [one for one in page.pictures if one["src"].startswith("../pictures/")]
        assert len(files) == len(shown), path.name


def test_no_formula_is_left_as_it_was_typed(pages):
    prose = " ".join(text for page in pages for text in page.prose)
    assert re.findall(r"\$[^$\n]{1,40}\$|\\frac|\\tau", prose) == []


def test_every_formula_is_drawn(pages):
    formulas = [(page.path.name, one) for page in pages for one in page.formulas]
    assert len(formulas) > 300
    assert [one for one in formulas if not one[1].strip() or "\\" in one[1]] == []


@pytest.mark.parametrize("name", ["lessons/01_modalities", "lessons/15_speech"])
def test_sounds_can_be_played(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    sounds = re.findall(r"<audio controls [^>]*>", text)
    assert sounds
    assert all('src="data:audio/wav;base64,' in one and "aria-label" in one for one in sounds)


def test_nobody_is_said_to_have_guessed(pages):
    read = [page for page in pages if page.path.parent.name in ("lessons", "exercises")]
    assert len(read) > 30
    assert "you said" not in " ".join(text for page in read for text in page.prose)
