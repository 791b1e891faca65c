"""Why points are missing, in one line: what it tells, and what it keeps to itself."""

import pytest

from classroom.grading.reason import reason
from classroom.grading.results import CaseResult, CellResult, PropertyResult, QuestionResult


def question(number, *cases, points=0):
    made = tuple(
        CaseResult(label="", visible=visible, status=status, text=text)
        for visible, status, text in cases
    )
    prop = PropertyResult(name="any", points=points, maximum=3, cases=made)
    return QuestionResult(number=number, function="f", properties=(prop,))


def why(cells=(), questions=(), spent=""):
    return reason(cells, questions, spent=spent, modules=["math", "numpy"])


RIGHT = question("90.1", (True, "passed", ""), points=3)
SECRET = (False, "raised", "secret")


def test_nothing_is_said_where_all_is_well():
    assert why([CellResult(text="printed")], [RIGHT]) == ""
    assert why([CellResult(text="", error="ValueError: x")], [RIGHT]) == ""


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ([(True, "wrong", "off by 1"), SECRET], "wrong"),
        ([(True, "raised", "NameError: a\nb"), SECRET], "raised NameError: a b"),
        ([(True, "stopped", "took longer than 10 s"), SECRET], "took longer than 10 s"),
        ([(True, "stopped", "gave no answer: its 9 s are spent")], "gave no answer"),
        ([(True, "not attempted", ""), SECRET], "not attempted"),
        ([(True, "missing", "there is no f")], "missing"),
        ([(True, "passed", ""), SECRET], "wrong"),
    ],
)
def test_a_question_is_told_by_its_visible_cases_alone(cases, said):
    assert why(questions=[RIGHT, question("90.2", *cases)]) == f"90.2 {said}"


def test_skipped_lines_come_first_and_the_questions_last():
    cells = [
        CellResult(text="", skipped=tuple(f"line {n}: import a{n}" for n in range(1, 6))),
        CellResult(text="", error="NameError: name 'a1'\nis"),
        CellResult(text="", error="stopped: it took longer than 30 s"),
    ]
    assert why(cells, [question("90.2", (True, "wrong", ""))], "its 6 starts are spent") == (
        "skipped (allowed: math, numpy): code cell 1, line 1: import a1, "
        "code cell 1, line 2: import a2, code cell 1, line 3: import a3, 2 more; "
        "code cell 2 ended with NameError: name 'a1' is, "
        "code cell 3 took longer than 30 s; its 6 starts are spent; 90.2 wrong"
    )


def test_it_stays_short_whatever_is_said():
    cells = [CellResult(text="", error="x" * 9999, skipped=("y" * 9999,))] * 99
    assert len(why(cells, [question("90.2", (True, "raised", "z" * 9999))])) < 800
