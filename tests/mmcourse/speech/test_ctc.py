"""The loss without alignments: by hand, path by path, and beside torch's."""

from itertools import product
from math import exp

import pytest
import torch
from torch.nn import functional as F

from mmcourse.speech import collapse, ctc_loss


def case(seed, batch=5, longest=17, units=4, length=7):
    """Return random logits and letters of different lengths, with many repeats."""
    chance = torch.Generator().manual_seed(seed)
    logits = torch.randn(batch, longest, units, generator=chance, dtype=torch.float64)
    steps = torch.randint(14, longest + 1, (batch,), generator=chance)
    letters = torch.randint(1, units, (batch, length), generator=chance)
    lengths = torch.randint(0, length + 1, (batch,), generator=chance)
    return logits.requires_grad_(), steps, letters, lengths


def of_torch(logits, steps, letters, lengths):
    logprobs = logits.log_softmax(2).transpose(0, 1)
    return F.ctc_loss(logprobs, letters, steps, lengths, reduction="none")


def one(logits, letters):
    """Return the loss of a single text."""
    letters = torch.tensor([letters], dtype=torch.long)
    length, steps = torch.tensor([letters.shape[1]]), torch.tensor([logits.shape[1]])
    return ctc_loss(logits, steps, letters, length)


@pytest.mark.parametrize("seed", range(9))
def test_the_value_is_that_of_torch(seed):
    torch.testing.assert_close(ctc_loss(*case(seed)), of_torch(*case(seed)), rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(9))
def test_the_gradient_is_that_of_torch(seed):
    ours, theirs = case(seed), case(seed)
    ctc_loss(*ours).sum().backward()
    of_torch(*theirs).sum().backward()
    torch.testing.assert_close(ours[0].grad, theirs[0].grad, rtol=0, atol=1e-9)


@pytest.mark.parametrize("letters", [[], [1], [2, 2], [1, 2, 1]], ids=str)
def test_the_probability_is_the_sum_over_all_paths(letters):
    logits = case(3)[0][:1, :5, :3]
    chances = logits.softmax(2)[0]
    every = sum(
        chances[range(5), list(path)].prod()
        for path in product(range(3), repeat=5)
        if collapse(path) == letters
    )
    torch.testing.assert_close(one(logits, letters).neg().exp()[0], every)


def test_the_probabilities_of_all_texts_sum_to_one():
    logits = case(4)[0][:1, :3, :3]
    texts = [list(text) for n in range(4) for text in product((1, 2), repeat=n)]
    assert sum(exp(-one(logits, text).item()) for text in texts) == pytest.approx(1)


def test_two_of_a_kind_need_a_step_between_them():
    even = torch.zeros(1, 2, 3)
    assert one(even, [1, 1]).isinf().all()
    assert one(even, [1, 2]).exp().item() == pytest.approx(9)
    assert one(torch.zeros(1, 3, 3), [1, 1]).exp().item() == pytest.approx(27)


def test_what_has_no_room_has_no_gradient_and_spoils_no_other():
    logits = torch.zeros(2, 2, 3, dtype=torch.float64, requires_grad=True)
    letters, both = torch.tensor([[1, 1], [1, 2]]), torch.tensor([2, 2])
    loss = ctc_loss(logits, both, letters, both)
    assert loss.isinf().tolist() == [True, False]
    loss[1].backward()
    assert logits.grad[0].abs().max() == 0
    assert logits.grad.isfinite().all()


def test_what_stands_beyond_the_ends_is_ignored():
    logits, steps, letters, lengths = case(5)
    steps, lengths = steps.clamp(max=15), lengths.clamp(max=6)
    expected = ctc_loss(logits, steps, letters, lengths)
    with torch.no_grad():
        logits[:, 15:] = 9.0
    letters[:, 6:] = 99
    torch.testing.assert_close(ctc_loss(logits, steps, letters, lengths), expected)


def test_large_logits_stay_finite():
    logits, *rest = case(6)
    assert ctc_loss(logits * 1e4, *rest).isfinite().all()


def test_no_recording_has_no_loss():
    none = torch.zeros(0, dtype=torch.long)
    assert ctc_loss(torch.zeros(0, 3, 4), none, none.view(0, 2), none).shape == (0,)
