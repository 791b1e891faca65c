"""Whole and real numbers: which are welcome, and what is said of the others."""

import re
from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest
import torch

from mmcourse.boundary.scalars import real, whole

pytestmark = pytest.mark.usefixtures("unchecked")


@pytest.mark.parametrize("number", [7, np.int8(7), np.uint64(7), np.array(7)])
def test_whole_numbers_of_every_kind_become_python_ints(number):
    assert whole("f", "n", number, least=7, most=7) == 7
    assert type(whole("f", "n", number)) is int


@pytest.mark.parametrize(
    "number", [True, np.True_, torch.tensor(True), 7.0, "7", None, [7], np.array([7, 8])]
)
def test_what_is_no_whole_number_is_named(number):
    with pytest.raises(
        TypeError, match=re.escape(f"f: n must be a whole number; got {number!r}.")
    ):
        whole("f", "n", number)


@pytest.mark.parametrize(
    ("number", "limits", "said"),
    [
        (2, {"least": 3}, "of at least 3; got 2."),
        (6, {"least": 3, "most": 5}, "from 3 to 5; got 6."),
        (6, {"most": 5}, "of at most 5; got 6."),
    ],
)
def test_whole_numbers_out_of_range_are_told_the_range(number, limits, said):
    with pytest.raises(ValueError, match=f"^f: n must be a whole number {re.escape(said)}$"):
        whole("f", "n", number, **limits)


@pytest.mark.parametrize("number", [2, 2.0, np.float16(2), np.int64(2), Fraction(4, 2)])
def test_real_numbers_of_every_kind_become_python_floats(number):
    assert real("f", "x", number) == 2
    assert type(real("f", "x", number)) is float


@pytest.mark.parametrize("number", [True, "2", None, 2j, [2.0]])
def test_what_is_no_real_number_is_named(number):
    with pytest.raises(TypeError, match=re.escape(f"f: x must be a number; got {number!r}.")):
        real("f", "x", number)


@pytest.mark.parametrize(
    ("number", "limits", "said"),
    [
        (nan, {}, "a finite number; got nan."),
        (10**400, {}, "a finite number; got inf."),
        (-1, {"least": 0}, "a finite number of at least 0; got -1.0."),
        (1.5, {"least": 0, "most": 1}, "a finite number from 0 to 1; got 1.5."),
        (inf, {"most": inf}, "a finite number; got inf."),
        (0, {"above": 0}, "a finite number above 0; got 0.0."),
        (9, {"above": 0, "most": 1}, "a finite number above 0 and at most 1; got 9.0."),
    ],
)
def test_real_numbers_that_are_infinite_or_out_of_range_are_refused(number, limits, said):
    with pytest.raises(ValueError, match=f"^f: x must be {re.escape(said)}$"):
        real("f", "x", number, **limits)
