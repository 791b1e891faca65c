"""04.4: the temperature that makes a model as sure as it is right."""

from collections.abc import Callable, Sequence
from math import exp, log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

COLDEST, HOTTEST = 0.01, 100.0


def fit_temperature(logits: Tensor, y: Tensor) -> float:
    """Return the temperature with the lowest mean negative log-likelihood of `y`."""

    def slope(temperature: float) -> float:
        """Return the derivative by 1 / temperature: it grows as the temperature falls."""
        mean = (scores * _shares(scores, temperature)).sum(axis=1)
        return float((mean - scores[np.arange(len(scores)), y.numpy()]).mean())

    scores = logits.double().numpy()
    return _crossing(slope)


def _crossing(falling: Callable[[float], float]) -> float:
    """Return the temperature at which a function that falls with it is 0."""
    low, high = log(COLDEST), log(HOTTEST)
    for _ in range(40):  # each halves the range, to less than 1e-10
        middle = (low + high) / 2
        low, high = (middle, high) if falling(exp(middle)) > 0 else (low, middle)
    return exp((low + high) / 2)


def _shares(scores: np.ndarray, temperature: float) -> np.ndarray:
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def _confidence_matched(logits: Tensor, y: Tensor) -> float:
    """Return the temperature at which the mean confidence is the accuracy."""
    accuracy = (logits.argmax(dim=1) == y).double().mean().item()
    scores = logits.double().numpy()
    return _crossing(lambda t: float(_shares(scores, t).max(axis=1).mean() - accuracy))


def _squared_error(logits: Tensor, y: Tensor) -> float:
    """Return the temperature with the lowest squared error of the probabilities."""
    scores, truth = logits.double().numpy(), np.eye(logits.shape[1])[y.numpy()]
    tried = np.geomspace(COLDEST, HOTTEST, 31)
    for _ in range(2):  # the second time around the best of the first, in steps of 2 %
        errors = [((_shares(scores, one) - truth) ** 2).sum() for one in tried]
        best = float(tried[int(np.argmin(errors))])
        tried = best * np.geomspace(0.7, 1.4, 36)
    return best


def _surprise(logits: Tensor, y: Tensor, temperature: float) -> float:
    shares = _shares(logits.double().numpy(), temperature)
    return float(-np.log(shares[np.arange(len(y)), y.numpy()]).mean())


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    sure = torch.tensor([[2.0, 0.0]] * 4, dtype=torch.float64)
    y = torch.tensor([0, 0, 0, 1])
    mixed = torch.tensor([[4.0, 0.0], [2.0, 0.0], [1.0, 0.0], [3.0, 0.0]], dtype=torch.float64)
    return [
        shown("right in 3 of 4, so a lead of log 3 is honest", sure, y),
        shown("leads of 4, 2, 1 and 3", mixed, y),
    ]


def _answers(
    rng: np.random.Generator, classes: int, shift: float, lead: float
) -> tuple[Tensor, Tensor]:
    """Return answers, and logits that lead by `lead` times as much as is honest.

    A number of about `shift` is added to each row, which changes nothing.
    """
    honest = rng.standard_normal((79, classes)) * rng.uniform(1.2, 1.8)
    shares = _shares(honest, 1).cumsum(axis=1)
    y = (rng.random((len(honest), 1)) > shares[:, :-1]).sum(axis=1)
    logits = honest * lead + shift * rng.standard_normal((len(honest), 1))
    return torch.from_numpy(logits), torch.from_numpy(y)


def _models(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("too sure", *_answers(rng, 5, 1, rng.uniform(2, 4))),
        hidden("too modest", *_answers(rng, 3, 1, rng.uniform(0.3, 0.5))),
    ]


def _cosines(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("cosines of a cold model", *_answers(rng, 7, 0, rng.uniform(0.02, 0.04))),
        hidden("logits that lead by far too much", *_answers(rng, 3, 9, rng.uniform(9, 20))),
    ]


def _is_lowest(run: Callable[..., Any], logits: Tensor, y: Tensor) -> bool:
    found = float(run(logits, y))
    here = _surprise(logits, y, found)
    return all(here <= _surprise(logits, y, found * by) for by in (0.95, 1.05))


FIT_TEMPERATURE = Question(
    number="04.4",
    function="fit_temperature",
    reference=fit_temperature,
    rtol=0.02,  # a search in steps of 1 or 2 % is fine enough
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="too sure, too modest", points=2, cases=_models),
        Property(name="from cosines to large logits", points=2, cases=_cosines),
    ),
    mistakes=(
        Mistake(
            name="optimised-accuracy",
            message="Accuracy is the same at every temperature, so the first one tried wins. "
            "Take the temperature with the lowest negative log-likelihood.",
            answer=lambda *_: COLDEST,
            variants=(lambda *_: HOTTEST, lambda *_: 1.0),
        ),
        Mistake(
            name="returned-scale",
            message="This is 1 / temperature, the scale.",
            answer=lambda logits, y: 1 / fit_temperature(logits, y),
        ),
        Mistake(
            name="returned-logarithm",
            message="This is the logarithm of the temperature; return its exp.",
            answer=lambda logits, y: log(fit_temperature(logits, y)),
            variants=(lambda logits, y: -log(fit_temperature(logits, y)),),
        ),
        Mistake(
            name="softmax-before-cross-entropy",
            message="You divided probabilities by the temperature. It divides the logits; "
            "cross_entropy takes the softmax itself.",
            answer=lambda logits, y: fit_temperature(logits.double().softmax(dim=1), y),
        ),
        Mistake(
            name="confidence-matched",
            message="You made the mean confidence equal to the accuracy. That is not enough: "
            "take the temperature with the lowest negative log-likelihood.",
            answer=_confidence_matched,
        ),
        Mistake(
            name="squared-error",
            message="You minimised the squared error of the probabilities. Minimise the mean "
            "of minus the logarithm of the right one's probability.",
            answer=_squared_error,
        ),
    ),
    invariances=(
        Invariance(
            name="lowest",
            message="A temperature 5 % away has a lower negative log-likelihood than yours: "
            "search further, or in finer steps.",
            holds=_is_lowest,
        ),
    ),
    left_out="Fitting on the test set (used-test-set): an answer sees one set and no other.",
)
