"""04.4: the temperature that makes a model as sure as it is right."""

from collections.abc import Callable, Sequence
from math import exp, log, log10
from typing import Any

import numpy as np
import torch
from torch import Tensor

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


def _surprise(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    """Return the mean of minus the logarithm of the right one's share."""
    return float(-np.log(_right(_shares(scores, temperature), y)).mean())


def _right(shares: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(shares[np.arange(len(y)), y], 1e-300)  # log(0) would be infinite


def _squared_error(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    truth = np.eye(scores.shape[1])[y]
    return float(((_shares(scores, temperature) - truth) ** 2).mean())


def _chance(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    """Return minus the right one's mean share, as F.nll_loss of a softmax does."""
    return -float(_right(_shares(scores, temperature), y).mean())


def _softmax_twice(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    return _surprise(_shares(scores, temperature), y, 1)


def build(
    *,
    seen: Callable[[np.ndarray], np.ndarray] = lambda scores: scores,
    loss: Callable[[np.ndarray, np.ndarray, float], float] = _surprise,
    given: Callable[[float, float], float] = lambda temperature, _: temperature,
) -> Answer:
    """Return an answer that searches for the lowest `loss` in steps of less than 1 %.

    Args:
        seen: what it makes of the logits first.
        loss: of logits, right classes and a temperature.
        given: what it returns, of the best temperature and its loss.
    """

    def answer(logits: Tensor, y: Tensor) -> float:
        scores, right = seen(logits.double().numpy()), y.numpy()
        tried = np.geomspace(COLDEST, HOTTEST, 47)
        for _ in range(2):  # the second time around the best of the first
            losses = [loss(scores, right, one) for one in tried]
            best = int(np.argmin(losses))
            around = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
            least, tried = (float(tried[best]), losses[best]), np.geomspace(*around, 47)
        return given(*least)

    return answer


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
        hidden("cosines of a cold model", *_answers(rng, 7, 0, rng.uniform(0.016, 0.021))),
        hidden("logits that lead by far too much", *_answers(rng, 3, 9, rng.uniform(9, 20))),
    ]


def _lowest(*factors: float) -> Callable[..., bool]:
    """Return the law that no temperature of a range is better by as much as a factor."""

    def holds(run: Callable[..., Any], logits: Tensor, y: Tensor) -> bool:
        found, scores = float(run(logits, y)), logits.double().numpy()
        here = _surprise(scores, y.numpy(), found)
        return all(here <= _surprise(scores, y.numpy(), found * by) for by in factors)

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
    mistakes=(
        Mistake(
            name="optimised-accuracy",
            message="Yours is the same temperature whatever the logits. Accuracy, for one, is "
            "the same at every temperature, so the first one tried wins. Take the temperature "
            "with the lowest negative log-likelihood.",
            changes={"given": lambda *_: COLDEST},
            variants=({"given": lambda *_: HOTTEST}, {"given": lambda *_: 1.0}),
        ),
        Mistake(
            name="took-the-worst",
            message="Yours has the highest loss. The loss is minus the logarithm, and the best "
            "temperature has the lowest: argmin.",
            changes={"loss": lambda *arguments: -_surprise(*arguments)},
        ),
        Mistake(
            name="returned-scale",
            message="This is 1 / temperature, the scale.",
            changes={"given": lambda temperature, _: 1 / temperature},
        ),
        Mistake(
            name="returned-logarithm",
            message="This is the logarithm of the temperature; return its exp, or its power.",
            changes={"given": lambda temperature, _: log(temperature)},
            variants=(
                {"given": lambda temperature, _: -log(temperature)},
                {"given": lambda temperature, _: log10(temperature)},
            ),
        ),
        Mistake(
            name="returned-loss",
            message="This is the lowest loss. Return the temperature that has it.",
            changes={"given": lambda _, loss: loss},
        ),
        Mistake(
            name="softmax-before-cross-entropy",
            message="You took a softmax too many. The temperature divides the logits, and "
            "cross_entropy takes the softmax itself.",
            changes={"seen": lambda scores: _shares(scores, 1)},
            variants=({"loss": _softmax_twice},),
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
            changes={"loss": _squared_error},
        ),
        Mistake(
            name="mean-before-log",
            message="You took the mean of the right ones' probabilities, which one sure mistake "
            "hardly changes. Take the logarithm of each first, then the mean.",
            changes={"loss": _chance},
        ),
    ),
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
            "mean of -log(softmax(logits / temperature)[right class]). Minimise just that, over "
            "all the range from 0.01 to 100.",
            holds=_lowest(0.5, 2),
        ),
        Invariance(
            name="lowest",
            message="A temperature 5 % away has a lower negative log-likelihood than yours: "
            "search in finer steps, or longer.",
            holds=_lowest(0.95, 1.05),
        ),
    ),
    left_out="Fitting on the test set (used-test-set): an answer sees one set and no other.",
)
