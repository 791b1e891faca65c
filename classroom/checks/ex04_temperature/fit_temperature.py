"""04.4: the temperature that makes a model as sure as it is right."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex04_temperature.wrong_fits import (
    COLDEST,
    HOTTEST,
    MISTAKES,
    build,
    crossing,
    shares,
    surprise,
)
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


def fit_temperature(logits: Tensor, y: Tensor) -> float:
    """Return the temperature with the lowest mean negative log-likelihood of `y`."""

    def slope(temperature: float) -> float:
        """Return the derivative by 1 / temperature: it grows as the temperature falls."""
        mean = (scores * shares(scores, temperature)).sum(axis=1)
        return float((mean - scores[np.arange(len(scores)), y.numpy()]).mean())

    scores = logits.double().numpy()
    return crossing(slope)


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
    bounds = shares(honest, 1).cumsum(axis=1)
    y = (rng.random((len(honest), 1)) > bounds[:, :-1]).sum(axis=1)
    logits = honest * lead + shift * rng.standard_normal((len(honest), 1))
    return torch.from_numpy(logits), torch.from_numpy(y)


def _models(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("too sure", *_answers(rng, 5, 1, rng.uniform(2, 4))),
        hidden("too modest", *_answers(rng, 3, 1, rng.uniform(0.3, 0.5))),
    ]


def _cosines(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("cosines of a cold model", *_answers(rng, 7, 0, rng.uniform(0.016, 0.021))),
        hidden("logits that lead by far too much", *_answers(rng, 3, 9, rng.uniform(9, 20))),
    ]


def _lowest(*factors: float) -> Callable[..., bool]:
    """Return the law that no temperature of a range is better by as much as a factor."""

    def holds(run: Callable[..., Any], logits: Tensor, y: Tensor) -> bool:
        found, scores = float(run(logits, y)), logits.double().numpy()
        here = surprise(scores, y.numpy(), found)
        return all(here <= surprise(scores, y.numpy(), found * by) for by in factors)

    return holds


def _in_range(run: Callable[..., Any], logits: Tensor, y: Tensor) -> bool:
    return COLDEST * 0.99 <= float(run(logits, y)) <= HOTTEST * 1.01


def _is_no_place(run: Callable[..., Any], logits: Tensor, y: Tensor) -> bool:
    """Return False where whole numbers grow by the same step as the logits double."""
    numbers = [float(run(times * logits, y)) for times in (1, 2, 4)]
    steps = np.diff(numbers)
    whole = all(number.is_integer() for number in numbers)
    return not (whole and abs(steps[0] - steps[1]) <= 2 and steps[0] > 2)


FIT_TEMPERATURE = Question(
    number="04.4",
    function="fit_temperature",
    reference=fit_temperature,
    build=build,
    rtol=0.02,  # a search in steps of 1 or 2 % is fine enough
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="too sure, too modest", points=2, cases=_models),
        Property(name="from cosines to large logits", points=2, cases=_cosines),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="place",
            message="Yours are whole numbers that grow by one step whenever the logits double, "
            "like places in a list. Return the temperature that stands at that place.",
            holds=_is_no_place,
        ),
        Invariance(
            name="in range",
            message="A temperature from 0.01 to 100 is asked for; yours is none. If it is a "
            "loss, or a place in a list, return the temperature that belongs to it.",
            holds=_in_range,
        ),
        Invariance(
            name="far",
            message="Even a temperature half as large as yours, or twice as large, has a lower "
            "mean of -log(softmax(logits / temperature)[right class]). Minimise just that, "
            "over all the range from 0.01 to 100.",
            holds=_lowest(0.5, 2),
        ),
        Invariance(
            name="lowest",
            message="A temperature 3 % away has a lower mean surprise than yours: "
            "search in finer steps, or longer.",
            holds=_lowest(0.97, 1.03),  # one beyond the tolerance is nearer to the best
        ),
    ),
    left_out="Fitting on the test set (used-test-set): an answer sees one set and no other.",
)
