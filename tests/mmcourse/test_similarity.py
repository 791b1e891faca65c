"""Cosines: worked by hand, as in four other libraries, and what must not change them."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import import_peer
from scipy.spatial.distance import cosine as cosine_distance
from sklearn.metrics.pairwise import cosine_similarity as sklearn_cosine
from torch.nn import functional as F

from mmcourse.similarity import cosine_matrix, l2_normalize, nearest, paired_cosine

pairwise_cosine_similarity = import_peer("torchmetrics").functional.pairwise_cosine_similarity

A = np.array([[1.0, 2.0, 2.0], [-2.0, 2.0, -1.0], [2.0, -1.0, -2.0]])
B = np.array(
    [[2.0, 4.0, 4.0], [-2.0, 1.0, -2.0], [2.0, -2.0, -1.0], [0.0, -3.0, -4.0], [0.0, 0.0, 0.0]]
)
BY_HAND = np.array(
    [
        [1, -4 / 9, -4 / 9, -14 / 15, 0],
        [0, 8 / 9, -7 / 9, -2 / 15, 0],
        [-4 / 9, -1 / 9, 8 / 9, 11 / 15, 0],
    ]
)


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape)


@st.composite
def two_matrices(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n, m, dim = (draw(st.integers(1, 7)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    power = draw(st.floats(-3, 3))
    return normal(rng, n, dim) * 10**power, normal(rng, m, dim)


# Worked by hand


def test_lengths_become_one_by_hand():
    expected = [[0.6, 0.8], [0.0, -1.0]]
    np.testing.assert_allclose(l2_normalize(np.array([[3.0, 4.0], [0.0, -7.0]])), expected)


def test_dim_chooses_the_axis_of_the_vectors():
    x = np.array([[3.0, 0.0], [4.0, 2.0]])
    np.testing.assert_allclose(l2_normalize(x, dim=0), [[0.6, 0.0], [0.8, 1.0]])


def test_matrix_equals_the_one_worked_by_hand():
    np.testing.assert_allclose(cosine_matrix(A, B), BY_HAND, atol=1e-15)
    torch.testing.assert_close(
        cosine_matrix(torch.tensor(A), torch.tensor(B)), torch.tensor(BY_HAND)
    )


def test_pairs_are_the_diagonal_worked_by_hand():
    np.testing.assert_allclose(paired_cosine(A, B[:3]), [1, 8 / 9, 8 / 9])


def test_nearest_by_hand():
    scores, rows = nearest(A, B, 1)
    np.testing.assert_array_equal(rows, [[0], [1], [2]])
    np.testing.assert_allclose(scores, [[1], [8 / 9], [8 / 9]])
    scores, rows = nearest(A[2:], B, 2)
    np.testing.assert_array_equal(rows, [[2, 3]])
    np.testing.assert_allclose(scores, [[8 / 9, 11 / 15]])


# Other libraries


@given(two_matrices())
@settings(deadline=None, max_examples=60)
def test_matrix_equals_scikit_learn_and_torchmetrics(pair):
    a, b = pair
    ours = cosine_matrix(a, b)
    np.testing.assert_allclose(ours, sklearn_cosine(a, b), atol=1e-12)
    theirs = pairwise_cosine_similarity(torch.tensor(a), torch.tensor(b))
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)


@given(two_matrices())
@settings(deadline=None, max_examples=60)
def test_pairs_equal_torch_and_scipy(pair):
    a, b = pair[0], normal(np.random.default_rng(3), *pair[0].shape)
    ours = paired_cosine(a, b)
    theirs = F.cosine_similarity(torch.tensor(a), torch.tensor(b), eps=1e-12)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)
    loop = [1 - cosine_distance(u, v) for u, v in zip(a, b, strict=True)]
    np.testing.assert_allclose(ours, loop, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_normalise_equals_torch_to_the_last_bit(dtype):
    x = torch.randn(5, 7, dtype=dtype, generator=torch.Generator().manual_seed(1))
    x[2] = 0
    for dim in (-1, 0, 1):
        assert torch.equal(l2_normalize(x, dim=dim), F.normalize(x, dim=dim))


def test_zero_vectors_where_libraries_disagree(rng):
    zero, other = np.zeros((1, 3)), normal(rng, 1, 3)
    assert cosine_matrix(zero, other).item() == 0
    assert paired_cosine(zero, other).item() == 0
    assert sklearn_cosine(zero, other).item() == 0
    assert pairwise_cosine_similarity(torch.tensor(zero), torch.tensor(other)).isnan().all()


# Properties


@given(two_matrices(), st.floats(-3, 3))
@settings(deadline=None, max_examples=60)
def test_length_does_not_matter(pair, power):
    a, b = pair
    np.testing.assert_allclose(
        cosine_matrix(a * 10**power, b), cosine_matrix(a, b), rtol=1e-9, atol=1e-12
    )


@given(two_matrices(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_shuffled_rows_give_shuffled_cosines(pair, random):
    a, b = pair
    order = list(range(len(a)))
    random.shuffle(order)
    np.testing.assert_allclose(
        cosine_matrix(a[order], b), cosine_matrix(a, b)[order], atol=1e-12
    )


@given(two_matrices())
@settings(deadline=None, max_examples=60)
def test_swapping_the_inputs_transposes_the_matrix(pair):
    a, b = pair
    np.testing.assert_allclose(cosine_matrix(b, a), cosine_matrix(a, b).T, atol=1e-12)


def test_pairs_are_the_diagonal_of_the_matrix(rng):
    a, b = normal(rng, 5, 3), normal(rng, 5, 3)
    np.testing.assert_allclose(paired_cosine(a, b), np.diag(cosine_matrix(a, b)), atol=1e-15)


@pytest.mark.parametrize("kind", [torch.tensor, np.asarray], ids=["torch", "numpy"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_never_outside_minus_one_to_one(rng, kind, dtype):
    x = kind(normal(rng, 300, 17).astype(dtype))
    assert ((l2_normalize(x) ** 2).sum(1) > 1).any(), "these must be able to show the fault"
    for cosines in (paired_cosine(x, x), -paired_cosine(x, -x)):
        assert cosines.max() == 1
    for cosines in (cosine_matrix(x, x), -cosine_matrix(x, -x)):
        assert cosines.max() == 1
    assert not np.isnan(np.arccos(np.asarray(paired_cosine(x, x)))).any()


# Order


@pytest.mark.parametrize("kind", [torch.tensor, np.array], ids=["torch", "numpy"])
def test_equal_cosines_come_in_the_order_of_their_rows(kind):
    x = kind([[0.0, 1.0], [2.0, 0.0], [0.0, 3.0], [5.0, 0.0]] * 9)
    rows = nearest(kind([[1.0, 0.0]]), x, 36)[1][0].tolist()
    assert rows == [*range(1, 36, 2), *range(0, 36, 2)]


def test_nearest_gives_one_answer_for_arrays_and_tensors(rng):
    q, x = normal(rng, 5, 3), normal(rng, 11, 3)
    array_scores, array_rows = nearest(q, x, 7)
    tensor_scores, tensor_rows = nearest(torch.tensor(q), torch.tensor(x), 7)
    np.testing.assert_array_equal(array_rows, tensor_rows.numpy())
    np.testing.assert_allclose(array_scores, tensor_scores.numpy(), atol=1e-15)
    brute = [sorted(range(11), key=lambda row: -line[row])[:7] for line in sklearn_cosine(q, x)]
    assert array_rows.tolist() == brute


# Gradients


def test_gradient_agrees_with_finite_differences():
    a = torch.randn(3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    b = torch.randn(4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    inputs = (a.requires_grad_(), b.requires_grad_())
    assert torch.autograd.gradcheck(cosine_matrix, inputs)
    assert torch.autograd.gradcheck(lambda x, y: paired_cosine(x, y[:3]), inputs)


def test_gradient_of_a_zero_vector_is_finite():
    x = torch.zeros(2, 3, requires_grad=True)
    paired_cosine(x, torch.ones(2, 3)).sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_clamp_removes_no_gradient_worth_having():
    x = torch.randn(300, 17, generator=torch.Generator().manual_seed(4))
    turned = x.clone().requires_grad_()
    paired_cosine(turned, x).sum().backward()
    # The exact gradient is 0; what rounding leaves is a few float32 steps of 1 / length.
    assert (turned.grad * x.norm(dim=1, keepdim=True)).abs().max() < 1e-6
