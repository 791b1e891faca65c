"""Answers to 12.3 that treat sentences that have ended in a way of their own."""

from collections.abc import Callable
from typing import Any

from classroom.checks.ex12_vqa_and_captioning.search import (
    Beam,
    Beginning,
    Step,
    k_best,
    normalised,
    told_of,
    total,
)
from classroom.checks.question import Answer


def beside(
    *,
    seen: Callable[[int], int] = lambda _: 10**6,
    enough: bool = False,
    open_too: bool = True,
    refill: bool = True,
) -> Answer:
    """Return an answer that puts sentences aside, so that others have their places.

    Args:
        seen: how many of the ranked ones are looked at for sentences.
        enough: whether it stops when k are put aside.
        open_too: whether those that have not ended count at the end.
        refill: whether k go on at once, or what is left of the k, which make k others.
    """

    def answer(step: Step, k: int, longest: int, length_penalty: float) -> Any:
        kept, aside = [Beginning()], []
        for _ in range(longest):
            grown = k_best([one.on(step) for one in kept], 10**6, total)
            aside += [one for one in grown[: seen(k)] if one.ended]
            kept = [one for one in (grown if refill else grown[:k]) if not one.ended][:k]
            if enough and len(aside) >= k:
                break
        among = aside + kept if open_too or not aside else aside
        found = max(among, key=lambda one: normalised(one, length_penalty))
        return told_of(found, normalised(found, length_penalty))

    return answer


def protected(beams: list[Beam], k: int, rank: Callable[[Beginning], float]) -> Beam:
    """Return all that ended before, and the best of the others as long as there is room."""
    before = [beam[0] for beam in beams if len(beam) == 1]
    return before + k_best([beam for beam in beams if len(beam) > 1], k - len(before), rank)
