"""Temperatures that are fitted in ways which are wrong in one part: the mistakes of 04.4."""

from collections.abc import Callable
from math import exp, log, log10

import numpy as np
from torch import Tensor

from classroom.checks.question import Answer, Mistake

COLDEST, HOTTEST = 0.01, 100.0


def crossing(falling: Callable[[float], float]) -> float:
    """Return the temperature at which a function that falls with it is 0."""
    low, high = log(COLDEST), log(HOTTEST)
    for _ in range(40):  # each halves the range, to less than 1e-10
        middle = (low + high) / 2
        low, high = (middle, high) if falling(exp(middle)) > 0 else (low, middle)
    return exp((low + high) / 2)


def shares(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Return the softmax of each row at a temperature."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def _confidence_matched(logits: Tensor, y: Tensor) -> float:
    """Return the temperature at which the mean confidence is the accuracy."""
    accuracy = (logits.argmax(dim=1) == y).double().mean().item()
    scores = logits.double().numpy()
    return crossing(lambda t: float(shares(scores, t).max(axis=1).mean() - accuracy))


def surprise(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    """Return the mean of minus the logarithm of the right one's share."""
    return float(-np.log(_right(shares(scores, temperature), y)).mean())


def _right(shares: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(shares[np.arange(len(y)), y], 1e-300)  # log(0) would be infinite


def _squared_error(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    truth = np.eye(scores.shape[1])[y]
    return float(((shares(scores, temperature) - truth) ** 2).mean())


def _chance(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    """Return minus the right one's mean share, as F.nll_loss of a softmax does."""
    return -float(_right(shares(scores, temperature), y).mean())


def _softmax_twice(scores: np.ndarray, y: np.ndarray, temperature: float) -> float:
    return surprise(shares(scores, temperature), y, 1)


def build(
    *,
    seen: Callable[[np.ndarray], np.ndarray] = lambda scores: scores,
    loss: Callable[[np.ndarray, np.ndarray, float], float] = surprise,
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


MISTAKES = (
    Mistake(
        name="optimised-accuracy",
        message="Yours is the same temperature whatever the logits. Accuracy, for one, is the "
        "same at every temperature, so the first one tried wins. Take the temperature at which "
        "the right answers surprise least.",
        changes={"given": lambda *_: COLDEST},
        variants=({"given": lambda *_: HOTTEST}, {"given": lambda *_: 1.0}),
    ),
    Mistake(
        name="took-the-worst",
        message="Yours has the highest loss. The loss is minus the logarithm, and the best "
        "temperature has the lowest: argmin.",
        changes={"loss": lambda *arguments: -surprise(*arguments)},
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
        changes={"seen": lambda scores: shares(scores, 1)},
        variants=({"loss": _softmax_twice},),
    ),
    Mistake(
        name="confidence-matched",
        message="You made the mean confidence equal to the accuracy. That is not enough: "
        "take the temperature at which the right answers surprise least.",
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
)
