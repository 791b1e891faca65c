"""Answers to 18.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

Array = np.ndarray
Hits = tuple[Array, Array]
Controls = list[tuple[str, Array]]
WIDE = 1.96


def _lost(full: Array, without: Array) -> Array:
    return full.astype(float) - without.astype(float)


def _paired(full: Array, without: Array) -> float:
    return float(_lost(full, without).std() / len(full) ** 0.5)


def _sure(lost: float, error: float) -> float:
    return lost - WIDE * error


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`needs`, with steps that may be replaced."""

    full: Callable[[Array], Array] = lambda full: full
    lost: Callable[[Array, Array], float] = lambda full, without: float(
        _lost(full, without).mean()
    )
    error: Callable[[Array, Array], float] = _paired
    bound: Callable[[float, float], float] = _sure
    above: Callable[[float, float], bool] = lambda low, least: low > least
    last: Callable[[list[str]], list[str]] = lambda names: names

    def __call__(self, full: Array, controls: Controls, least: float) -> list[str]:
        """Return the names of the controls that surely lose more than `least`."""
        found = []
        for name, without in controls:
            pair = self.full(full), without
            low = self.bound(self.lost(*pair), self.error(*pair))
            if self.above(low, least):
                found.append(name)
        return self.last(found)


needs = Steps()
"""What an answer needs: without it, surely more than `least` of the answers are lost."""


def _of_shares(*hits: Array) -> float:
    shares = np.array([one.mean() for one in hits])
    return float((shares * (1 - shares) / len(hits[0])).sum() ** 0.5)


def _taken(full: Array, without: Array) -> Array:
    return full & ~without


def _where_right(full: Array, without: Array) -> Array:
    """Return what is lost of the films that the model got right; nothing if there are none."""
    return _lost(full[full], without[full]) if full.any() else np.zeros(1)


MISTAKES = (
    Mistake(
        name="no-interval",
        message="You compared the loss itself. On other films it would be another: it must be "
        "more than `least` still at the lower end of its interval.",
        changes={"bound": lambda lost, _: lost},
    ),
    Mistake(
        name="upper-end",
        message="You took the upper end of the interval. What is needed must lose more than "
        "`least` even at the lower end: mean - 1.96 · error.",
        changes={"bound": lambda lost, error: lost + WIDE * error},
    ),
    Mistake(
        name="one-error",
        message="Your interval is one standard error wide. 95 of 100 lie within 1.96.",
        changes={"bound": lambda lost, error: lost - error},
    ),
    Mistake(
        name="not-paired",
        message="You took the error of one share, or of two as if they came from different "
        "films. They are the same films: take the spread of the difference, film by film.",
        changes={"error": _of_shares},
        variants=(
            {"error": lambda full, _: _of_shares(full)},
            {"error": lambda _, without: _of_shares(without)},
        ),
    ),
    Mistake(
        name="right-ones-alone",
        message="You looked only at films that the model got right. All films count: what a "
        "control wins on the others must be taken off.",
        changes={
            "lost": lambda *pair: float(_where_right(*pair).mean()),
            "error": lambda *pair: float(
                _where_right(*pair).std() / len(_where_right(*pair)) ** 0.5
            ),
        },
    ),
    Mistake(
        name="spread-for-error",
        message="You took the spread of single films. That of their mean is smaller by the "
        "root of how many there are.",
        changes={"error": lambda *pair: float(_lost(*pair).std())},
    ),
    Mistake(
        name="variance-for-error",
        message="You left out a root: the error is the spread, which is the root of the "
        "variance, divided by the root of n.",
        changes={"error": lambda *pair: float(_lost(*pair).var() / len(pair[0]) ** 0.5)},
    ),
    Mistake(
        name="least-ignored",
        message="You ask whether anything is lost. More than `least` must be.",
        changes={"above": lambda low, _: low > 0},
    ),
    Mistake(
        name="gains-count",
        message="A control that is right more often counts as lost with you. Take full minus "
        "without, with its sign.",
        changes={"lost": lambda *pair: abs(float(_lost(*pair).mean()))},
    ),
    Mistake(
        name="turned-round",
        message="You took without minus full, so that losses are below 0.",
        changes={"lost": lambda *pair: -float(_lost(*pair).mean())},
    ),
    Mistake(
        name="differing-counted",
        message="You counted films on which the two differ, either way, or those alone that "
        "are lost. What a control wins must be taken off: the mean of full - without.",
        changes={"lost": lambda *pair: float(np.abs(_lost(*pair)).mean())},
        variants=(
            {"lost": lambda *pair: float(_taken(*pair).mean())},
            {
                "lost": lambda *pair: float(_taken(*pair).mean()),
                "error": lambda *pair: _of_shares(_taken(*pair)),
            },
            {
                "lost": lambda full, without: float((full ^ without).mean()),
                "error": lambda full, without: _of_shares(full ^ without),
            },
        ),
    ),
    Mistake(
        name="not-needed",
        message="You list what is not needed.",
        changes={"above": lambda low, least: not low > least},
    ),
    Mistake(
        name="share-of-the-control",
        message="You looked at how often the control is wrong. What counts is what it loses of "
        "what the full model had.",
        changes={"full": np.ones_like},
    ),
    Mistake(
        name="sorted",
        message="Your names stand in another order. Keep that of the controls.",
        changes={"last": lambda names: names[::-1]},
        variants=({"last": sorted},),
    ),
)
