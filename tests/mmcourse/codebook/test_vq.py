"""A learnt codebook: the nearest entry, what pulls on it, and how it dies."""

import pytest
import torch
from good_calls import floats, seeded
from torch.testing import assert_close

from mmcourse.codebook import VectorQuantiser


def quantiser(*entries):
    made = VectorQuantiser(len(entries), len(entries[0]))
    made.codebook.data = torch.tensor(entries)
    return made


def test_each_vector_goes_to_its_nearest_entry():
    found = quantiser([0.0, 0.0], [4.0, 0.0], [0.0, 3.0])(
        torch.tensor([[[3.0, 1.0]], [[0.5, 0.9]], [[1.0, 2.0]]])
    )
    assert found.codes.tolist() == [[1], [0], [2]]
    assert_close(found.vectors, torch.tensor([[[4.0, 0.0]], [[0.0, 0.0]], [[0.0, 3.0]]]))


def test_the_loss_is_the_squared_distance_once_for_the_entry_and_a_share_for_the_vector():
    # Both numbers of one vector are off by 2: mean square 4, and half of it.
    found = quantiser([0.0, 0.0], [9.0, 9.0])(torch.tensor([[2.0, 2.0]]), commitment=0.5)
    assert found.loss.item() == pytest.approx(6)


def test_the_gradient_passes_as_if_nothing_had_been_exchanged():
    vectors = floats(7, 3).requires_grad_()
    weights = floats(7, 3, seed=1)
    (VectorQuantiser(5, 3)(vectors).vectors * weights).sum().backward()
    assert_close(vectors.grad, weights)


def test_an_entry_is_pulled_to_the_vectors_that_chose_it_and_no_other_moves():
    made = quantiser([0.0], [10.0], [20.0])
    made(torch.tensor([[1.0], [3.0]]), commitment=0.0).loss.backward()
    # d/de of the mean of (x - e)² over two vectors: -2 (1 + 3) / 2
    assert made.codebook.grad.flatten().tolist() == [-4, 0, 0]


def test_commitment_pulls_the_vectors_and_not_the_entries():
    vectors = torch.tensor([[1.0], [3.0]], requires_grad=True)
    for commitment in (0.0, 0.25, 1.0):
        vectors.grad = None
        quantiser([0.0], [10.0])(vectors, commitment=commitment).loss.backward()
        assert_close(vectors.grad.flatten(), commitment * torch.tensor([1.0, 3.0]))


def test_a_new_codebook_is_small_and_has_no_two_entries_alike():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        codebook = VectorQuantiser(50, 3).codebook
    assert codebook.abs().max() <= 1 / 50
    assert len(codebook.unique(dim=0)) == 50


def test_far_vectors_leave_most_entries_without_a_gradient():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = VectorQuantiser(50, 2)
    vectors = 5 + torch.randn(200, 2, generator=seeded())
    made(vectors).loss.backward()
    moved = made.codebook.grad.abs().sum(1) > 0
    assert moved.sum() <= 3


@pytest.mark.parametrize("shape", [(7, 4), (0, 3)])
def test_vectors_must_have_the_numbers_of_an_entry(shape):
    with pytest.raises(ValueError, match=r"^VectorQuantiser: vectors must be of 3 numbers"):
        VectorQuantiser(5, 3)(torch.zeros(shape))
