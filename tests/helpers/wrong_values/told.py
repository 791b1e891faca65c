"""What a sweep found, in few lines: by function what is foreign or nonsense, then counts."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from sweep import Outcome

ALIKE, SHOWN = 32, 100
"""So many letters make two exceptions alike, and so many of the first one are shown."""

HOW = ("refused", "python", "foreign", "worked")


def report(outcomes: Sequence[Outcome], *, worked: bool = False) -> Iterator[str]:
    """Yield all lines of a report.

    Args:
        outcomes: of a sweep, function by function.
        worked: list what worked, too.
    """
    yield from by_function(outcomes, worked=worked)
    yield f"{'package':24}{'triples':>8}{''.join(f'{how:>9}' for how in HOW)} nonsense"
    for package, of_package in groupby(sorted(outcomes, key=_package), key=_package):
        yield _counts(package, list(of_package))
    yield _counts("all", outcomes)
    yield f"foreign: {share(outcomes):.2%}"


def by_function(outcomes: Sequence[Outcome], *, worked: bool = False) -> Iterator[str]:
    """Yield what is foreign or nonsense under each function; nonsense is marked with "!"."""
    for name, of_name in groupby(outcomes, key=lambda outcome: outcome.name):
        yield from _of_function(name, list(of_name), worked=worked)


def worst(outcomes: Sequence[Outcome], functions: int = 10) -> str:
    """Return what is foreign in the functions with most of it."""
    foreign = Counter(outcome.name for outcome in outcomes if outcome.how == "foreign")
    chosen = [name for name, _ in foreign.most_common(functions)]
    return "\n".join(by_function([outcome for outcome in outcomes if outcome.name in chosen]))


def share(outcomes: Sequence[Outcome]) -> float:
    """Return the share of calls that ended in foreign words."""
    return sum(outcome.how == "foreign" for outcome in outcomes) / max(1, len(outcomes))


def _of_function(name: str, outcomes: Sequence[Outcome], *, worked: bool) -> Iterator[str]:
    alike: dict[tuple[str, str], list[Outcome]] = {}
    for one in outcomes:
        if one.how == "foreign" or one.nonsense or (worked and one.how == "worked"):
            words = re.sub("'[^']*'", "'…'", one.said)[:ALIKE]
            alike.setdefault((one.parameter, words), []).append(one)
    if alike:
        yield name
    for (parameter, _), several in alike.items():
        mark, said = "!" if several[0].nonsense else " ", several[0].said[:SHOWN] or "works"
        kinds = ", ".join(one.kind for one in several)
        yield f"  {mark} {parameter}: {said}  <- {kinds}"


def _package(outcome: Outcome) -> str:
    return outcome.name.partition(".")[0]


def _counts(package: str, outcomes: Sequence[Outcome]) -> str:
    found = Counter(outcome.how for outcome in outcomes)
    nonsense = sum(outcome.nonsense for outcome in outcomes)
    return (
        f"{package:24}{len(outcomes):8}{''.join(f'{found[how]:9}' for how in HOW)}{nonsense:9}"
    )
