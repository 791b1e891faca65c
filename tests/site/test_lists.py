"""The glossary and the claims as pages: all of them, and what is computed changes with them."""

import json

from draw_ideas import ideas
from pages import claims, glossary
from places import ROOT

CLAIMS = {"places right": [0.97, 0.9, 1], "loss of `x_y`": [1.5, None, 2], "it_holds": True}
ROWS = """\
| places right | 0.97 | 0.9 to 1 |
| loss of `x_y` | 1.5 | at most 2 |
| it\\_holds | yes | yes |
"""


def course(root, kept):
    """Write a course of one lesson with what it claims."""
    front = {
        "title": "A title",
        "summary": "one line",
        "minutes": 1,
        "seconds": 1,
        "challenge": "alignment",
        "prerequisites": [],
    }
    lesson = {"cells": [], "metadata": {"mmcourse": front}, "nbformat": 4, "nbformat_minor": 5}
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "03_some.ipynb").write_text(json.dumps(lesson))
    measured = root / "mmcourse" / "lesson" / "measured"
    measured.mkdir(parents=True)
    (measured / "03.json").write_text(json.dumps(kept))
    return root


def test_every_claim_stands_below_its_lesson(tmp_path):
    page = claims.pages(course(tmp_path, CLAIMS))["claims.md"]
    assert "3 claims of 1 lessons" in page
    assert "## 03 A title\n\n3 claims of {doc}`lesson 03 </lessons/03_some>`.\n" in page
    assert page.endswith(f"|---|---|---|\n{ROWS}")


def test_a_number_that_changes_changes_the_page(tmp_path):
    before = claims.pages(course(tmp_path / "a", CLAIMS))["claims.md"]
    after = claims.pages(course(tmp_path / "b", CLAIMS | {"places right": [0.96, 0.9, 1]}))
    assert before.replace("| 0.97 |", "| 0.96 |") == after["claims.md"] != before


def test_all_claims_of_the_course_are_counted():
    kept = [json.loads(path.read_text()) for path in (ROOT / claims.MEASURED).glob("*.json")]
    page = claims.pages(ROOT)["claims.md"]
    many = sum(map(len, kept))
    assert f"{many:,} claims of {len(kept)} lessons" in page
    assert page.count("\n| ") == many + len(kept)  # the headings of the tables


def test_every_term_of_the_glossary_leads_to_its_lesson():
    page = glossary.pages(ROOT)["glossary.md"]
    assert f"{len(ideas())} ideas" in page
    for idea in ideas():
        entry = page[page.index(f"\n{idea.term}\n  {idea.sentence}\\\n  ") :].splitlines()[3]
        assert (f"lesson {idea.lesson} " in entry) == (idea.lesson != "–"), idea.term
        assert idea.where in entry
