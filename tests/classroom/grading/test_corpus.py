"""Hostile and broken submissions, graded together as one batch beside honest ones."""

import json
import os
import re

import pytest
from hostile.corpus import BEFORE, BROKEN, HONEST, INSTEAD
from hostile.notebooks import hand_in, notebook
from hostile.toy import FULL_POINTS, HALF, HALF_POINTS, IMPORTS, NUMPY, UNIT_ROWS
from sandboxed import needs

from classroom.grading import Limits, Settings, grade
from classroom.grading.sandbox import memory

pytestmark = needs("namespaces")

BUDGET = Limits(
    cell=2.0,
    call=1.0,
    submission=8.0,
    memory=400 << 20,
    folder=16 << 20,
    processes=20,
    starts=4,
)
SEED = 11


def fill(folder):
    """Hand in the whole corpus; return what each student may get at most, and at least."""
    points = {}

    def add(kind, name, content, least, most):
        student = f"{kind}, {name}"
        hand_in(folder, student, NUMPY.name, content)
        points[student] = (least, most)

    for name, cells in HONEST.items():
        add("honest", name, notebook(*cells), FULL_POINTS, FULL_POINTS)
    for name, cell in BEFORE.items():
        add("before", name, notebook(IMPORTS, cell, *HALF), 0, HALF_POINTS)
    for name, cell in INSTEAD.items():
        add("instead", name, notebook(IMPORTS, UNIT_ROWS, cell), 0, HALF_POINTS)
    for name, content in BROKEN.items():
        add("broken", name, content, 0, 0)
    return points


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    points = fill(folder / "submissions")
    processes = set(memory.tree(os.getpid()))
    settings = Settings(seed=SEED, backend="namespaces", limits=BUDGET, jobs=2)
    results = grade([NUMPY], folder / "submissions", folder / "report", settings)
    left = set(memory.tree(os.getpid())) - processes
    return folder, points, {one.student: one for one in results}, left


def test_the_corpus_is_large_enough():
    assert len(BEFORE) + len(INSTEAD) + len(BROKEN) >= 60


def test_the_batch_handles_every_submission(graded):
    _, points, results, _ = graded
    assert results.keys() == points.keys()
    handled = {"graded", "stopped", "unreadable", "not attempted"}
    assert {one.status for one in results.values()} <= handled


def test_honest_work_gets_everything(graded):
    _, points, results, _ = graded
    honest = {name: results[name] for name, (least, _) in points.items() if least}
    assert {name: one.points for name, one in honest.items()} == dict.fromkeys(
        honest, FULL_POINTS
    )


def test_no_trick_gets_more_than_its_honest_part(graded):
    _, points, results, _ = graded
    too_much = {
        name: results[name].points
        for name, (_, most) in points.items()
        if results[name].points > most
    }
    assert too_much == {}


def test_a_wrong_second_answer_leaves_the_first_its_points(graded):
    _, points, results, _ = graded
    answers = {name: results[name].points for name in points if name.startswith("instead")}
    assert answers == dict.fromkeys(answers, HALF_POINTS)


def test_whoever_has_less_than_all_points_is_told_why_in_one_line(graded):
    _, _, results, _ = graded
    less = {name: one.reason for name, one in results.items() if one.points < one.maximum}
    assert len(less) > 60
    assert {name for name, why in less.items() if not why.strip() or "\n" in why} == set()
    assert max(map(len, less.values())) < 800


def test_no_process_is_left(graded):
    assert graded[3] == set()


def test_nobody_changes_what_another_gets(graded, tmp_path):
    _, _, results, _ = graded
    name = "honest, in loops"
    hand_in(tmp_path / "alone", name, NUMPY.name, notebook(*HONEST["in loops"]))
    settings = Settings(seed=SEED, backend="namespaces", limits=BUDGET)
    (alone,) = grade([NUMPY], tmp_path / "alone", tmp_path / "report", settings)
    assert alone.questions == results[name].questions


def told_cases(record):
    """Return what a report says of each case: whether students may see it, and the words."""
    return [
        (case["visible"], case["text"])
        for result in record["results"]
        for question in result["questions"]
        for one in question["properties"]
        for case in one["cases"]
    ]


def numbers(texts):
    """Return the long numbers in some texts: those that nobody would hit on by chance."""
    return {number for text in texts for number in re.findall(r"\d\.\d{6,}", text)}


def test_no_page_runs_anything_or_tells_hidden_inputs(graded):
    folder = graded[0]
    pages = [page.read_text() for page in (folder / "report" / "feedback").iterdir()]
    assert len(pages) == len(graded[1])
    for text in pages:
        assert "<script" not in text
        assert "<img" not in text
        assert "\x1b" not in text
    exports = [path.read_text() for path in folder.glob("report/gradescope/*/results.json")]
    cases = told_cases(json.loads((folder / "report" / "report.json").read_text()))
    secrets = numbers(text for visible, text in cases if not visible)
    assert len(secrets) > 10, "an answer tells its inputs, and the instructor sees them"
    assert exports
    assert numbers(pages + exports) & secrets == set()
