"""Sort what was handed in: for every student and exercise one file, or none, and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from classroom.grading.faults import UnreadableError
from classroom.grading.intake.files import File, files, inside, students
from classroom.grading.intake.names import exercise_of, owner, readable

MOST_NOTES = 3


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in for one exercise.

    Args:
        student: their name, as the folder or the LMS has it.
        exercise: its name.
        read: returns the notebook's bytes, or raises UnreadableError; None for nothing.
        when: it arrived.
        notes: what an instructor should know.
    """

    student: str
    exercise: str
    read: Callable[[], bytes] | None = None
    when: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """Every student with every exercise, and the paths that nobody could place."""

    submissions: tuple[Submission, ...]
    ignored: tuple[str, ...]


def collect(root: Path, exercises: Sequence[str]) -> Collection:
    """Return a submission for every student and exercise, those not handed in included.

    Raises:
        ValueError: if there is neither a folder nor a zip, or no student in it.
    """
    if not root.exists():
        raise ValueError(f"submissions: expected a folder or a zip; there is no {root}.")
    found: dict[tuple[str, ...], list[_Found]] = defaultdict(list)
    names: dict[tuple[str, ...], str] = {}
    ignored = []
    for folder in students(root):
        if whose := owner([folder, "_"]):
            names[whose.key] = whose.student
    for file in _without_wrapping(list(files(root)), root, exercises):
        if whose := owner(file.parts):
            names[whose.key] = whose.student
            found[whose.key] += _notebooks(file, whose.rest)
        else:
            ignored.append(_shown(file.parts))
    if not names:
        raise ValueError(
            f"submissions: expected a folder for each student in {root}, or an export of "
            "Moodle or Canvas; found neither."
        )
    made = [
        _chosen(student, name, found[key], exercises)
        for key, student in _told_apart(names)
        for name in exercises
    ]
    ignored += [
        _shown((*key, *one.path))
        for key, some in found.items()
        for one in some
        if not _is_used(one, some, exercises)
    ]
    return Collection(tuple(made), tuple(sorted(ignored)))


@dataclass(frozen=True)
class _Found:
    """One file of a student: its path below the student's folder, and the file."""

    path: tuple[str, ...]
    file: File
    reason: str = ""


def _told_apart(names: Mapping[tuple[str, ...], str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each key with a name of its own: two that print alike get a number."""
    used: set[str] = set()
    for key, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0])):
        free, count = name, 1
        while free in used:
            count += 1
            free = f"{name} ({count})"
        used.add(free)
        yield key, free


def _without_wrapping(found: list[File], root: Path, exercises: Sequence[str]) -> list[File]:
    """Return the files of a zip without the one folder that it was made of, if it was."""
    tops = {file.parts[0] for file in found}
    wrapped = (
        root.is_file()
        and len(tops) == 1
        and all(len(file.parts) > 2 and file.parts[1] not in exercises for file in found)
    )
    return [replace(file, parts=file.parts[1:]) for file in found] if wrapped else found


def _notebooks(file: File, rest: tuple[str, ...]) -> Iterator[_Found]:
    """Yield the file, or the files of the zip that it is."""
    if not rest[-1].lower().endswith(".zip"):
        yield _Found(rest, file)
        return
    try:
        for member in list(inside(file)):
            yield _Found(member.parts, member)
    except UnreadableError as error:
        yield _Found(rest, file, str(error))


def _chosen(
    student: str, exercise: str, found: Sequence[_Found], exercises: Sequence[str]
) -> Submission:
    """Return a student's best file for an exercise: its own name first, then the newest."""
    plain = Submission(student=student, exercise=exercise)
    named = [one for one in found if exercise_of(one.path[-1], exercises) == exercise]
    if not named:
        named = _lone(found, exercise, exercises)
        if not named:
            reasons = [f"{_shown(one.path)}: {one.reason}" for one in found if one.reason]
            return replace(plain, notes=_few(reasons))
        plain = replace(plain, notes=(f"it is called {_shown(named[0].path)}",))
    best, *others = sorted(named, key=lambda one: _order(one, exercise))
    also = _few([f"not used: {_shown(one.path)}" for one in others])
    return replace(plain, read=best.file.read, when=best.file.when, notes=plain.notes + also)


def _few(notes: Sequence[str]) -> tuple[str, ...]:
    """Return the first notes, and how many more there are: a student's zip may hold many."""
    more = len(notes) - MOST_NOTES
    return (*notes[:MOST_NOTES], *([f"and {more} more like it"] if more > 0 else []))


def _order(one: _Found, exercise: str) -> tuple[bool, bool, float, tuple[str, ...]]:
    exact = one.path[-1] == f"{exercise}.ipynb"
    placed = one.path[:-1] in ((), (exercise,))
    when = one.file.when.timestamp() if one.file.when else 0.0
    return (not exact, not placed, -when, one.path)


def _lone(found: Sequence[_Found], exercise: str, exercises: Iterable[str]) -> list[_Found]:
    """Return the one notebook in the exercise's folder, or of a student where one is graded."""
    unnamed = [
        one
        for one in found
        if one.path[-1].lower().endswith(".ipynb") and not exercise_of(one.path[-1], exercises)
    ]
    here = [one for one in unnamed if len(one.path) > 1 and one.path[-2] == exercise]
    only = list(exercises) == [exercise]
    for some in (here, unnamed if only else []):
        if len(some) == 1:
            return some
    return []


def _is_used(one: _Found, found: Sequence[_Found], exercises: Sequence[str]) -> bool:
    named = exercise_of(one.path[-1], exercises) is not None
    return named or any(one in _lone(found, name, exercises) for name in exercises)


def _shown(parts: Sequence[str]) -> str:
    return readable("/".join(parts))
