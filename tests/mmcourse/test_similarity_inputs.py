"""Cosines of unusual input: every kind of number, no rows, NaN, and what is refused."""

import re

import numpy as np
import pytest
import torch

from mmcourse.similarity import cosine_matrix, l2_normalize, nearest, paired_cosine

A = np.array([[1.0, 2.0, 2.0], [-2.0, 2.0, -1.0], [2.0, -1.0, -2.0]])
B = np.array([[2.0, 4.0], [-2.0, 1.0], [2.0, -2.0], [0.0, -3.0], [0.0, 0.0]])
B = np.pad(B, ((0, 0), (0, 1)))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_arrays_keep_their_dtype(rng, dtype):
    a, b = rng.standard_normal((3, 5)).astype(dtype), rng.standard_normal((7, 5)).astype(dtype)
    results = [
        l2_normalize(a),
        cosine_matrix(a, b),
        paired_cosine(a, b[:3]),
        nearest(a, b, 2)[0],
    ]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_float_tensors_keep_their_dtype(dtype):
    a, b = torch.ones(3, 5, dtype=dtype), torch.ones(7, 5, dtype=dtype)
    results = [
        l2_normalize(a),
        cosine_matrix(a, b),
        paired_cosine(a, b[:3]),
        nearest(a, b, 2)[0],
    ]
    assert {result.dtype for result in results} == {dtype}


def test_integers_become_floats_and_lose_nothing():
    whole = np.array([[18_000, 24_000]], dtype=np.int16)
    np.testing.assert_allclose(l2_normalize(whole), [[0.6, 0.8]], rtol=1e-15)
    assert l2_normalize(whole).dtype == np.float64
    assert l2_normalize(torch.tensor([[3, 4]], dtype=torch.int8)).dtype == torch.float32


def test_two_dtypes_meet_in_the_wider_one():
    half, single = torch.ones(2, 3, dtype=torch.float16), torch.ones(4, 3)
    assert cosine_matrix(half, single).dtype == torch.float32
    assert cosine_matrix(half, half.to(torch.bfloat16)).dtype == torch.float32
    assert cosine_matrix(half, torch.ones(4, 3, dtype=torch.int64)).dtype == torch.float32
    assert paired_cosine(np.ones((2, 3), "f4"), np.ones((2, 3), "f8")).dtype == np.float64


@pytest.mark.parametrize("kind", [torch.tensor, np.array], ids=["torch", "numpy"])
def test_half_precision_does_not_overflow(kind):
    # 300 squared is 90,000, beyond float16's largest number, 65,504.
    x = kind([[300.0, 400.0]], dtype=torch.float16 if kind is torch.tensor else np.float16)
    assert l2_normalize(x).tolist() == [
        [pytest.approx(0.6, abs=3e-4), pytest.approx(0.8, abs=3e-4)]
    ]


def test_half_precision_is_ranked_before_rounding():
    # Both cosines round to 1 in float16; the second is the higher one.
    q = np.array([[1.0, 0.0]], dtype=np.float16)
    x = np.array([[1.0, 0.015], [1.0, 0.01]], dtype=np.float16)
    scores, rows = nearest(q, x, 2)
    assert scores[0, 0] == scores[0, 1]
    assert rows.tolist() == [[1, 0]]


@pytest.mark.parametrize("kind", [torch.zeros, np.zeros], ids=["torch", "numpy"])
def test_no_rows_and_no_columns(kind):
    assert l2_normalize(kind((0, 3))).shape == (0, 3)
    assert cosine_matrix(kind((0, 3)), kind((5, 3))).shape == (0, 5)
    assert cosine_matrix(kind((2, 0)), kind((5, 0))).tolist() == [[0.0] * 5] * 2
    assert paired_cosine(kind((0, 3)), kind((0, 3))).shape == (0,)
    scores, rows = nearest(kind((0, 3)), kind((5, 3)), 2)
    assert scores.shape == rows.shape == (0, 2)


@pytest.mark.parametrize("kind", [torch.tensor, np.array], ids=["torch", "numpy"])
def test_nan_passes_through_its_own_row_alone(kind):
    x = kind([[float("nan"), 1.0], [3.0, 4.0]])
    cosines = cosine_matrix(x, x)
    assert np.isnan(np.asarray(cosines)).tolist() == [[True, True], [True, False]]


def test_a_vector_shorter_than_the_smallest_length_fades_towards_zero():
    x = np.array([[1e-11, 0.0], [1e-13, 0.0]])
    np.testing.assert_allclose(cosine_matrix(x, np.array([[5.0, 0.0]])), [[1.0], [0.1]])


def test_inputs_stay_as_they_were(rng):
    a, b = rng.standard_normal((3, 5)), rng.standard_normal((7, 5))
    before = a.copy(), b.copy()
    nearest(a, b, 2), paired_cosine(a, b[:3]), l2_normalize(a)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])


def test_read_only_and_reversed_arrays_are_welcome(rng):
    x = rng.standard_normal((5, 3))
    x.setflags(write=False)
    np.testing.assert_allclose(cosine_matrix(x[::-1], x), cosine_matrix(x, x)[::-1], atol=1e-15)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([1.0, 2.0], TypeError, r"l2_normalize: x must be a numpy .*; got list; np\.array"),
        (np.array(["a"]), TypeError, r"got ndarray of <U1;"),
        (np.ones(3, complex), TypeError, r"got ndarray of complex128;"),
        (torch.ones(3, dtype=torch.bool), TypeError, r"got Tensor of torch\.bool;"),
        (np.array(3.0), ValueError, r"x must have shape \(\*batch, width\); got \(\)"),
    ],
    ids=["list", "words", "complex", "bool", "scalar"],
)
def test_normalise_refuses(x, error, message):
    with pytest.raises(error, match=message):
        l2_normalize(x)


@pytest.mark.usefixtures("unchecked")
def test_normalise_refuses_wrong_options():
    with pytest.raises(ValueError, match=r"dim must be a whole number from -2 to 1; got 2"):
        l2_normalize(A, dim=2)
    for dim in ("a", None, (0, 1), 1.0, True):
        with pytest.raises(TypeError, match=r"l2_normalize: dim must be a whole number; got"):
            l2_normalize(A, dim=dim)
    with pytest.raises(TypeError, match=r"l2_normalize: eps must be a number; got 'a'"):
        l2_normalize(A, eps="a")
    with pytest.raises(ValueError, match=r"l2_normalize: eps must be a finite .*got inf"):
        l2_normalize(A, eps=float("inf"))


@pytest.mark.parametrize("kind", [torch.tensor, np.array], ids=["torch", "numpy"])
@pytest.mark.parametrize("eps", [0.0, -1e-12, 1e-60, 1e60])
def test_eps_must_be_above_zero_in_the_dtype_it_divides(kind, eps):
    single = kind([[3.0, 4.0]], dtype=torch.float32 if kind is torch.tensor else np.float32)
    said = rf"eps must be a finite number from .*e-38 to .* got {re.escape(str(eps))}"
    with pytest.raises(ValueError, match=said):
        l2_normalize(single, eps=eps)


@pytest.mark.usefixtures("unchecked")
def test_options_may_be_numbers_of_numpy():
    expected = l2_normalize(A, dim=0)
    np.testing.assert_array_equal(l2_normalize(A, np.int64(0), np.float32(1e-9)), expected)
    assert nearest(A, B, np.int32(2))[1].shape == (3, 2)


@pytest.mark.usefixtures("unchecked")
def test_sparse_tensors_are_refused():
    with pytest.raises(
        TypeError, match=r"cosine_matrix: a must be a dense tensor; .* x\.to_dense"
    ):
        cosine_matrix(torch.eye(3).to_sparse(), torch.eye(3))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.filterwarnings("ignore:.*quantize.*deprecated:UserWarning")
def test_quantised_tensors_are_refused():
    steps = torch.quantize_per_tensor(torch.eye(3), 0.1, 0, torch.qint8)
    with pytest.raises(
        TypeError, match=r"l2_normalize: x must be .* got Tensor of torch\.qint8"
    ):
        l2_normalize(steps)


@pytest.mark.parametrize("long", [1e20, np.inf, np.nan])
def test_what_the_rules_decide_gives_no_warning(long):
    x = np.array([[long, 1.0], [3.0, 4.0]], dtype=np.float32)  # a warning would be an error
    decided = 0.0 if long == 1e20 else np.nan
    np.testing.assert_array_equal(paired_cosine(x, x)[:1], [decided])
    np.testing.assert_array_equal(cosine_matrix(x, x)[0], [decided, decided])
    np.testing.assert_array_equal(
        l2_normalize(x)[0, :1], [decided if long != np.inf else np.nan]
    )


@pytest.mark.parametrize("kind", [torch.tensor, np.array], ids=["torch", "numpy"])
def test_float64_holds_lengths_up_to_1e154(kind):
    x = kind([[3e153, 4e153]], dtype=torch.float64 if kind is torch.tensor else float)
    np.testing.assert_allclose(np.asarray(l2_normalize(x)), [[0.6, 0.8]])


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("function", [paired_cosine, cosine_matrix])
@pytest.mark.parametrize(
    ("a", "b", "error", "message"),
    [
        (A, torch.tensor(B), TypeError, r"got ndarray and Tensor; torch\.as_tensor"),
        (A.tolist(), B, TypeError, r"a must be a numpy array .*; got list;"),
        (A[0], B, ValueError, r"got \(3,\); one alone is a\[None\]"),
        (
            A,
            B[:3, :2],
            ValueError,
            r"got shapes \(3, 3\) and \(3, 2\); (only vectors|pass b\.T)",
        ),
    ],
    ids=["mixed", "list", "one-axis", "two-spaces"],
)
def test_both_cosines_refuse(function, a, b, error, message):
    with pytest.raises(error, match=f"{function.__name__}: .*{message}"):
        function(a, b)


@pytest.mark.usefixtures("unchecked")
def test_pairs_refuse_unequal_numbers_of_rows():
    with pytest.raises(
        ValueError, match=r"agree in n; got shapes \(3, 3\) and \(5, 3\); row i of each"
    ):
        paired_cosine(A, B)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("x", "k", "error", "message"),
    [
        (B, 6, ValueError, r"k must be a whole number from 1 to 5; got 6"),
        (B, 0, ValueError, r"k must be a whole number from 1 to 5; got 0"),
        (B[:0], 1, ValueError, r"k must be a whole number from 1 to 0; got 1"),
        (B, 2.0, TypeError, r"k must be a whole number; got 2\.0"),
        (B, True, TypeError, r"k must be a whole number; got True"),
        (B * np.nan, 1, ValueError, r"x must be finite; got NaN or infinity in row 0"),
        (torch.tensor(B), 1, TypeError, r"got ndarray and Tensor"),
    ],
    ids=["k-high", "k-zero", "no-rows", "k-float", "k-bool", "nan", "mixed"],
)
def test_nearest_refuses(x, k, error, message):
    with pytest.raises(error, match=f"nearest: .*{message}"):
        nearest(A, x, k)


def test_tensors_on_two_devices_are_named():
    with pytest.raises(ValueError, match=r"one device; got cpu and meta; move one with"):
        cosine_matrix(torch.ones(2, 3), torch.ones(4, 3, device="meta"))
