"""01.1: the mean of log-probabilities, renormalised."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import unchanged
from classroom.checks.question import (
    Answer,
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
    answers = torch.stack([scores.log_softmax(dim=-1) for scores in logits])
    return answers.mean(dim=0).log_softmax(dim=-1)


def _build(
    each: Callable[[Tensor, int], Tensor] = torch.log_softmax,
    each_axis: int = -1,
    fuse: Callable[[Tensor], Tensor] = lambda answers: answers.mean(dim=0),
    last: Callable[[Tensor, int], Tensor] = torch.log_softmax,
    last_axis: int = -1,
) -> Answer:
    """Return `late_fusion` with some of its steps replaced."""

    def answer(logits: Sequence[Tensor]) -> Tensor:
        answers = torch.stack([each(scores, each_axis) for scores in logits])
        return last(fuse(answers), last_axis)

    return answer


def _as_is(scores: Tensor, _: int) -> Tensor:
    return scores


def _log(scores: Tensor, _: int) -> Tensor:
    return scores.log()


def _exp(scores: Tensor, _: int) -> Tensor:
    return scores.exp()


def _typed(scores: Tensor, axis: int) -> Tensor:
    """Return a log_softmax that overflows for large scores."""
    return (scores.exp() / scores.exp().sum(dim=axis, keepdim=True)).log()


def _with_a_little(much: float) -> Callable[[Tensor, int], Tensor]:
    return lambda scores, axis: (scores.softmax(dim=axis) + much).log()


def _at_least(little: float) -> Callable[[Tensor, int], Tensor]:
    return lambda scores, axis: scores.softmax(dim=axis).clamp(min=little).log()


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
    return [
        hidden("scores near 800", [800 + 10 * scores for scores in _drawn(rng, 2, 3, 5)]),
        hidden("classes far behind", [400 * scores for scores in _drawn(rng, 2, 3, 5)]),
    ]


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
    build=_build,
    mistakes=(
        Mistake(
            name="averaged-raw-logits",
            message="You fused the raw scores and never turned them into log-probabilities. "
            "log_softmax does: then each row's probabilities sum to 1.",
            changes={"each": _as_is, "last": _as_is},
            variants=({"each": _as_is, "last": _log},),
        ),
        Mistake(
            name="forgot-renormalise",
            message="The probabilities of your rows do not sum to 1: those of a mean of "
            "log-probabilities sum to less. Take log_softmax once more, after the mean.",
            changes={"last": _as_is},
        ),
        Mistake(
            name="wrong-axis",
            message="Your softmax runs down the rows, over the samples. It must run along the "
            "classes: dim=-1.",
            changes={"each_axis": 0},
            variants=(_build(each_axis=0, last_axis=0), _build(last_axis=0)),
        ),
        Mistake(
            name="averaged-probabilities",
            message="You fused the probabilities. Fuse their logarithms, log_softmax of each: "
            "then one modality can rule out a class for all.",
            changes={"each": torch.softmax, "last": _log},
            variants=({"each": torch.softmax}, {"each": torch.softmax, "last": _as_is}),
        ),
        Mistake(
            name="summed",
            message="You added up over the modalities. Their mean is asked for: a sum grows "
            "surer with every modality, even with one that is heard twice.",
            changes={"fuse": lambda answers: answers.sum(dim=0)},
        ),
        Mistake(
            name="divided-by-2",
            message="You divided by 2, however many modalities there are. Divide by their "
            "number, or take a mean.",
            changes={"fuse": lambda answers: answers.sum(dim=0) / 2},
        ),
        Mistake(
            name="not-all",
            message="Some modalities have no say in your answer. The list may hold more than "
            "two: use all of them.",
            changes={"fuse": lambda answers: answers[:2].mean(dim=0)},
            variants=(
                {"fuse": lambda answers: answers[0]},
                {"fuse": lambda answers: answers[-1]},
                {"fuse": lambda answers: answers[[0, -1]].mean(dim=0)},
            ),
        ),
        Mistake(
            name="running-halves",
            message="You averaged step by step, each modality with the outcome so far: the "
            "last weighs one half, the first hardly anything. Take one mean over all of them.",
            changes={"fuse": lambda answers: reduce(lambda one, two: (one + two) / 2, answers)},
        ),
        Mistake(
            name="took-highest",
            message="You took the highest of the modalities' numbers, class by class. Their "
            "mean is asked for.",
            changes={"fuse": lambda answers: answers.max(dim=0).values},
        ),
        Mistake(
            name="averaged-over-samples",
            message="Your mean runs over the samples or the classes. Stacked, the modalities "
            "lie along dim=0: average over that axis.",
            changes={"fuse": lambda answers: answers.mean(dim=1)},
            variants=({"fuse": lambda answers: answers.mean(dim=2)},),
        ),
        Mistake(
            name="one-sum-for-all",
            message="You divided by one sum for the whole batch. Each row adds up to 1 by "
            "itself: dim=-1.",
            changes={"last": lambda mean, _: mean - mean.exp().sum().log()},
        ),
        Mistake(
            name="divided-by-sum",
            message="You divided logarithms by their sum. Probabilities are divided by their "
            "sum; from logarithms a number is subtracted, as log_softmax does.",
            changes={"last": lambda mean, axis: mean / mean.sum(dim=axis, keepdim=True)},
        ),
        Mistake(
            name="probabilities",
            message="These are the probabilities; the logarithm is asked for.",
            changes={"last": torch.softmax},
            variants=({"last": _exp},),
        ),
        Mistake(
            name="overflow",
            message="Large scores became NaN or infinite: exp(800) is too large for any float. "
            "log_softmax avoids it.",
            changes={"each": _typed},
        ),
        Mistake(
            name="log-of-0",
            message="Where a class is far behind, its probability is 0 and the logarithm of "
            "that −infinity. log_softmax never takes it; softmax, then log, does.",
            changes={"each": lambda scores, axis: scores.softmax(dim=axis).log()},
        ),
        Mistake(
            name="capped",
            message="A small number inside the logarithm keeps it finite, and cuts it off: "
            "10⁻⁹ does at −20.7. Add nothing; log_softmax takes both steps at once.",
            changes={"each": _with_a_little(1e-9)},
            variants=tuple(
                _build(each=way(10.0**-digits))
                for way in (_with_a_little, _at_least)
                for digits in (6, 7, 8, 9, 10, 12)
                if (way, digits) != (_with_a_little, 9)
            ),
        ),
    ),
    invariances=LAWS,
)
