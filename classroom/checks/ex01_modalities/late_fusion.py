"""01.1: the mean of log-probabilities, renormalised."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import unchanged
from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)


def late_fusion(logits: Sequence[Tensor]) -> Tensor:
    """Return the log-probabilities on which several models agree, (n, classes)."""
    return _mean(logits).log_softmax(dim=-1)


def _mean(logits: Sequence[Tensor]) -> Tensor:
    return torch.stack([scores.log_softmax(dim=-1) for scores in logits]).mean(dim=0)


def _probabilities(logits: Sequence[Tensor]) -> Tensor:
    return torch.stack([scores.softmax(dim=-1) for scores in logits])


def _naive(scores: Tensor) -> Tensor:
    """Return a softmax that overflows for large scores."""
    return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)


def _drawn(rng: np.random.Generator, modalities: int, *shape: int) -> list[Tensor]:
    """Return float64 scores whose sizes differ between modalities."""
    return [
        torch.from_numpy(rng.standard_normal(shape) * (1 + 2 * position) + position)
        for position in range(modalities)
    ]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    picture = torch.tensor([[0.5, 0.5]], dtype=torch.float64).log()
    sound = torch.tensor([[0.2, 0.8]], dtype=torch.float64).log()
    return [
        shown("1/2, 1/2 and 1/5, 4/5 give 1/3, 2/3", [picture, sound]),
        shown("scores that are no logarithms yet", [2 * picture + 1, sound + 3]),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two modalities", _drawn(rng, 2, 5, 3)),
        hidden("three modalities", _drawn(rng, 3, 4, 7)),
        hidden("as many rows as classes", _drawn(rng, 2, 4, 4)),
    ]


def _large(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("scores near 800", [800 + 10 * scores for scores in _drawn(rng, 2, 3, 5)])]


def _constant(logits: list[Tensor]) -> tuple[list[Tensor]]:
    return ([logits[0] + 3, *logits[1:]],)


def _sums_to_1(run: Callable[..., Any], logits: list[Tensor]) -> bool:
    return bool(np.allclose(np.exp(run(logits)).sum(axis=-1), 1, atol=1e-3))


LAWS: tuple[Invariance, ...] = (
    unchanged(
        "shift",
        "A constant added to all of one modality's scores changes none of its probabilities, "
        "so it must change nothing; it changes your answer.",
        _constant,
    ),
    Invariance(
        name="sum",
        message="Each row must hold logarithms of probabilities, which sum to 1; yours do not.",
        holds=_sums_to_1,
    ),
    unchanged("order", "The order of the modalities must not matter.", lambda x: (x[::-1],)),
)

LATE_FUSION = Question(
    number="01.1",
    function="late_fusion",
    reference=late_fusion,
    rtol=1e-4,
    atol=1e-3,  # in float32 a score near 800 is known to 6e-5, and several are added
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the mean of log-probabilities", points=2, cases=_several),
        Property(name="large scores do not overflow", points=1, cases=_large),
    ),
    mistakes=(
        Mistake(
            name="averaged-raw-logits",
            message="You averaged the raw scores. Take log_softmax of the mean: it turns "
            "scores into logarithms of probabilities that sum to 1.",
            answer=lambda logits: torch.stack(list(logits)).mean(dim=0),
        ),
        Mistake(
            name="forgot-renormalise",
            message="The mean of the log-probabilities is right, but its probabilities no "
            "longer sum to 1. Take log_softmax once more.",
            answer=_mean,
        ),
        Mistake(
            name="wrong-axis",
            message="Your softmax runs down the rows, over the samples. It must run along the "
            "classes: dim=-1.",
            answer=lambda logits: (
                torch.stack([one.log_softmax(dim=0) for one in logits])
                .mean(dim=0)
                .log_softmax(dim=0)
            ),
            variants=(
                lambda logits: (
                    torch.stack([one.log_softmax(dim=0) for one in logits])
                    .mean(dim=0)
                    .log_softmax(dim=-1)
                ),
                lambda logits: _mean(logits).log_softmax(dim=0),
            ),
        ),
        Mistake(
            name="averaged-probabilities",
            message="You averaged the probabilities, then took the logarithm. Average the "
            "logarithms: then one modality can rule out a class for all.",
            answer=lambda logits: _probabilities(logits).mean(dim=0).log(),
        ),
        Mistake(
            name="summed",
            message="You added the log-probabilities up. Their mean is asked for: a sum grows "
            "surer with every modality, even with one that is heard twice.",
            answer=lambda logits: (len(logits) * _mean(logits)).log_softmax(dim=-1),
        ),
        Mistake(
            name="probabilities",
            message="These are the probabilities; the logarithm is asked for.",
            answer=lambda logits: late_fusion(logits).exp(),
        ),
        Mistake(
            name="overflow",
            message="Large scores became NaN or infinite: exp(800) is too large for any float. "
            "log_softmax avoids it.",
            answer=lambda logits: (
                torch.stack([_naive(one).log() for one in logits]).mean(dim=0).log_softmax(-1)
            ),
        ),
    ),
    invariances=LAWS,
)
