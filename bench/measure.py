"""Time several ways of doing one thing, in turn, on one core.

CPU seconds are counted, those of child processes included, and the ways take turns, so that
other work on the machine disturbs all alike. On a GPU it is seconds on the clock, with all work
awaited. Leaves out memory: `memory.py`.
"""

import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import torch
from threadpoolctl import threadpool_limits

ROUNDS = 5
OURS = "ours"
LIMIT = "limit"
"""The names of the first way, and of the one that only does what no program can spare."""

Way = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of the results: the same thing, done in our way and in that of our peers.

    Args:
        name: what is done, `ours` and by the peers.
        unit: what is counted, per second.
        count: how many of them one call makes.
        ours: does it our way.
        peers: does it the way of each peer, by the peer's name.
        limit: what the machine itself must do for it, named, and alone: read the vectors once,
            multiply the matrices, decode the files. None where there is no such thing.
        memory: whether the peak of memory is told, too.
        device: "cpu" or "cuda".
    """

    name: str
    unit: str
    count: float
    ours: Way
    peers: Mapping[str, Way]
    limit: tuple[str, Way] | None = None
    memory: bool = False
    device: str = "cpu"

    def ways(self) -> dict[str, Way]:
        """Return all ways by name, ours first."""
        limit = {LIMIT: self.limit[1]} if self.limit else {}
        return {OURS: self.ours, **self.peers, **limit}


@dataclass(frozen=True)
class Times:
    """Seconds of each round; a round of one way lies beside the same round of another."""

    seconds: Mapping[str, tuple[float, ...]]

    def fastest(self, way: str) -> float:
        """Return the seconds of the round that other work disturbed least."""
        return min(self.seconds[way])

    def ratio(self, way: str) -> tuple[float, float, float]:
        """Return how many times faster ours is: the median round, the lowest, the highest."""
        pairs = zip(self.seconds[way], self.seconds[OURS], strict=True)
        ratios = [theirs / ours for theirs, ours in pairs]
        return median(ratios), min(ratios), max(ratios)


def measure(case: Case, rounds: int = ROUNDS) -> Times:
    """Return the seconds of every way, after one round that is not counted.

    Every other round goes backwards, so that nobody always follows the same.
    """
    clock = _on_the_clock if case.device == "cuda" else _at_work
    ways = case.ways()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    with threadpool_limits(limits=1):
        for number in range(rounds + 1):
            for name in sorted(ways, key=list(ways).index, reverse=number % 2 == 1):
                taken = clock(ways[name])
                if number:  # the first round fills caches
                    seconds[name].append(taken)
    return Times({name: tuple(taken) for name, taken in seconds.items()})


def _at_work(way: Way) -> float:
    before = _used()
    way()
    return _used() - before


def _used() -> float:
    """Return the CPU seconds of this process and of the children that have ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _on_the_clock(way: Way) -> float:
    torch.cuda.synchronize()
    started = perf_counter()
    way()
    torch.cuda.synchronize()
    return perf_counter() - started
