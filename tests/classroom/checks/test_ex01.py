"""Exercise 01: right answers in other words pass, and the references are the course's own."""

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from classroom.checks import find
from classroom.checks.ex01_modalities.interaction import interaction
from classroom.checks.ex01_modalities.modality_dropout import modality_dropout
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import fusion


def by_raw_scores(logits):
    """The mean of raw scores is right too, once it is renormalised."""
    return F.log_softmax(torch.stack(logits).mean(dim=0), dim=-1)


def by_loop(logits):
    total = torch.zeros_like(logits[0])
    for scores in logits:
        total = total + scores - scores.logsumexp(dim=1, keepdim=True)
    total = total / len(logits)
    return total - total.logsumexp(dim=1, keepdim=True)


def in_float32(logits):
    return by_loop([scores.float() for scores in logits])


def in_numpy(logits):
    total = sum(scores.numpy() for scores in logits) / len(logits)
    total -= total.max(axis=1, keepdims=True)
    return total - np.log(np.exp(total).sum(axis=1, keepdims=True))


def with_gradient(logits):
    return by_raw_scores([scores.requires_grad_() for scores in logits])


@pytest.mark.parametrize(
    "answer",
    [fusion.late_fusion, by_raw_scores, by_loop, in_float32, in_numpy, with_gradient],
)
def test_late_fusion_may_be_written_otherwise(answer):
    checking.assert_passes(find("01.1"), answer)


def test_averaged_raw_scores_are_told_what_is_missing():
    said = feedback(judge(find("01.1"), lambda logits: sum(logits) / len(logits)))
    assert (
        "You fused the raw scores and never turned them into log-probabilities."
        in said.replace("\n", " ")
    )


def in_other_words(first, second, both, chance):
    good = {"first": first - chance > 0.1, "second": second - chance > 0.1}
    if both - first > 0.1 and both - second > 0.1:
        return "synergistic"
    if all(good.values()):
        return "redundant"
    return "unique" if any(good.values()) else "none"


def test_interaction_may_be_written_otherwise():
    checking.assert_passes(find("01.2"), in_other_words, range(20))


@pytest.mark.parametrize("seed", range(20))
def test_no_case_of_interaction_lies_near_a_border(seed):
    for _, case in find("01.2").draw(seed):
        first, second, both, chance = case.arguments
        for off in (-0.01, 0.01):
            assert interaction(first, second, both + off, chance) == interaction(
                *case.arguments
            )
            assert interaction(first, second, both, chance + off) == interaction(
                *case.arguments
            )
        assert min(case.arguments) >= 0
        assert max(case.arguments) <= 1


@pytest.mark.parametrize(
    ("accuracies", "word"),
    [
        ((0.8, 0.8, 0.8, 0.5), "redundant"),
        ((0.8, 0.5, 0.8, 0.5), "unique"),
        ((0.5, 0.8, 0.8, 0.5), "unique"),
        ((0.5, 0.5, 0.5, 0.5), "none"),
        ((0.5, 0.5, 1.0, 0.5), "synergistic"),
        ((0.8, 0.8, 1.0, 0.5), "synergistic"),
        ((0.3, 0.3, 0.3, 0.1), "redundant"),
    ],
)
def test_interactions_by_hand(accuracies, word):
    assert interaction(*accuracies) == word


def by_bernoulli(x, p, generator):
    dropped = torch.bernoulli(torch.full(x.shape[:2], p), generator=generator).bool()
    dropped[dropped.all(dim=1)] = False
    return torch.where(dropped[..., None], torch.zeros_like(x), x)


def by_loop_over_samples(x, p, generator):
    out = x.clone()
    for sample in out:
        hidden = [torch.rand(1, generator=generator).item() < p for _ in sample]
        if not all(hidden):
            sample[torch.tensor(hidden)] = 0
    return out


def in_float64(x, p, generator):
    return by_bernoulli(x.double(), p, generator)


def as_numpy(x, p, generator):
    return by_bernoulli(x, p, generator).numpy()


@pytest.mark.parametrize("answer", [by_bernoulli, by_loop_over_samples, in_float64, as_numpy])
def test_modality_dropout_may_be_written_otherwise(answer):
    checking.assert_passes(find("01.3"), answer, range(2))


def test_right_answers_of_01_3_differ_by_less_than_the_tolerance():
    question = find("01.3")
    for seed in range(30):
        checking.assert_passes(question, by_bernoulli, range(seed, seed + 1))


def test_a_dropped_modality_is_as_rare_as_the_formula_says():
    x = torch.ones(100_000, 3, 1)
    p = 0.4
    out = modality_dropout(x, p, torch.Generator().manual_seed(0))
    share = (out == 0).double().mean().item()
    assert abs(share - (p - p**3)) < 0.005  # four standard deviations


@pytest.mark.parametrize("outcome", [None, 0, [1, 2, 3], "the rest unchanged"])
def test_odd_outcomes_of_01_3_fail_and_break_nothing(outcome):
    verdict = judge(find("01.3"), lambda x, p, generator: outcome)
    assert verdict.points == 0
    assert len(feedback(verdict).splitlines()) <= 12


def test_a_wrong_shape_of_01_3_is_told():
    said = feedback(judge(find("01.3"), lambda x, p, generator: x[:, :1]))
    assert "shape (2, 1, 2), where (2, 3, 2) is expected" in said
