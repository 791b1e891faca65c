"""Grading says what the check in the notebook says, and no student's marks pay for it."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from doubling import QUESTION
from hostile.notebooks import hand_in, notebook
from places import ROOT
from sandboxed import SMALL, needs

from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.question import Exercise, hidden
from classroom.grading import BrokenError, Settings, grade
from classroom.grading import practice as practising

pytestmark = needs("namespaces")
EXERCISE = Exercise(name="99_doubled", questions=(QUESTION,), modules=("numpy",))
SETTINGS = Settings(seed=5, backend="namespaces", limits=SMALL)
IMPORTS = "import numpy as np"
ANSWERS = {
    "right": "def doubled(x):\n    return 2 * x",
    "right, in place": "def doubled(x):\n    x *= 2\n    return x",
    "a known mistake": "def doubled(x):\n    return x * x",
    "rows one by one": "def doubled(x):\n    return [row * 3 for row in x]",
    "a string of numpy's": "def doubled(x):\n    return np.array(['a'])[0]",
    "a number of numpy's": "def doubled(x):\n    return x.astype('f4').sum()",
    "no return": "def doubled(x):\n    print(2 * x)\n    print('done')",
    "not called": "def doubled(x):\n    return doubled",
    "a generator": "def doubled(x):\n    yield 2 * x",
    "words": "def doubled(x):\n    return np.array(['a', 'b'])",
    "raises": "def doubled(x):\n    y = x + 1\n    return y.missing",
    "raises in a library": "def doubled(x):\n    return np.concatenate([x, x[0]])",
    "unsayable": "class Own(Exception):\n    def __str__(self):\n        raise ValueError\n\n"
    "def doubled(x):\n    raise Own",
    "ends": "def doubled(x):\n    raise SystemExit(3)",
    "recurses": "def doubled(x):\n    return doubled(x)",
    "a stub": "def doubled(x):\n    raise NotImplementedError()",
    "a stub's error, with words": "def doubled(x):\n    raise NotImplementedError('rows')",
    "no argument": "def doubled():\n    return 1",
    "missing": "halved = 1",
    "a syntax error": "def doubled(x)\n    return 2 * x",
    "a cell that stops": "1 / 0\ndef doubled(x):\n    return 2 * x",
    "many items": "def doubled(x):\n    return [1] * 20_000",
    "long": "def doubled(x):\n    return np.zeros((50, 50))",
    "never a number": "def doubled(x):\n    return x / 0",
}
IN_A_NOTEBOOK = """
import json, sys
from classroom.checks import notebook
from doubling import QUESTION
for cells in json.load(sys.stdin):
    defined, stopped = notebook.run(cells)
    told = notebook.judged(QUESTION, defined, list(zip(cells, stopped)))
    defined.pop("doubled", None)
    print(json.dumps(told["text"]))
"""


def graded(folder, answers, exercise=EXERCISE, settings=SETTINGS):
    for student, cells in answers.items():
        hand_in(folder / "in", student, exercise.name, notebook(*cells))
    results = grade([exercise], folder / "in", folder / "out", settings)
    return {one.student: one for one in results}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    answers = {name: (IMPORTS, cell) for name, cell in ANSWERS.items()}
    with pytest.MonkeyPatch.context() as patch:  # a busy machine is slow, and no answer's fault
        patch.setattr(practising, "SLOW", 60)
        patch.setattr(practising, "SECONDS", 600)
        return graded(tmp_path_factory.mktemp("answers"), answers)


@pytest.fixture(scope="module")
def in_a_notebook():
    cells = [[IMPORTS, cell] for cell in ANSWERS.values()]
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK],
        input=json.dumps(cells),
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'helpers'}", "HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(ANSWERS, map(json.loads, ran.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", ANSWERS)
def test_grading_says_what_the_check_says(results, in_a_notebook, name):
    (question,) = results[name].questions
    assert question.feedback == in_a_notebook[name]
    assert question.feedback.startswith("99.1 doubled: ")


@pytest.mark.parametrize(
    ("name", "mistake"),
    [("a known mistake", "squared"), ("no return", "no-return"), ("right", "")],
)
def test_a_mistake_is_named_in_practice_and_in_what_counts(results, name, mistake):
    (question,) = results[name].questions
    assert question.diagnosis == mistake
    assert [one.mistake for one in question.properties] == [mistake] * 2


def used(answer, x):
    return answer(x)


@pytest.mark.parametrize("name", ["right", "right, in place", "a known mistake", "not called"])
def test_an_answer_that_a_harness_uses_is_told_the_same(tmp_path, name):
    question = dataclasses.replace(QUESTION, harness=used)
    exercise = dataclasses.replace(EXERCISE, questions=(question,))
    (one,) = graded(tmp_path, {"ada": (IMPORTS, ANSWERS[name])}, exercise).values()
    space = {"np": np}
    exec(ANSWERS[name], space)
    assert one.questions[0].feedback == feedback(judge(question, space["doubled"]))


def test_a_syntax_error_is_told_with_its_line(results):
    (question,) = results["a syntax error"].questions
    assert question.feedback == (
        "99.1 doubled: code cell 2, which should define it, stopped: SyntaxError: expected "
        "':', in line 1: def doubled(x)"
    )


def test_only_the_stub_itself_is_not_attempted(results):
    assert results["a stub"].status == "not attempted"
    (question,) = results["a stub's error, with words"].questions
    assert {case.status for one in question.properties for case in one.cases} == {"raised"}


def test_a_death_in_practice_costs_no_start_of_those_that_count(tmp_path):
    rows = dataclasses.replace(
        QUESTION.properties[1], name="rows", cases=lambda rng: [case(rng) for _ in range(2)]
    )
    question = dataclasses.replace(QUESTION, properties=(*QUESTION.properties, rows))
    exercise = dataclasses.replace(EXERCISE, questions=(question,))
    dies = "import os\ndef doubled(x):\n    if len(x) == 2: os._exit(1)\n    return 2 * x"
    limits = dataclasses.replace(SMALL, starts=2)
    settings = dataclasses.replace(SETTINGS, limits=limits)
    (one,) = graded(tmp_path, {"ada": (IMPORTS, dies)}, exercise, settings).values()
    assert one.points == 4
    assert one.questions[0].feedback == "99.1 doubled: it ended its process."


def case(rng):
    return hidden("rows", rng.standard_normal((3, 5)))


@pytest.mark.parametrize(
    ("limit", "told"), [("SLOW", ["", ""]), ("SECONDS", ["99.1 doubled: all 2 cases", ""])]
)
def test_practice_ends_where_it_takes_too_long(tmp_path, monkeypatch, limit, told):
    monkeypatch.setattr(practising, limit, 0.5)
    slow = "import time\ndef doubled(x):\n    time.sleep(0.3)\n    return 2 * x"
    slow = slow if limit == "SECONDS" else slow.replace("0.3", "0.6")
    second = dataclasses.replace(QUESTION, number="99.2")
    exercise = dataclasses.replace(EXERCISE, questions=(QUESTION, second))
    (one,) = graded(tmp_path, {"ada": (IMPORTS, slow)}, exercise).values()
    assert one.points == 4
    said = [question.feedback for question in one.questions]
    assert [text[: len(start)] for text, start in zip(said, told, strict=True)] == told
    assert [bool(text) for text in said] == [bool(start) for start in told]


def test_a_fault_of_the_checks_own_cases_is_told_before_anybody_is_graded(tmp_path):
    first = np.random.default_rng([0, 991, 0]).random()  # what the check's first property draws

    def broken(rng):
        if rng.random() == first:
            raise ZeroDivisionError
        return []

    prop = dataclasses.replace(QUESTION.properties[0], cases=broken)
    question = dataclasses.replace(QUESTION, properties=(prop, QUESTION.properties[1]))
    exercise = dataclasses.replace(EXERCISE, questions=(question,))
    with pytest.raises(BrokenError, match=r"check 99\.1, practice: ZeroDivisionError"):
        graded(tmp_path, {"ada": (IMPORTS,)}, exercise)
