"""What a run has graded so far, written down at once, so that a run cut off goes on from there.

One line of JSON a result, with a checksum of it, each synced to the disk; a line cut short is
dropped, and one that does not agree with its checksum is told. Besides what was graded stand
the rows that a run came to: a later run of other exercises adds its own to them. A lock keeps
two runs from one report.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from classroom.checks.question import Exercise
from classroom.grading.results import Result

NAME = "journal.jsonl"


class Journal:
    """What a report's folder holds; a context.

    Attributes:
        results: what was graded, in the order in which it came.
        head: of all runs: the seed, the sandbox, and the fingerprints of each exercise.
    """

    def __init__(
        self, folder: Path, head: Mapping[str, Any], *, again: Collection[str] = ()
    ) -> None:
        """Open the journal of a folder, or begin it with `head`.

        Args:
            folder: the report's.
            head: the seed, the sandbox, and `exercises` and `checks` by an exercise's name.
            again: students whose work is graded again, whatever they got before.

        Raises:
            ValueError: if it belongs to a run with another head, a line of it was changed, or
                another run is writing.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.results: list[Result] = []
        self._known: dict[tuple[str, str, str], Result] = {}
        self._rows: dict[tuple[str, str], Result] = {}
        with ExitStack() as opened:
            opened.enter_context(_alone(folder))
            self._file = opened.enter_context((folder / NAME).open("a+b"))
            self.head = self._begun(folder, head)
            self._opened = opened.pop_all()
        self._known = {key: one for key, one in self._known.items() if key[0] not in again}

    def add(self, result: Result) -> None:
        """Write a result down, and return once it is on the disk."""
        self._remember(result)
        self._write(result.as_data())

    def known(self, student: str, exercise: str, digest: str) -> Result | None:
        """Return what this very notebook got before, if it was graded."""
        return self._known.get((student, exercise, digest))

    def report(self, results: Sequence[Result], exercises: Collection[str]) -> list[Result]:
        """Write down what a run of some exercises came to; return it with all other rows.

        Those are of exercises that were graded into the same folder, but not in this run.
        """
        now = {(one.student, one.exercise): one for one in results}
        for key in [key for key in self._rows if key[1] in exercises and key not in now]:
            self._row(key, None)
        for key, one in now.items():
            if self._rows.get(key) != one:
                self._row(key, one)
        others = [one for key, one in self._rows.items() if key[1] not in exercises]
        if not others:
            return list(results)
        return sorted([*results, *others], key=lambda one: (one.student, one.exercise))

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _begun(self, folder: Path, head: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read what there is, after dropping what was cut short; return the head of it all."""
        self._file.seek(0)
        *lines, cut = self._file.read().split(b"\n")
        said = [_said(folder, number, line) for number, line in enumerate(lines, 1)]
        heads = [one for one in said if "seed" in one]
        whole = _joined(folder, heads[-1], head) if heads else head
        self._file.truncate(self._file.tell() - len(cut))
        if not heads or whole != heads[-1]:
            self._write(whole)
        for one in said:
            if "row" in one:
                self._keep(tuple(one["row"]), one["result"])
            elif "seed" not in one:
                self._remember(Result.from_data(one))
        return whole

    def _remember(self, result: Result) -> None:
        self.results.append(result)
        self._known[result.student, result.exercise, result.digest] = result

    def _row(self, key: tuple[str, str], result: Result | None) -> None:
        data = result.as_data() if result else None
        self._write({"row": key, "result": data})
        self._keep(key, data)

    def _keep(self, key: tuple[str, str], data: Mapping[str, Any] | None) -> None:
        if data is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = Result.from_data(data)

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
    ] + [[e.name, w.number, w.points] for e in exercises for w in e.written]
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


def _joined(
    folder: Path, before: Mapping[str, Any], head: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return a head with the exercises of both; refuse another seed, sandbox or questions."""
    now = json.loads(json.dumps(head))
    changed = sorted(
        key for key in {*before, *now} if not _agree(before.get(key), now.get(key))
    )
    if changed:
        raise ValueError(
            f"grade: {folder} holds a run that differs in {', '.join(changed)}. "
            "Give another folder to --out, or remove this one."
        )
    return {
        key: {**before[key], **now[key]} if isinstance(now[key], dict) else now[key]
        for key in now
    }


def _agree(before: object, now: object) -> bool:
    """Return whether two values are the same, or mappings that agree on the keys of both."""
    if isinstance(before, dict) and isinstance(now, dict):
        return all(before[key] == now[key] for key in before.keys() & now.keys())
    return before == now


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
