"""What a run has graded so far, written down at once, so that a run cut off goes on from there.

One line of JSON a result, each synced to the disk; a line cut short is dropped. A lock keeps
two runs from one report.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from classroom.grading.exercise import Exercise
from classroom.grading.results import Result

NAME = "journal.jsonl"


class Journal:
    """The results in a report's folder, in the order in which they came; a context."""

    def __init__(self, folder: Path, head: Mapping[str, Any]) -> None:
        """Open the journal of a folder, or begin it with `head`.

        Raises:
            ValueError: if it belongs to a run with another head, or another run is writing.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._file = _locked(folder / NAME)
        self._file.seek(0)
        lines = self._file.read().split(b"\n")
        self.results: list[Result] = []
        if not lines[:-1]:
            self._file.truncate(0)
            self._write(head)
            return
        before = json.loads(lines[0])
        if before != json.loads(json.dumps(head)):
            changed = sorted(
                key for key in {*before, *head} if before.get(key) != head.get(key)
            )
            self._file.close()
            raise ValueError(
                f"grade: {folder} holds a run that differs in {', '.join(changed)}. "
                "Give another folder to --out, or remove this one."
            )
        self._file.truncate(sum(len(line) + 1 for line in lines[:-1]))  # the last was cut short
        self.results = [Result.from_data(json.loads(line)) for line in lines[1:-1]]

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
        self._file.close()

    def _write(self, data: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(data).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def seed_of(folder: Path) -> int | None:
    """Return the seed of the run that a folder holds; None where it holds none."""
    try:
        with (folder / NAME).open("rb") as file:
            return int(json.loads(file.readline())["seed"])
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


def _locked(path: Path) -> IO[bytes]:
    file = path.open("a+b")
    try:
        import fcntl  # not on Windows, where a second run is not noticed
    except ImportError:
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise ValueError(
            f"grade: another run is writing to {path.parent}. "
            "Wait for it, or give another --out."
        ) from error
    return file
