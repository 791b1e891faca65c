"""Time two ways of doing one thing, in turn, on one core.

CPU seconds are counted, not seconds on the clock, and the two take turns, so that other work
on the machine disturbs both alike. Leaves out memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

from threadpoolctl import threadpool_limits

ROUNDS = 9


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the results.

    Args:
        what: what is measured, for `ours` and for the peer.
        peer: what it is compared with.
        unit: what is counted, per second.
        count: how many of them one call makes.
        ours: does it our way.
        theirs: does it the peer's way.
    """

    what: str
    peer: str
    unit: str
    count: int
    ours: Callable[[], object]
    theirs: Callable[[], object]


@dataclass(frozen=True)
class Result:
    """Counts per CPU second in the fastest round, and how many times faster ours is.

    Other work on a machine only ever slows a round down, so the fastest is the one least
    disturbed; `ratio` is the median over the rounds, in each of which both took a turn.
    """

    ours: float
    theirs: float
    ratio: float
    lowest: float
    highest: float


def measure(entry: Entry) -> Result:
    """Return the rates and their ratio, after one unmeasured round."""
    times = []
    with threadpool_limits(limits=1):
        for _ in range(ROUNDS + 1):
            times.append((_seconds(entry.ours), _seconds(entry.theirs)))
    del times[0]  # the first round fills caches
    ours, theirs = (min(column) for column in zip(*times, strict=True))
    ratios = [theirs / ours for ours, theirs in times]
    rates = entry.count / ours, entry.count / theirs
    return Result(*rates, median(ratios), min(ratios), max(ratios))


def _seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start
