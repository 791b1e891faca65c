"""What a check says, and that nothing an answer does can fool or break it."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from doubling import FIXED, QUESTION, doubled, say

from classroom import checks
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.grading.worker.harness import rebuild


def test_a_right_answer_reads_of_its_points_and_of_hidden_cases():
    assert say(doubled).splitlines() == [
        "99.1 doubled: all 2 cases passed, 2 of 2 points.",
        "1 of these cases is hidden: grading draws new ones.",
    ]


def test_a_wrong_answer_reads_of_its_mistake_on_the_smallest_input():
    assert say(lambda x: x**2).splitlines() == [
        "99.1 doubled: 0 of 2 cases passed, 0 of 2 points.",
        "You squared it.",
        "The smallest input that fails (two rows):",
        "  x = [[3, 1], [2, 5]]",
        "  yours       [[9, 1], [4, 25]]",
        "  expected    [[6, 2], [4, 10]]",
        "  difference  the largest difference is 15, at [1, 1]",
        "1 of these cases is hidden: grading draws new ones.",
    ]


def test_an_unknown_mistake_gets_the_difference_alone():
    lines = say(lambda x: 2 * x + 1).splitlines()
    assert lines[1] == "The smallest input that fails (two rows):"
    assert "  difference  the largest difference is 1, at [0, 0]" in lines


def test_an_error_is_told_with_the_line_of_the_learner():
    def answer(x):
        y = x + 1
        return y.no_such_thing

    lines = say(answer).splitlines()
    assert lines[1].startswith("It raised AttributeError: 'numpy.ndarray' object has no attri")
    line = answer.__code__.co_firstlineno + 2
    assert lines[2] == f"  in line {line} of its cell: return y.no_such_thing"
    assert not any("judge.py" in one for one in lines)


def test_an_error_inside_a_library_is_told_with_the_line_that_called_it():
    lines = say(lambda x: np.concatenate([x, x[0]])).splitlines()
    assert "of its cell: lines = say(lambda x: np.concatenate" in lines[2]


def test_a_call_that_does_not_fit_has_no_line_of_the_learner():
    lines = say(lambda: 1).splitlines()
    assert "takes 0 positional arguments but 1 was given" in lines[1]
    assert lines[2] == "The smallest input that fails (two rows):"


def test_a_stub_is_not_attempted():
    def stub(x):
        raise NotImplementedError

    verdict = judge(QUESTION, stub)
    assert not verdict.passed
    assert verdict.points == 0
    said = feedback(verdict)
    line = stub.__code__.co_firstlineno + 1
    where = f"line {line} of its cell raises NotImplementedError"
    assert said == f"99.1 doubled: not attempted yet ({where})."


def test_an_answer_that_changes_its_arguments_fools_nobody():
    def answer(x):
        x *= 0
        return x

    said = say(answer)
    assert "0 of 2 cases passed" in said
    assert "  expected    [[6, 2], [4, 10]]" in said
    assert (FIXED == [[3, 1], [2, 5]]).all()
    assert "Your code changed the values it was given" in said
    assert "changed the values" not in say(lambda x: x * 0)


def test_a_right_answer_that_changes_its_arguments_passes_and_hears_of_it():
    def answer(x):
        x *= 2
        return x

    assert judge(QUESTION, answer).passed
    assert "Your code changed the values it was given" in say(answer)


def test_what_an_answer_prints_is_shown_on_failure_alone(capsys):
    def answer(x):
        print("shape", x.shape)  # noqa: T201 - the learner's
        return x

    assert "  printed     'shape (2, 2)'" in say(answer)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: exit(),
        lambda x: 1 / 0,
        lambda x: object(),
        lambda x: (yield),
        lambda x: x / 0,
        lambda x: np.array([["a"]]),
        lambda x: {"a": 1},
        lambda x: [x] * 100,
        lambda x: "very long " * 100,
        lambda x: np.zeros((50, 50, 50)),
    ],
    ids=[
        "exit",
        "zero",
        "object",
        "generator",
        "infinite",
        "words",
        "names",
        "many",
        "long",
        "large",
    ],
)
def test_whatever_an_answer_does_the_feedback_stays_short(answer):
    lines = say(answer).splitlines()
    assert 2 < len(lines) <= 12
    assert max(map(len, lines)) <= 190


class HostileError(Exception):
    """An error of which nothing can be asked."""

    def __str__(self):
        raise RuntimeError

    __repr__ = __eq__ = __bool__ = __str__
    __hash__ = None


class Ending(BaseException):
    pass


class Number(float):
    """A number that shows itself as another, and equals everything."""

    def __repr__(self):
        return "right"

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = float.__hash__


class Array(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, *_):
        raise RuntimeError

    __repr__ = __bool__ = __array__
    __hash__ = None


def raise_one(kind):
    raise kind


def sets_options(x):
    np.set_printoptions(precision=1, threshold=1, formatter={"all": lambda _: "?"})
    np.seterr(all="raise")
    return x


def recurses(x):
    return recurses(x)


def holds_itself(x):
    found = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (lambda x: raise_one(HostileError), "It raised HostileError: without a message"),
        (lambda x: raise_one(Ending), "It raised Ending: without a message"),
        (lambda x: raise_one(GeneratorExit), "It raised GeneratorExit: without a message"),
        (recurses, "It raised RecursionError: maximum recursion depth exceeded"),
        (holds_itself, "It raised RecursionError: maximum recursion depth exceeded"),
        (lambda x: Number(3), "  yours       3"),
        (lambda x: x.view(Array), "  yours       [[3, 1], [2, 5]]"),
        (lambda x: [0] * 10**7, "It returned a list of 10000000 items; an answer is a number"),
        (lambda x: np.zeros(10**8, bool), "  yours       [False, False, False, False, ...]"),
        (lambda x: sys.stdout.write("-" * 10**7) and x, "  printed     '-----"),
        (lambda x: object(), "It returned object; an answer is a number"),
        (sets_options, "  yours       [[3, 1], [2, 5]]"),
    ],
)
def test_whatever_an_answer_is_the_feedback_is_safe(answer, line):
    said = say(answer)
    assert line in said
    assert len(said) < 1500
    assert "  expected    [[6, 2], [4, 10]]" in said
    assert np.geterr()["divide"] == "warn"


def test_of_a_long_outcome_the_part_that_differs_is_shown():
    def outcome(x):
        return [0.5, "whole modalities " * 9, {"kept": np.arange(3), "other": x}]

    def wrong(x):
        return [0.5, "whole modalities " * 9, {"kept": np.array([0, 7, 2]), "other": x}]

    lines = say(wrong, replace(QUESTION, reference=outcome)).splitlines()
    assert "  yours       in item kept of item 2: [0, 7, 2]" in lines
    assert "  expected    in item kept of item 2: [0, 1, 2]" in lines
    assert lines[-2].startswith("  difference  item 2: item kept: the largest difference is 6")


def test_of_a_long_array_the_number_that_differs_is_shown():
    def wrong(x):
        wide = np.zeros((5, 7))
        wide[3, 4] = 1.5
        return wide

    question = replace(QUESTION, reference=lambda x: np.zeros((5, 7)))
    lines = say(wrong, question).splitlines()
    assert "  yours       1.5 at [3, 4], of shape (5, 7)" in lines
    assert "  expected    0 at [3, 4], of shape (5, 7)" in lines


def test_what_a_harness_does_is_no_parameter_of_the_learners():
    def harness(answer, x):
        return answer(x) + 0

    question = replace(QUESTION, harness=harness)
    lines = say(lambda x: x, question).splitlines()
    assert "  What the check does: It uses your doubled with values of its own." in lines
    told = say(lambda x: x, replace(question, told="It adds 0 to doubled(x)."))
    assert "  What the check does: It adds 0 to doubled(x).\n  x = [[3" in told


def test_an_error_in_the_check_itself_is_not_said_to_be_raised_by_the_answer():
    source = "def harness(answer, x): return answer(x).missing"
    harness = rebuild("harness", source)  # in no file, so no line of it is the learner's
    expected = replace(QUESTION, harness=harness, reference=Missing)
    said = say(lambda x: 2 * x, expected)
    assert "The check, which uses yours, met AttributeError: 'numpy.ndarray' object" in said
    assert "It raised ZeroDivisionError: division by zero\n  in line" in say(
        lambda x: 1 / 0, expected
    )


class Missing:
    def __init__(self, x):
        self.missing = x


def test_only_the_stubs_own_error_is_not_attempted():
    def meta(x):
        return torch.nn.Linear(2, 3, device="meta").to("cpu")

    def words(x):
        raise NotImplementedError("rows only")

    verdict = judge(QUESTION, meta)
    assert verdict.attempted
    assert "It raised NotImplementedError: Cannot copy out of meta tensor" in feedback(verdict)
    assert judge(QUESTION, words).attempted


def test_an_interrupt_reaches_the_learner():
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(QUESTION, answer)


def test_a_fault_of_the_reference_is_not_the_learners():
    def broken(x):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge(replace(QUESTION, reference=broken), doubled)


def test_check_prints_and_returns_nothing(capsys):
    assert checks.check("02.1", lambda *_: None) is None
    assert capsys.readouterr().out.startswith("02.1 l2_normalize: 0 of 10 cases passed")


def test_check_asks_for_the_function_itself(capsys):
    checks.check("02.1", np.ones(3))
    said = capsys.readouterr().out
    assert 'got ndarray. Write check("02.1", l2_normalize)' in said


@pytest.mark.parametrize("number", ["02.9", "2.1", "", "xx", "*"])
def test_an_unknown_number_is_refused(number):
    with pytest.raises(ValueError, match=r"check: expected the number of a question \("):
        checks.check(number, doubled)


def test_exercises_are_found_by_number():
    assert checks.exercise("02").name == "02_cosine_similarity"
    assert "02" in checks.numbers()
    with pytest.raises(ValueError, match=r"expected a lesson's number, such as 02; got '77'\."):
        checks.exercise("77")
    with pytest.raises(AttributeError, match="no attribute 'NOTHING'"):
        _ = checks.NOTHING
