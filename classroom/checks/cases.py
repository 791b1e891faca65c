"""A question's cases, with what is right in each and what known mistakes make of it.

Each is computed once, when it is first asked for, and kept: many answers are judged on the
same cases, by graders and by tests.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from classroom.checks.calls import Outcome, expected, known
from classroom.checks.question import Answer, Case, Changes, Mistake, Property, Question

PRACTICE = 0
"""The seed of the cases that learners see. Graders draw with seeds of their own."""


@lru_cache(maxsize=256)
def practice(question: Question) -> "Cases":
    """Return the cases that learners see, the same object for the same question."""
    return Cases(question, PRACTICE)


class Cases:
    """The cases that a seed draws, or others of the same question."""

    def __init__(
        self,
        question: Question,
        seed: int = PRACTICE,
        drawn: Iterable[tuple[Property, Case]] | None = None,
    ) -> None:
        """Draw the cases; an error in drawing them is raised."""
        self.question = question
        self.drawn = tuple(question.draw(seed) if drawn is None else drawn)
        self._right: dict[int, Any] = {}
        self._known: dict[tuple[int, int], Outcome] = {}
        self._answers: dict[str, tuple[Answer, ...]] = {}
        self._made: dict[frozenset[tuple[str, int]], Answer] = {}

    def right(self, case: Case) -> Any:
        """Return what is right in one of these cases; an error in it is raised."""
        if id(case) not in self._right:
            self._right[id(case)] = expected(self.question, case)
        return self._right[id(case)]

    def answers(self, mistake: Mistake) -> tuple[Answer, ...]:
        """Return all answers that make a mistake of the question's."""
        if mistake.name not in self._answers:
            self._answers[mistake.name] = self.question.answers(mistake)
        return self._answers[mistake.name]

    def made(self, changes: Changes) -> Answer:
        """Return the answer that the question's `build` makes of some changes."""
        key = frozenset((name, id(value)) for name, value in changes.items())
        if key not in self._made:
            self._made[key] = self.question.made(changes)
        return self._made[key]

    def known(self, answer: Answer, case: Case) -> Outcome:
        """Return what one of the answers above makes of one of these cases."""
        key = (id(answer), id(case))
        if key not in self._known:
            self._known[key] = known(self.question, answer, case.arguments)
        return self._known[key]
