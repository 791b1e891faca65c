"""14.7: how often the right picture is among the first, and how sure that is.

Leaves out other intervals, and comparing two engines on the same queries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classroom.checks.invariances import within
from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Interval = Callable[[float, int, float], tuple[float, float]]
Told = tuple[float, ...]


def wilson(share: float, n: int, z: float) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5
    return middle - half, middle + half


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`report`, with steps that may be replaced."""

    hit: Callable[[np.ndarray, int], np.ndarray] = lambda ranks, k: ranks < k
    interval: Interval = wilson
    last: Callable[..., Told] = lambda share, low, high: (share, low, high)

    def __call__(self, ranks: list[int], k: int, z: float = 1.96) -> Told:
        """Return recall at k, and the ends of its interval."""
        given = np.asarray(ranks)
        share = float(self.hit(given, k).mean())
        return self.last(share, *self.interval(share, len(given), z))


report = Steps()
"""Recall at k, with Wilson's interval."""


def _normal(share: float, n: int, z: float) -> tuple[float, float]:
    half = z * (share * (1 - share) / n) ** 0.5
    return share - half, share + half


def _normal_cut(share: float, n: int, z: float) -> tuple[float, float]:
    low, high = _normal(share, n, z)
    return max(low, 0.0), min(high, 1.0)


def _around_the_middle(share: float, n: int, z: float) -> tuple[float, float]:
    """Return the interval of Agresti and Coull: Wilson's middle, with a normal width."""
    return _normal((share + z**2 / (2 * n)) / (1 + z**2 / n), round(n + z**2), z)


def _around_the_share(share: float, n: int, z: float) -> tuple[float, float]:
    low, high = wilson(share, n, z)
    return share - (high - low) / 2, share + (high - low) / 2


def _without_root(share: float, n: int, z: float) -> tuple[float, float]:
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def _not_divided(share: float, n: int, z: float) -> tuple[float, float]:
    low, high = wilson(share, n, z)
    return low * (1 + z**2 / n), high * (1 + z**2 / n)


def _ranks(rng: np.random.Generator, hits: int, misses: int, k: int) -> list[int]:
    """Return ranks of which so many are below k; some are k, k - 1 and 0."""
    below = [k - 1, *rng.integers(0, k, hits)][:hits]
    beyond = [k, *rng.integers(k, 3 * k + 2, misses)][:misses]
    return [int(one) for one in rng.permutation([*below, *beyond])]


def _asked(
    rng: np.random.Generator, hits: tuple[int, int], misses: tuple[int, int]
) -> tuple[list[int], int, float]:
    """Return ranks, k and z."""
    k = int(rng.integers(2, 6))
    counts = (int(rng.integers(*hits)), int(rng.integers(*misses)))
    return _ranks(rng, *counts, k), k, round(float(rng.uniform(1.2, 3)), 2)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("three of four", [0, 2, 1, 7], 3, 1.96),
        shown("all of ten", [0] * 10, 1, 1.96),
        shown("the first place alone", [0, 1, 1, 0], 1, 1.0),
    ]


def _usual(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("most of them", *_asked(rng, (12, 20), (3, 6))),
        hidden("few of them", *_asked(rng, (2, 5), (9, 17))),
    ]


def _ends(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("all of them", *_asked(rng, (4, 12), (0, 1))),
        hidden("none of them", *_asked(rng, (0, 1), (4, 12))),
    ]


def _small(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three queries", *_asked(rng, (2, 3), (1, 2))),
        hidden("one query", *_asked(rng, (1, 2), (0, 1))),
    ]


REPORT = Question(
    number="14.7",
    function="report",
    reference=report,
    build=Steps,
    rtol=1e-4,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="many queries", points=1, cases=_usual),
        Property(name="all and none", points=1, cases=_ends),
        Property(name="few queries", points=1, cases=_small),
    ),
    mistakes=(
        Mistake(
            name="normal-interval",
            message="Your interval is the normal one, or of Wilson's middle with a normal "
            "width. With all right it has no width, with few queries it leaves 0 to 1. Take "
            "Wilson's.",
            changes={"interval": _normal},
            variants=({"interval": _normal_cut}, {"interval": _around_the_middle}),
        ),
        Mistake(
            name="rank-from-one",
            message="A rank of k counts with you. Ranks begin at 0, so the first k places are "
            "0 to k - 1: rank < k.",
            changes={"hit": lambda ranks, k: ranks <= k},
        ),
        Mistake(
            name="one-place-too-few",
            message="A rank of k - 1 is the last that counts; you stop before it. rank < k.",
            changes={"hit": lambda ranks, k: ranks < k - 1},
            variants=({"hit": lambda ranks, k: (ranks > 0) & (ranks < k)},),
        ),
        Mistake(
            name="place-k-alone",
            message="You count one place alone. All of the first k places count.",
            changes={"hit": lambda ranks, k: ranks == k - 1},
            variants=({"hit": lambda ranks, _: ranks == 0}, {"hit": lambda r, k: r == k}),
        ),
        Mistake(
            name="misses",
            message="You count the queries that miss.",
            changes={"hit": lambda ranks, k: ranks >= k},
        ),
        Mistake(
            name="z-ignored",
            message="Your interval is that of z = 1.96, whatever z is.",
            changes={"interval": lambda share, n, _: wilson(share, n, 1.96)},
        ),
        Mistake(
            name="around-the-share",
            message="Your interval lies evenly around the share. Wilson's does not: its "
            "middle is (p + z² / 2n) / (1 + z² / n), nearer to one half.",
            changes={"interval": _around_the_share},
        ),
        Mistake(
            name="no-root",
            message="The half width lacks its root: √(p (1 - p) / n + z² / 4n²).",
            changes={"interval": _without_root},
        ),
        Mistake(
            name="not-divided",
            message="Both ends are to be divided by 1 + z² / n.",
            changes={"interval": _not_divided},
        ),
        Mistake(
            name="middle-for-recall",
            message="The first number is the share of hits itself, not the interval's middle.",
            changes={"last": lambda _, low, high: ((low + high) / 2, low, high)},
        ),
        Mistake(
            name="half-width",
            message="You return a width. Both ends are asked for: recall, low, high.",
            changes={"last": lambda share, low, high: (share, (high - low) / 2)},
            variants=({"last": lambda share, low, high: (share, share - low, high - share)},),
        ),
        Mistake(
            name="ends-swapped",
            message="Your ends have changed places: recall, low, high.",
            changes={"last": lambda share, low, high: (share, high, low)},
            variants=({"last": lambda share, low, high: (low, share, high)},),
        ),
        Mistake(
            name="percent",
            message="You return per cent. Shares lie from 0 to 1.",
            changes={"last": lambda *told: tuple(100 * one for one in told)},
        ),
    ),
    invariances=(
        within("Shares lie from 0 to 1; yours do not.", 0, 1),
        Invariance(
            name="inside",
            message="The recall must lie within its interval; yours does not.",
            holds=lambda run, *asked: bool(
                (told := run(*asked))[1] - 1e-9 <= told[0] <= told[2] + 1e-9
            ),
        ),
        Invariance(
            name="any-order",
            message="The order of the queries must change nothing.",
            holds=lambda run, ranks, k, z: bool(
                np.allclose(run(ranks[::-1], k, z), run(ranks, k, z))
            ),
        ),
        Invariance(
            name="recall",
            message="The recall is another: the share of ranks below k.",
            holds=lambda run, ranks, k, z: bool(
                np.isclose(run(ranks, k, z)[0], report(ranks, k, z)[0])
            ),
        ),
    ),
)
