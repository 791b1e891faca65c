"""Points for each property, words for each case, and inputs that belong to one student."""

import dataclasses
import json

import numpy as np
import pytest
from hostile.alone import SETTINGS, graded, statuses
from hostile.notebooks import hand_in, notebook
from hostile.toy import (
    FULL_POINTS,
    HALF,
    IMPORTS,
    NUMPY,
    RIGHT,
    RIGHT_TORCH,
    TORCH,
    UNIT_ROWS,
    hidden,
    question,
    shown,
)
from sandboxed import needs

from classroom.grading import BrokenError, grade
from classroom.grading.runner import generator

pytestmark = needs("namespaces")


def test_a_property_has_its_points_when_all_of_its_cases_pass(tmp_path):
    only_wide = UNIT_ROWS + "unit = unit_rows\n"
    only_wide += "def unit_rows(a): return unit(a) if a.shape[1] > 2 else a\n"
    result = graded(tmp_path, IMPORTS, only_wide)
    first = result.questions[0]
    assert [prop.points for prop in first.properties] == [0, 0, 1]
    assert statuses(result)[0] == ["wrong", "passed", "wrong", "passed"]
    assert (first.points, first.maximum, first.status) == (1, 4, "partly right")


def test_two_questions_may_share_a_property(tmp_path):
    same = hidden("any", 1, lambda rng: (rng.normal(size=(3, 5)),))
    questions = (question("92.1", "f", np.abs, same), question("92.2", "g", np.abs, same))
    exercise = dataclasses.replace(NUMPY, name="92_shared", questions=questions)
    result = graded(tmp_path, "import numpy as np\nf, g = np.abs, np.sign", exercise=exercise)
    assert [one.points for one in result.questions] == [1, 0]


def test_a_measure_is_compared_where_a_question_has_one(tmp_path):
    """Random answers are right whichever way they draw; one without a measure is wrong."""
    drawn = hidden("coins", 2, lambda rng: (int(rng.integers(2**31)), 3000))
    coin = question("92.1", "f", flip, shown(1, 5000), drawn, measure=share)
    exercise = dataclasses.replace(NUMPY, name="92_coins", questions=(coin,))
    other = "import numpy as np\n"
    other += "def f(seed, count): return np.random.default_rng(seed + 1).random(count) > 0.5"
    result = graded(tmp_path, other, exercise=exercise)
    assert statuses(result) == [["passed", "passed"]]
    for student, body in enumerate(["np.ones(count)", "[]", "'heads'", "None"]):
        unlike = f"import numpy as np\ndef f(seed, count): return {body}"
        result = graded(tmp_path, unlike, exercise=exercise, student=str(student))
        assert statuses(result) == [["wrong", "wrong"]], body


def flip(seed, count):
    return np.random.default_rng(seed).random(count) < 0.5


def share(outcome, seed, count):
    return [
        abs(outcome.mean() - 0.5) < 0.1,
        "as many as asked" if len(outcome) == count else "others",
    ]


def test_each_way_to_fail_has_its_word(tmp_path):
    words = {
        "not attempted": "def softmax(x): raise NotImplementedError",
        "missing": "",
        "raised": "def softmax(x): return 1 / 0",
        "stopped": "import os\ndef softmax(x): os._exit(0)",
        "wrong": "def softmax(x): return x * 0",
    }
    for student, (word, cell) in enumerate(words.items()):
        result = graded(tmp_path / word, IMPORTS, UNIT_ROWS, cell, student=str(student))
        assert set(statuses(result)[1]) == {word}
        assert result.points == 4


def test_torch_answers_and_classes_are_graded(tmp_path):
    result = graded(tmp_path, *RIGHT_TORCH, exercise=TORCH)
    assert (result.points, result.status) == (5, "graded")


def test_an_exercise_on_numpy_never_imports_torch(tmp_path):
    probe = "import sys\nassert not any(name.startswith('torch') for name in sys.modules)"
    result = graded(tmp_path, probe, *RIGHT)
    assert result.points == FULL_POINTS
    assert [cell.error for cell in result.cells] == [None] * len(result.cells)


def test_each_student_and_seed_has_inputs_of_its_own():
    drawn = [
        generator(seed, student, "02.1").random()
        for seed, student in [(1, "ada"), (1, "bob"), (2, "ada"), (1, "ada")]
    ]
    assert len(set(drawn)) == 3
    assert drawn[0] == drawn[3]


def test_visible_cases_come_before_all_hidden_ones(tmp_path):
    """Else a visible case's message could carry what a hidden one has shown."""
    spy = "seen = []\ndef softmax(x):\n    seen.append(x)\n    raise ValueError(len(seen))\n"
    spy += "def unit_rows(a):\n    seen.append(a)\n    raise ValueError(len(seen))\n"
    result = graded(tmp_path, IMPORTS, spy)
    told = [
        case.text
        for question in result.questions
        for prop in question.properties
        for case in prop.cases
        if case.visible
    ]
    practice = 7  # the cases of the check itself come before all
    assert told == [f"ValueError: {practice + 1}", f"ValueError: {practice + 2}"]


def test_the_reference_cannot_be_changed_through_its_arguments(tmp_path):
    result = graded(tmp_path, *RIGHT[:2], "def softmax(x):\n    x *= 0\n    return x")
    assert result.points == 4
    again = graded(tmp_path, *RIGHT, student="bob")
    assert again.points == FULL_POINTS


def failing(rng):
    raise ZeroDivisionError("drawn badly")


def leaning(answer: "Unknown", x):  # noqa: F821 - annotations are not evaluated
    return np.asarray(answer(x))


def test_a_harness_that_needs_a_name_from_outside_is_our_fault(tmp_path):
    bad = question("92.1", "f", abs, shown(1.0), harness=leaning)
    exercise = dataclasses.replace(NUMPY, name="92_bad", questions=(bad,))
    with pytest.raises(BrokenError, match=r"check 92\.1.*name 'np' is not defined"):
        graded(tmp_path, "f = abs", exercise=exercise)


@pytest.mark.parametrize("part", ["reference", "cases"])
def test_a_failing_check_is_our_fault_before_anything_is_graded(tmp_path, part):
    bad = question("92.1", "f", failing, shown(1.0))
    if part == "cases":
        prop = dataclasses.replace(shown(1.0), cases=failing)
        bad = question("92.1", "f", np.abs, prop)
    exercise = dataclasses.replace(NUMPY, name="92_bad", questions=(bad,))
    with pytest.raises(BrokenError, match=r"check 92\.1.*drawn badly.*no student's"):
        graded(tmp_path, "f = 1", exercise=exercise)
    assert not (tmp_path / "out ada").exists()


def test_our_fault_is_no_zero_and_is_graded_by_the_next_run(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise BrokenError("sandbox: nothing starts today")

    monkeypatch.setattr("classroom.grading.batch.Room", broken)
    result = graded(tmp_path, *RIGHT)
    assert (result.status, result.points) == ("not graded", None)
    rows = (tmp_path / "out ada" / "grades.csv").read_text().splitlines()
    assert rows[1] == "ada,90_numbers,,8,not graded,sandbox: nothing starts today"
    monkeypatch.undo()
    assert graded(tmp_path, *RIGHT).points == FULL_POINTS


def test_a_run_cut_off_goes_on_and_grades_nobody_twice(tmp_path):
    calls = []
    for student in ("ada", "bob", "cyd"):
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(*RIGHT))

    def stop(result):
        calls.append(result.student)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade([NUMPY], tmp_path / "in", tmp_path / "out", SETTINGS, tell=stop)
    journal = tmp_path / "out" / "journal.jsonl"
    before = journal.read_bytes()
    journal.write_bytes(before + b'{"student": "cyd", "exer')  # a line cut short
    results = grade([NUMPY], tmp_path / "in", tmp_path / "out", SETTINGS)
    assert [one.points for one in results] == [FULL_POINTS] * 3
    lines = [json.loads(line)[1] for line in journal.read_text().splitlines()[1:]]
    done = [line["student"] for line in lines if "student" in line]
    assert sorted(done) == ["ada", "bob", "cyd"]
    assert journal.read_bytes().startswith(before)


def test_a_notebook_handed_in_again_is_graded_again(tmp_path):
    assert graded(tmp_path, *HALF).points == 4
    assert graded(tmp_path, *RIGHT).points == FULL_POINTS


def test_a_report_belongs_to_one_seed(tmp_path):
    graded(tmp_path, *RIGHT)
    with pytest.raises(ValueError, match=r"holds a run that differs in seed\. Give another"):
        graded(tmp_path, *RIGHT, settings=dataclasses.replace(SETTINGS, seed=6))
