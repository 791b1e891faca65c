"""Answers in words: found where they were written, without what was handed out."""

import dataclasses

import pytest
from hostile.in_words import ASKING, PROMPT, card
from hostile.notebooks import hand_in, text_cell, with_texts
from hostile.toy import IMPORTS, RIGHT
from sandboxed import SMALL, needs

from classroom.grading import Settings, grade
from classroom.grading.journal import fingerprint
from classroom.grading.limits import MOST_TEXT
from classroom.grading.marks import Mark
from classroom.grading.notebook import parse
from classroom.grading.written import answers

SETTINGS = Settings(seed=5, backend="namespaces", limits=SMALL)


def read(*cells):
    (answer,) = answers(ASKING, parse(with_texts((IMPORTS,), *cells)))
    return answer.text


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (card(), ""),
        (card("Because."), "Because."),
        (card("YOUR ANSWER HERE\n\nBecause."), "Because."),
        (card("# Because\n## it is so"), "# Because\n## it is so"),
        (card(below="\nBecause."), "Because."),
        ((*card(), text_cell("Because.", "f3a9")), "Because."),
        ((*card("One."), text_cell("Two.")), "One.\n\nTwo."),
        ((text_cell("Moved.", "90-5-answer"), *card()), "Moved."),
        ((*card(), text_cell("## 90.6 · Next"), text_cell("Not this.")), ""),
        ((text_cell("Not this."), *card()), ""),
        (card("李 <b>\x1b[31mred\x00"), "李 <b>[31mred"),
        ((text_cell("## 90.5 · In words\n\nWhy?", "90-5-text-0"),), ""),
        ((text_cell("## 90.5 · My own heading\nBecause."),), "Because."),
    ],
)
def test_what_a_student_wrote_is_told_from_what_was_handed_out(cells, text):
    assert read(*cells) == text


def test_a_notebook_that_lost_the_names_of_its_cells_is_still_read():
    bare = [{key: cell[key] for key in cell if key != "id"} for cell in card("Because.")[:2]]
    assert read(*bare) == "Because."


def test_nbgraders_name_of_a_cell_counts_before_its_own():
    named = text_cell("Because.", "f3a9")
    named["metadata"] = {"nbgrader": {"grade_id": "90-5-answer"}}
    assert read(named, text_cell(PROMPT)) == "Because."


def test_a_long_answer_is_cut():
    assert len(read(*card("x" * (MOST_TEXT + 5)))) == MOST_TEXT


def test_points_for_words_belong_to_the_run():
    fewer = dataclasses.replace(ASKING.written[0], points=3)
    assert fingerprint([ASKING]) != fingerprint([dataclasses.replace(ASKING, written=(fewer,))])


@pytest.fixture
def submissions(tmp_path):
    folder = tmp_path / "in"
    hand_in(folder, "ada", ASKING.name, with_texts(RIGHT, *card("Because.")))
    hand_in(folder, "bob", ASKING.name, with_texts((IMPORTS,), *card("Only words.")))
    hand_in(folder, "cy", ASKING.name, with_texts((IMPORTS,), *card()))
    hand_in(folder, "dan", ASKING.name, b"{")
    return folder


def run(submissions, marks=()):
    settings = dataclasses.replace(SETTINGS, marks=dict(marks))
    results = grade([ASKING], submissions, submissions.parent / "out", settings)
    return {one.student: one for one in results}


@needs("namespaces")
def test_an_answer_awaits_marking_and_its_student_has_attempted_the_exercise(submissions):
    results = run(submissions)
    assert {name: one.status for name, one in results.items()} == {
        "ada": "graded",
        "bob": "graded",
        "cy": "not attempted",
        "dan": "unreadable",
    }
    assert {one.maximum for one in results.values()} == {12}
    assert [results[name].points for name in ("ada", "bob", "cy")] == [8, 0, 0]
    assert results["ada"].reason == "90.5 awaits marking"
    assert "awaits" not in results["cy"].reason
    assert "awaits" not in results["dan"].reason


@needs("namespaces")
def test_marks_come_with_a_second_run_and_may_change(submissions):
    run(submissions)
    results = run(submissions, {("ada", "90.5"): Mark(points=3.5, comment="and why?")})
    assert results["ada"].points == 11.5
    assert results["ada"].reason == ""
    assert results["bob"].reason == "90.5 awaits marking; 90.1 missing, 90.2 missing"
    again = run(submissions, {("ada", "90.5"): Mark(points=1), ("dan", "90.5"): Mark(points=2)})
    assert again["ada"].points == 9
    assert again["dan"].points == 2, "on paper, say: whoever marks decides"
    assert [one.text for one in again["ada"].written] == ["Because."]
