"""What a class has in common: who is right, who makes which mistake, how the points lie.

Counted are results as `grades.csv` and `report.json` hold them. A share is of the students
whose notebook ran; one who makes two mistakes in a question stands at both. Leaves out words
and pictures: `whole_class` has those.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classroom.grading.results import PropertyResult, QuestionResult, Result

RIGHT, MISTAKE, OTHER = "right", "mistake", "other"
UNNAMED = ("no known mistake", "raised", "stopped", "not attempted", "missing")
"""What else can come of a question, in the order in which it is shown."""
NOT_RUN = {
    "missing": "not handed in",
    "unreadable": "unreadable",
    "stopped": "stopped",
    "not graded": "not graded",
}
"""Why a submission has no result for any question, and what that is called."""
MOST_BINS = 21


@dataclass(frozen=True, kw_only=True)
class Group:
    """Students of whom the same is true; `kind` is one of the three words above."""

    kind: str
    name: str
    students: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.students)


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A property with hidden cases: how many lost it, of those who attempted its question."""

    number: str
    function: str
    name: str
    count: int
    of: int


@dataclass(frozen=True, kw_only=True)
class QuestionTally:
    """One question: how many were asked it, who is right, and what the others did."""

    number: str
    function: str
    asked: int
    right: tuple[str, ...]
    groups: tuple[Group, ...]
    lost: tuple[Lost, ...]

    @property
    def mistakes(self) -> tuple[Group, ...]:
        """The groups that have a mistake's name, the largest first."""
        return tuple(one for one in self.groups if one.kind == MISTAKE)


@dataclass(frozen=True, kw_only=True)
class Bin:
    """How many have points from `start` up to, but not, `end`."""

    start: float
    end: float
    count: int


@dataclass(frozen=True, kw_only=True)
class ExerciseTally:
    """One exercise; `not_run` holds a group for each reason why nothing ran."""

    name: str
    maximum: float
    students: int
    handed_in: int
    points: tuple[float, ...]
    questions: tuple[QuestionTally, ...]
    not_run: tuple[Group, ...]

    @property
    def median(self) -> float:
        """The middle of the points of those who handed in."""
        return statistics.median(self.points)

    @property
    def lost(self) -> Lost | None:
        """The hidden property that was lost most often; None where none was."""
        every = [lost for one in self.questions for lost in one.lost]
        return max(every, key=lambda one: one.count, default=None)

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The points' distribution: a bin a point, or a few points where there are many."""
        width = max(1, math.ceil((self.maximum + 1) / MOST_BINS))
        count = int(self.maximum // width) + 1
        held = [0] * count
        for points in self.points:
            held[min(int(points // width), count - 1)] += 1
        return tuple(
            Bin(start=at * width, end=(at + 1) * width, count=number)
            for at, number in enumerate(held)
        )


def tally(results: Sequence[Result]) -> tuple[ExerciseTally, ...]:
    """Return what came of each exercise, in the order of their names."""
    by_name: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        by_name[one.exercise].append(one)
    return tuple(_exercise(name, by_name[name]) for name in sorted(by_name))


def _exercise(name: str, results: Sequence[Result]) -> ExerciseTally:
    asked: dict[str, list[tuple[str, QuestionResult]]] = defaultdict(list)
    for result in results:
        for question in result.questions:
            asked[question.number].append((result.student, question))
    handed_in = [one for one in results if one.status != "missing"]
    return ExerciseTally(
        name=name,
        maximum=max(one.maximum for one in results),
        students=len(results),
        handed_in=len(handed_in),
        points=tuple(one.points for one in handed_in if one.points is not None),
        questions=tuple(_question(asked[number]) for number in sorted(asked)),
        not_run=tuple(_not_run(results)),
    )


def _not_run(results: Sequence[Result]) -> Iterator[Group]:
    """Yield the students of whom no question has a result, by why that is."""
    for status, name in NOT_RUN.items():
        nothing = (one for one in results if one.status == status and not one.questions)
        if students := tuple(one.student for one in nothing):
            yield Group(kind=OTHER, name=name, students=students)


def _question(asked: Sequence[tuple[str, QuestionResult]]) -> QuestionTally:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, question in asked:
        for key in _came_to(question):
            groups[key].append(student)
    right = groups.pop((RIGHT, RIGHT), [])
    first = asked[0][1]
    return QuestionTally(
        number=first.number,
        function=first.function,
        asked=len(asked),
        right=tuple(right),
        groups=tuple(
            Group(kind=kind, name=name, students=tuple(students))
            for (kind, name), students in sorted(groups.items(), key=_order)
        ),
        lost=tuple(_lost([question for _, question in asked])),
    )


def _came_to(question: QuestionResult) -> list[tuple[str, str]]:
    """Return the kind and the name of what came of a question: several for several mistakes."""
    if question.status == "passed":
        return [(RIGHT, RIGHT)]
    names = dict.fromkeys(one.mistake for one in question.properties if one.mistake)
    if names or question.diagnosis:
        return [(MISTAKE, name) for name in names or [question.diagnosis]]
    if question.status in UNNAMED:
        return [(OTHER, question.status)]
    ended = {case.status for one in question.properties for case in one.cases}
    unnamed = [word for word in ("stopped", "raised") if word in ended]
    return [(OTHER, unnamed[0] if unnamed else UNNAMED[0])]


def _order(item: tuple[tuple[str, str], list[str]]) -> tuple[bool, int, int, str]:
    """Put mistakes first, the most common before the others; the rest as `UNNAMED` has it."""
    (kind, name), students = item
    place = UNNAMED.index(name) if kind == OTHER else 0
    return kind == OTHER, place, -len(students), name


def _lost(asked: Sequence[QuestionResult]) -> Iterator[Lost]:
    """Yield each property with hidden cases that somebody who attempted the question lost."""
    tried = [one for one in asked if one.status not in ("not attempted", "missing")]
    held: dict[str, list[bool]] = defaultdict(list)
    for question in tried:
        for one in question.properties:
            if any(not case.visible for case in one.cases):
                held[one.name].append(_held(one))
    for name, all_passed in held.items():
        if not all(all_passed):
            yield Lost(
                number=asked[0].number,
                function=asked[0].function,
                name=name,
                count=all_passed.count(False),
                of=len(all_passed),
            )


def _held(one: PropertyResult) -> bool:
    return all(case.status == "passed" for case in one.cases if not case.visible)
