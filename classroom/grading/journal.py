"""What a run has graded so far, written down at once, so that a run cut off goes on from there.

One line of JSON a result, with a checksum of it, each synced to the disk; a line cut short is
dropped, and one that does not agree with its checksum is told. A lock keeps two runs from one
report.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from classroom.grading.exercise import Exercise
from classroom.grading.results import Result

NAME = "journal.jsonl"


class Journal:
    """The results in a report's folder, in the order in which they came; a context."""

    def __init__(self, folder: Path, head: Mapping[str, Any]) -> None:
        """Open the journal of a folder, or begin it with `head`.

        Raises:
            ValueError: if it belongs to a run with another head, a line of it was changed, or
                another run is writing.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(_alone(folder))
            self._file = opened.enter_context((folder / NAME).open("a+b"))
            self.results = self._begun(folder, head)
            self._opened = opened.pop_all()

    def add(self, result: Result) -> None:
        """Write a result down, and return once it is on the disk."""
        self.results.append(result)
        self._write(result.as_data())

    def known(self, student: str, exercise: str, digest: str) -> Result | None:
        """Return what this very notebook got before, if it was graded."""
        for one in reversed(self.results):
            if (one.student, one.exercise, one.digest) == (student, exercise, digest):
                return one
        return None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _begun(self, folder: Path, head: Mapping[str, Any]) -> list[Result]:
        """Return what the run got so far, after dropping what was cut short."""
        self._file.seek(0)
        *lines, cut = self._file.read().split(b"\n")
        said = [_said(folder, number, line) for number, line in enumerate(lines, 1)]
        if said:
            _check_head(folder, said[0], head)
        self._file.truncate(self._file.tell() - len(cut))
        if not said:
            self._write(head)
        return [Result.from_data(one) for one in said[1:]]

    def _write(self, data: Mapping[str, Any]) -> None:
        self._file.write(_line(data) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def seed_of(folder: Path) -> int | None:
    """Return the seed of the run that a folder holds; None where it holds none."""
    try:
        with (folder / NAME).open("rb") as file:
            return int(_said(folder, 1, file.readline().rstrip(b"\n"))["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fingerprint(exercises: Sequence[Exercise]) -> str:
    """Return what changes when the questions, their functions or their points do."""
    facts = [
        [e.name, q.number, q.function, p.name, p.points]
        for e in exercises
        for q in e.questions
        for p in q.properties
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _line(data: Mapping[str, Any]) -> bytes:
    """Return a line: the checksum of some data, and the data."""
    checksum = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]
    return json.dumps([checksum, data]).encode()


def _said(folder: Path, number: int, line: bytes) -> Any:
    """Return the data of a line, of which no bit has changed since it was written."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if number == 1 and isinstance(found, dict):
        raise ValueError(
            f"grade: {folder} must hold a run of this edition; got one of an older edition, "
            "whose lines have no checksum. Give another folder to --out, or remove this one."
        )
    if not isinstance(found, list) or len(found) != 2 or line != _line(found[1]):
        again = "Remove this line, and its submission is graded again; or give"
        raise ValueError(
            f"grade: line {number} of {folder / NAME} must be as it was written; it does not "
            f"agree with its checksum. {again if number > 1 else 'Give'} another folder to "
            "--out."
        )
    return found[1]


def _check_head(folder: Path, before: Mapping[str, Any], head: Mapping[str, Any]) -> None:
    """Refuse a folder of a run with another seed, sandbox or other questions."""
    now = json.loads(json.dumps(head))
    changed = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
    if changed:
        raise ValueError(
            f"grade: {folder} holds a run that differs in {', '.join(changed)}. "
            "Give another folder to --out, or remove this one."
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second run from the same report; a process that dies lets go."""
    lock = FileLock(folder / f"{NAME}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ValueError(
            f"grade: another run is writing to {folder}. Wait for it, or give another --out."
        ) from None
    try:
        yield
    finally:
        lock.release()
