"""Sort what was handed in: for every student and exercise one file, or none, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classroom.grading.faults import UnreadableError
from classroom.grading.intake.choice import Choice, Found, Submission, few, shown
from classroom.grading.intake.files import File, of_folder, students
from classroom.grading.intake.names import Owner, owner
from classroom.grading.intake.zips import inside, of_zip

MOST_IGNORED = 20


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
    owners: dict[tuple[str, ...], Owner] = {}
    found: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    strays = []
    folders, there = _listed(root)
    for folder in folders:
        if whose := owner([folder, "_"]):
            owners[whose.key] = whose
    for file in _without_wrapping(there, root, exercises):
        # of a student's own folder that cannot be looked into, nothing but the folder is left
        whose = owner([*file.parts, "."] if file.closed else file.parts)
        if whose:
            owners[whose.key] = whose
            found[whose.key] += _notebooks(file, whose.rest)
        else:
            strays.append(shown(file.parts))
    if not owners:
        raise ValueError(
            f"submissions: expected a folder for each student in {root}, or an export of "
            "Moodle or Canvas; found neither."
        )
    made = []
    for key, student in _told_apart(owners):
        choice = Choice(found[key], exercises)
        plain = Submission(student=student, exercise="", number=owners[key].number)
        made += [choice.submission(replace(plain, exercise=name)) for name in exercises]
        unused = [shown((*key, *one.path)) for one in choice.unused(exercises)]
        strays += few(sorted(unused), MOST_IGNORED)
    return Collection(tuple(made), tuple(strays))


def _listed(root: Path) -> tuple[list[str], list[File]]:
    """Return the students' folders, and the files of a folder or of a zip, in order."""
    try:
        if not root.is_dir() and not root.is_file():  # a pipe, say, would be waited for
            raise ValueError(f"submissions: expected a folder or a zip; there is no {root}.")
        found = of_folder(root) if root.is_dir() else of_zip(root)
        return students(root), sorted(found, key=lambda file: file.parts)
    except OSError as error:
        raise ValueError(
            f"submissions: expected a folder or a zip; cannot open {root} ({error.strerror})."
        ) from error


def _told_apart(
    owners: Mapping[tuple[str, ...], Owner],
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each key with a name of its own: two that print alike get a number."""
    used: set[str] = set()
    counts: dict[str, int] = defaultdict(int)
    for key, one in sorted(owners.items(), key=lambda pair: (pair[1].student, pair[0])):
        free = one.student
        while free in used:
            counts[one.student] += 1
            free = f"{one.student} ({counts[one.student] + 1})"
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


def _notebooks(file: File, rest: tuple[str, ...]) -> Iterator[Found]:
    """Yield the file, or the files of the zip that it is."""
    if file.closed or not rest[-1].lower().endswith(".zip"):
        yield Found(rest, file, file.closed)
        return
    try:
        for member in list(inside(file)):
            yield Found(member.parts, member)
    except UnreadableError as error:
        yield Found(rest, file, str(error))
