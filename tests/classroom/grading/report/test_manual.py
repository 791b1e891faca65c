"""Scores given by hand in formgrader: in the marks, and never lost when grading runs again."""

import csv
from dataclasses import replace

import nbformat
import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT

from classroom.checks.question import Written
from classroom.grading import command

pytest.importorskip("nbgrader", reason="the extra `instructor` is not installed")
from classroom.grading.report import nbgrader

WRITTEN = replace(NUMPY, written=(Written(number="90.3", title="Why", points=4.0),))


@pytest.fixture
def folder(tmp_path):
    for student, cells in (("ada", RIGHT), ("bob", HALF)):
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(*cells))
    return tmp_path


def graded(folder, *words, exercise=NUMPY):
    arguments = [str(folder / "in"), "--out", str(folder / "out"), "--trusted", *words]
    assert command.main(arguments, lambda _: [exercise], folder / "solutions") == 0
    lines = (folder / "out" / "grades.csv").read_text().splitlines()
    return {
        row["student"]: (row["points"], row.get("manual_points"))
        for row in csv.DictReader(lines)
    }


def book(folder):
    return nbgrader.open_gradebook(folder / "out" / "nbgrader" / "gradebook.db")


def grades(opened, student):
    notebook = opened.find_submission_notebook(NUMPY.name, NUMPY.name, student)
    return {one.name: one for one in notebook.grades}


def waiting(opened, student):
    found = grades(opened, student).items()
    return {name for name, one in found if one.needs_manual_grade}


def mark(folder, student, cell, **scores):
    """Do what formgrader does when a person fills in a score."""
    with book(folder) as opened:
        grade = grades(opened, student)[cell]
        for name, score in scores.items():
            setattr(grade, name, score)
        grade.needs_manual_grade = False
        opened.db.commit()


def test_a_score_by_hand_counts_instead_of_ours_whether_nbgrader_is_written_or_not(folder):
    assert graded(folder, "--nbgrader") == {"ada": ("8", None), "bob": ("4", None)}
    mark(folder, "bob", "90-2-check", manual_score=1.5)
    mark(folder, "ada", "90-1-check", manual_score=3.0, extra_credit=0.5)
    marked = {"ada": ("7.5", "-0.5"), "bob": ("5.5", "1.5")}
    assert graded(folder) == marked
    assert graded(folder, "--nbgrader") == marked
    assert graded(folder, "--nbgrader", "--regrade", "bob") == marked
    with book(folder) as opened:
        found = grades(opened, "bob")
        assert (found["90-2-check"].manual_score, found["90-2-check"].auto_score) == (1.5, 0)
        assert not found["90-2-check"].needs_manual_grade
        scores = {
            one.student.id: one.score for one in opened.assignment_submissions(NUMPY.name)
        }
    assert scores == {"ada": 7.5, "bob": 5.5}, "as nbgrader adds up"


def test_work_that_changed_is_to_be_looked_at_again(folder):
    graded(folder, "--nbgrader")
    mark(folder, "bob", "90-2-check", manual_score=1.5)
    hand_in(folder / "in", "bob", NUMPY.name, notebook(*HALF, "a = 'another'"))
    assert graded(folder, "--nbgrader")["bob"] == ("5.5", "1.5")
    with book(folder) as opened:
        assert waiting(opened, "bob") == {"90-2-check"}


def test_the_late_rule_takes_from_points_by_hand_too(folder):
    graded(folder, "--nbgrader")
    mark(folder, "bob", "90-2-check", manual_score=2.0)
    graded(folder, "--due", "2000-01-01", "--late-per-day", "100")
    rows = list(csv.DictReader((folder / "out" / "grades.csv").read_text().splitlines()))
    assert [row["points_after_late"] for row in rows] == ["0", "0"]


def test_an_answer_in_words_waits_for_a_person(folder):
    path = hand_in(folder / "in", "ada", NUMPY.name, notebook(*RIGHT))
    work = nbformat.read(path, 4)
    answer = nbformat.v4.new_markdown_cell("Because <b>it</b> is.")
    answer.metadata["nbgrader"] = {"grade_id": "90-3-answer", "points": 99}
    work.cells.append(answer)
    nbformat.write(work, path)
    assert graded(folder, "--nbgrader", exercise=WRITTEN)["ada"] == ("8", None)
    with book(folder) as opened:
        for student in ("ada", "bob"):
            waits = {
                name for name, one in grades(opened, student).items() if one.needs_manual_grade
            }
            assert waits == {"90-3-answer"}
    mark(folder, "ada", "90-3-answer", manual_score=3.5)
    assert graded(folder, "--nbgrader", exercise=WRITTEN)["ada"] == ("11.5", "3.5")
    with book(folder) as opened:
        assert not grades(opened, "ada")["90-3-answer"].needs_manual_grade
    copies = {
        student: nbformat.read(
            folder / "out" / "nbgrader" / "autograded" / student / NUMPY.name / path.name, 4
        )
        for student in ("ada", "bob")
    }
    for student, text in (("ada", "    Because <b>it</b> is."), ("bob", "    (no answer in")):
        nbformat.validate(copies[student])
        (cell,) = (
            one
            for one in copies[student].cells
            if one.metadata.get("nbgrader", {}).get("grade_id") == "90-3-answer"
        )
        assert cell.source.startswith(text)
        roles = {key: cell.metadata.nbgrader[key] for key in ("grade", "solution", "points")}
        assert roles == {"grade": True, "solution": True, "points": 4.0}


def test_a_name_is_shown_whole_and_stays_as_it_was_changed(folder):
    hand_in(folder / "in", "ada_full", NUMPY.name, notebook(*RIGHT))
    graded(folder, "--nbgrader")
    with book(folder) as opened:
        found = opened.find_student("ada_full")
        assert (found.last_name, found.first_name) == ("ada_full", "")
        found.last_name, found.first_name = "Full", "Ada"
        opened.db.commit()
    graded(folder, "--nbgrader")
    with book(folder) as opened:
        found = opened.find_student("ada_full")
        assert (found.last_name, found.first_name) == ("Full", "Ada")
