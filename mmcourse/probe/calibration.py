"""Calibration: whether a model that names a thing's kind is as sure as it is right.

Probabilities are the softmax of the cosines with all kinds' names, times a scale: the model's
own, learned for batches of captions, and one that is fitted on validation pictures. Leaves out
reliability diagrams (`plots.reliability`).
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax  # type: ignore[import-untyped]

from mmcourse.metrics import ece, fit_temperature
from mmcourse.probe.rows import Row, resampled
from mmcourse.probe.vectors import Model, Seen
from mmcourse.probe.zero_shot import kind_cosines

PART = "Calibration of kinds"
DRAWS = 100
"""How often answers are drawn again for a number that is no mean; each takes milliseconds."""

Z = 1.96
"""Standard errors on either side of a 95 % interval."""


def rows(model: Model, fitted_on: Seen, asked: Seen, rng: np.random.Generator) -> Iterator[Row]:
    """Yield both scales, with the calibration error and the log loss that each has.

    A calibrated model has an error above 0 too, as its answers are few: that is the chance of
    an error, from answers drawn with the model's own probabilities. The chance of a log loss
    is that of who gives every kind the same probability.

    Args:
        model: what is asked.
        fitted_on: validation pictures.
        asked: test pictures.
        rng: advanced.
    """
    cosines, truth = (each.numpy() for each in kind_cosines(model, asked))
    own = model.clip.logit_scale.exp().item()
    fitted, low, high = fitted_scale(model, fitted_on, rng)
    yield _row("own scale", own, own, own, None, 0)
    yield _row("fitted scale", fitted, low, high, None, len(fitted_on))
    for name, scale in (("own", own), ("fitted", fitted)):
        logs = log_softmax(scale * cosines.astype(np.float64), axis=1)
        yield error(f"calibration error, {name} scale", np.exp(logs), truth, rng)
        losses = -logs[np.arange(len(truth)), truth]
        uniform = float(np.log(logs.shape[1]))
        loss = f"log loss in nats, {name} scale"
        yield resampled(PART, loss, losses, uniform, rng, shares=False)


def fitted_scale(
    model: Model, seen: Seen, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return the scale that fits some pictures best, and the ends of its interval.

    Where all are named rightly no scale is high enough, and `fit_temperature`'s limit, 10,000,
    comes back.
    """
    cosines, truth = (each.numpy() for each in kind_cosines(model, seen))
    scale = 1 / fit_temperature(cosines, truth)
    drawn = [drawn_again(len(truth), rng) for _ in range(DRAWS)]
    scatter = float(np.std([1 / fit_temperature(cosines[each], truth[each]) for each in drawn]))
    return scale, max(0.0, scale - Z * scatter), scale + Z * scatter


def error(
    name: str,
    shares: Float[np.ndarray, "n kinds"],
    truth: Int[np.ndarray, " n"],
    rng: np.random.Generator,
) -> Row:
    """Return the row of the expected calibration error."""
    found = ece(shares, truth)
    drawn = [drawn_again(len(truth), rng) for _ in range(DRAWS)]
    scatter = float(np.std([ece(shares[each], truth[each]) for each in drawn]))
    honest = float(np.mean([ece(shares, answered(shares, rng)) for _ in range(DRAWS)]))
    low, high = max(0.0, found - Z * scatter), min(1.0, found + Z * scatter)
    return _row(name, found, low, high, honest, len(truth))


def drawn_again(n: int, rng: np.random.Generator) -> Int[np.ndarray, " n"]:
    """Return n of n rows, drawn with replacement."""
    return (n * rng.random(n)).astype(np.int64)


def answered(
    shares: Float[np.ndarray, "n kinds"], rng: np.random.Generator
) -> Int[np.ndarray, " n"]:
    """Return a class for each row, drawn with its probabilities."""
    below = shares.cumsum(axis=1) < rng.random((len(shares), 1))
    return np.minimum(below.sum(axis=1), shares.shape[1] - 1)


def _row(
    name: str, share: float, low: float, high: float, chance: float | None, answers: int
) -> Row:
    return Row(
        name=name, share=share, low=low, high=high, chance=chance, answers=answers, part=PART
    )
