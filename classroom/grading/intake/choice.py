"""Of all that a student handed in, the one file for each exercise, or none, and why.

Its own name counts first, then the newest. Every file is looked at once, whatever their number.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import PurePath

from classroom.grading.faults import UnreadableError
from classroom.grading.intake.files import File
from classroom.grading.intake.names import exercise_of, readable

MOST_NOTES = 3
NUMBERED = re.compile(r"\d\d_")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in for one exercise.

    Args:
        student: their name, as the folder or the LMS has it.
        exercise: its name.
        read: returns the notebook's bytes, or raises UnreadableError; None for nothing.
        when: it arrived.
        notes: what an instructor should know.
        number: by which the LMS knows the student; "" where no LMS named the file.
    """

    student: str
    exercise: str
    read: Callable[[], bytes] | None = None
    when: datetime | None = None
    notes: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True)
class Found:
    """One file of a student: its path below the student's folder, and the file.

    `closed` says why nobody can look into it, where it is a folder or a zip of more.
    """

    path: tuple[str, ...]
    file: File
    closed: str = ""


class Choice:
    """A student's files, sorted by the exercise that their names mean."""

    def __init__(self, found: Sequence[Found], exercises: Sequence[str]) -> None:
        """Look at each file once."""
        self._named: dict[str, list[Found]] = defaultdict(list)
        self._placed: dict[str, list[Found]] = defaultdict(list)
        self._unnamed: list[Found] = []
        self._closed: dict[str | None, list[Found]] = defaultdict(list)
        self._rest: list[Found] = []
        self._single = len(exercises) == 1
        for one in found:
            self._sort(one, exercises)

    def submission(self, plain: Submission) -> Submission:
        """Return a submission with the best file for its exercise, if there is one."""
        exercise = plain.exercise
        named = self._named.get(exercise) or self._lone(exercise)
        if not named:
            closed = self._closed[exercise] + self._closed[None]
            reasons = _few([_why(one) for one in closed])
            return replace(plain, read=partial(_refuse, reasons)) if reasons else plain
        best, *others = sorted(named, key=lambda one: _order(one, exercise))
        notes = _notes(best, others, exercise)
        return replace(plain, read=best.file.read, when=best.file.when, notes=notes)

    def unused(self, exercises: Sequence[str]) -> Iterator[Found]:
        """Yield the files that no exercise wanted."""
        lone = {id(one) for name in exercises for one in self._lone(name)}
        yield from self._rest
        yield from (one for one in self._unnamed if id(one) not in lone)
        yield from (one for some in self._closed.values() for one in some)

    def _sort(self, one: Found, exercises: Sequence[str]) -> None:
        if one.closed:
            stems = (PurePath(part).stem for part in one.path)
            meant = (exercise_of(f"{stem}.ipynb", exercises) for stem in stems)
            self._closed[next(filter(None, meant), None)].append(one)
        elif name := exercise_of(one.path[-1], exercises):
            self._named[name].append(one)
        elif one.path[-1].lower().endswith(".ipynb"):
            self._unnamed.append(one)
            self._placed[one.path[-2] if len(one.path) > 1 else ""].append(one)
        else:
            self._rest.append(one)

    def _lone(self, exercise: str) -> list[Found]:
        """Return the one notebook in the exercise's folder, or of all where one is graded.

        One that is numbered as another exercise belongs there, and counts for no other.
        """
        if self._named.get(exercise):
            return []
        anywhere = self._unnamed if self._single else []
        for some in (self._placed.get(exercise, []), anywhere):
            own = [one for one in some if not _is_of_another(one.path[-1], exercise)]
            if len(own) == 1:
                return own
        return []


def few(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the first texts, and how many more there are: a student's zip may hold many."""
    more = len(texts) - most
    return (*texts[:most], *([f"and {more:,} more like it"] if more > 0 else []))


def shown(parts: Sequence[str]) -> str:
    """Return a path that can be printed."""
    return readable("/".join(parts))


def _is_of_another(file: str, exercise: str) -> bool:
    return bool(NUMBERED.match(file)) and file[:3] != exercise[:3]


def _notes(best: Found, others: Sequence[Found], exercise: str) -> tuple[str, ...]:
    own = [] if exercise_of(best.path[-1], [exercise]) else [f"it is called {shown(best.path)}"]
    if best.file.when is None:
        own.append("when it arrived cannot be told")
    return (*own, *_few([f"not used: {shown(one.path)}" for one in others]))


def _why(one: Found) -> str:
    path = [part for part in one.path if part != "."]  # a folder itself; of a student, nothing
    return f"{shown(path)}: {one.closed}" if path else one.closed


def _few(texts: Sequence[str]) -> tuple[str, ...]:
    return few(texts, MOST_NOTES)


def _order(one: Found, exercise: str) -> tuple[bool, bool, float, tuple[str, ...]]:
    exact = one.path[-1] == f"{exercise}.ipynb"
    placed = one.path[:-1] in ((), (exercise,))
    when = one.file.when.timestamp() if one.file.when else 0.0
    return (not exact, not placed, -when, one.path)


def _refuse(reasons: Sequence[str]) -> bytes:
    raise UnreadableError("; ".join(reasons))
