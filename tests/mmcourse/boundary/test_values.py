"""Finite numbers: asked where they can be looked at, and named by their row."""

import numpy as np
import pytest
import torch

from mmcourse.boundary.values import as_numbers, require_finite


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_row_of_the_first_bad_number_is_named(kind, bad):
    x = kind([[1.0, 2.0], [3.0, bad], [bad, 4.0]])
    with pytest.raises(ValueError, match=r"^f: x must be finite; .* in row 1; look"):
        require_finite("f", y=kind([1.0]), x=x)
    with pytest.raises(ValueError, match=r"^f: x must be finite; .* infinity; look"):
        require_finite("f", x=kind(bad))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_a_sum_that_overflows_is_no_infinity(dtype):
    largest = torch.finfo(dtype).max
    require_finite("f", x=torch.full((3, 4), largest, dtype=dtype), y=None)


def test_opposite_infinities_and_whole_numbers_are_seen():
    with pytest.raises(ValueError, match="in row 0"):
        require_finite("f", x=torch.tensor([np.inf, -np.inf]))
    require_finite("f", x=torch.arange(3), y=np.arange(3), z=torch.empty(0, 3))


def test_nothing_is_asked_where_nobody_can_know():
    require_finite("f", x=torch.full((2,), torch.nan, device="meta"))
    ran = torch.vmap(lambda x: (require_finite("f", x=x), x * 2)[1])(torch.ones(2, 3))
    torch.testing.assert_close(ran, torch.full((2, 3), 2.0))
    torch.func.grad(lambda x: (require_finite("f", x=x), x.sum())[1])(torch.ones(3))


def test_a_gradient_goes_by_untouched():
    x = torch.ones(3, requires_grad=True)
    require_finite("f", x=x)
    x.sum().backward()
    torch.testing.assert_close(x.grad, torch.ones(3))


def test_a_dtype_without_the_question_is_asked_in_another():
    numbers = torch.tensor([1.0, torch.nan]).to(torch.float8_e4m3fn)
    require_finite("f", x=numbers[:1])
    with pytest.raises(ValueError, match=r"^f: x must be finite; got NaN"):
        require_finite("f", x=numbers)


@pytest.mark.parametrize("of", ["bfloat16", "gradient"])
def test_any_tensor_of_real_numbers_becomes_an_array(of):
    numbers = torch.tensor([1.5, 2.0], requires_grad=of == "gradient")
    numbers = numbers.bfloat16() if of == "bfloat16" else numbers
    np.testing.assert_array_equal(as_numbers("f", "x", numbers), [1.5, 2.0])
