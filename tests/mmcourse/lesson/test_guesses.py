"""What a reader said beside what came out."""

import math

import numpy as np
import pytest
import torch

from mmcourse.lesson import answer, compare


@pytest.mark.parametrize("nothing", [None, "", ..., {"a": None}, (None, ""), {}])
def test_where_no_guess_was_made_nothing_is_said(nothing, capsys):
    compare(nothing, {"a": 1} if isinstance(nothing, dict) else (1, 2))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("guess", "measured", "said"),
    [
        (0.5, 0.75, "you said 0.5; it is 0.75, 0.25 higher"),
        (0, -2, "you said 0; it is -2, 2 lower"),
        (6000, 6000, "you said 6000, and so it is"),
        ("more", "fewer", "you said 'more'; it is 'fewer'"),
        (True, np.True_, "you said yes, and so it is"),
        (0.5, np.float32(0.25), "you said 0.5; it is 0.25, 0.25 lower"),
        (["cat", None], ["dog", "car"], "1: you said 'cat'; it is 'dog'"),
        ({0.07: 1.0, 1: None}, {0.07: 0.5, 1: 2}, "0.07: you said 1; it is 0.5, 0.5 lower"),
    ],
)
def test_a_guess_is_compared_with_the_outcome(guess, measured, said, capsys):
    compare(guess, measured)
    assert capsys.readouterr().out == f"{said}\n"


def test_it_is_said_what_was_guessed(capsys):
    compare({"hot": 1.0}, {"hot": 0.5}, of="accuracy when")
    assert capsys.readouterr().out == "accuracy when hot: you said 1; it is 0.5, 0.5 lower\n"


@pytest.mark.parametrize("gap", [None, ...])
def test_a_gap_is_named_as_one(gap, capsys):
    answer(gap, 0.8)
    assert capsys.readouterr().out.startswith("Yours to fill in")


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        (0.8001, 0.8),
        (np.array([1, 2]), [1, 2]),
        ("cat", "cat"),
        (True, True),
        ((2, 3), (2, 3)),
        (1000.5, 1000),
    ],
)
def test_what_is_right_is_told_so(mine, expected, capsys):
    answer(mine, expected)
    assert capsys.readouterr().out.startswith("Right: ")


@pytest.mark.parametrize(
    ("mine", "expected", "said"),
    [
        (0.9, 0.8, "0.9, which is too high"),
        (np.float32(0.5), 0.8, "0.5, which is too low"),
        (torch.tensor(0.5), torch.tensor(0.75), "0.5, which is too low"),
        (math.nan, 0.8, "nan"),
        (["red", "cat"], ["red", "dog"], "['red', 'cat']; right: 1 of 2"),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 5]], "right: 3 of 4"),
        ([1, 2, 3], [1, 2], "[1, 2, 3], of shape (3,); expected shape (2,)"),
        ([[1, 5]], [1, 2], "of shape (1, 2); expected shape (2,)"),
        (np.ones((2, 3)), 0.8, "of shape (2, 3); expected shape ()"),
        ("dog", "cat", "'dog'"),
        (0.25, "cat", "0.25"),
        (({"red"}, "snow"), ({"green"}, "snow"), "right: 1 of 2"),
    ],
)
def test_what_is_not_is_told_how_it_misses_but_not_what_is_right(mine, expected, said, capsys):
    answer(mine, expected)
    out = capsys.readouterr().out
    assert out.startswith("Not yet: it gives ")
    assert out.endswith(f"{said}\n")
    assert str(expected) not in out


def test_how_far_numbers_may_be_apart_is_said(capsys):
    answer(0.81, 0.8, within=0.1)
    assert capsys.readouterr().out.startswith("Right")
