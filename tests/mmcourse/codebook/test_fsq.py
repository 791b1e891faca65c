"""Rounding to levels: which level, which code, and what gradient passes."""

from itertools import product
from math import prod

import pytest
import torch
from good_calls import floats
from torch.testing import assert_close

from mmcourse.codebook import LEVELS, codes_of, finite_scalar, levels_of


def test_a_number_goes_to_the_level_next_to_its_sigmoid():
    # σ(x) = 0.4: of 8 levels, 7 · 0.4 = 2.8 is next to the third; of 5, 1.6 to the second.
    x = torch.tensor([0.4, 0.4]).logit()
    assert_close(finite_scalar(x, (8, 5)), torch.tensor([3 / 7 * 2 - 1, 2 / 4 * 2 - 1]))


def test_every_level_can_be_reached_and_no_other():
    found = finite_scalar(torch.linspace(-12, 12, 4001)[:, None], (5,)).unique()
    assert_close(found, torch.linspace(-1, 1, 5))


def test_as_many_levels_lie_on_either_side_of_zero():
    found = finite_scalar(torch.linspace(-12, 12, 4001)[:, None], (8,)).unique()
    assert_close(found, -found.flip(0))


def test_the_gradient_is_that_of_the_sigmoid():
    x = floats(7, 2).requires_grad_()
    finite_scalar(x, (8, 5)).sum().backward()
    assert_close(x.grad, 2 * x.sigmoid() * (1 - x.sigmoid()))


def test_codes_count_every_combination_once():
    levels = (3, 2, 4)
    every = torch.tensor(
        [
            [2 * place / (n - 1) - 1 for place, n in zip(row, levels, strict=True)]
            for row in product(*map(range, levels))
        ]
    )
    assert sorted(codes_of(every, levels).tolist()) == list(range(prod(levels)))


def test_the_first_channel_counts_ones():
    step = torch.tensor([[-1 + 2 / 7, -1, -1, -1], [-1, -0.5, -1, -1], [-1, -1, -1, -0.5]])
    assert codes_of(step).tolist() == [1, 8, 200]


def test_a_code_stands_for_the_levels_that_it_was_made_from():
    codes = torch.arange(prod(LEVELS))
    assert torch.equal(codes_of(levels_of(codes)), codes)
    rounded = finite_scalar(3 * floats(7, 3, 4))
    assert_close(levels_of(codes_of(rounded)), rounded)


def test_a_code_has_the_shape_of_the_rows():
    assert codes_of(finite_scalar(floats(5, 3, 7, 4))).shape == (5, 3, 7)
    assert levels_of(torch.zeros(5, 3, 7).long()).shape == (5, 3, 7, 4)


def test_rounding_again_changes_nothing():
    rounded = levels_of(torch.arange(1000))
    logits = ((rounded + 1) / 2).clamp(1e-4, 1 - 1e-4).logit()
    assert_close(finite_scalar(logits), rounded)


@pytest.mark.parametrize("code", [-1, 1000])
def test_there_is_no_other_code(code):
    with pytest.raises(ValueError, match=r"^levels_of: codes must be from 0 to 999; got"):
        levels_of(torch.tensor([5, code]))
