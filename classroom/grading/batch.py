"""Grade everything that was handed in, whatever it is, several sandboxes at a time.

Each thread keeps one sandbox warm and moves to the next exercise with it; a thread only
waits for its sandbox, and compares. A fault of ours leaves its submission "not graded", for
the next run. Where a sandbox does not start three times, nothing else of its exercise begins:
the fourth would be no other.
"""

import hashlib
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from classroom.checks.question import Exercise
from classroom.grading.attempt import Attempt, SpentError
from classroom.grading.faults import BrokenError, UnreadableError
from classroom.grading.intake import LateRule, Submission, late_days
from classroom.grading.journal import Journal
from classroom.grading.limits import MOST_REASON, Limits
from classroom.grading.marks import Marks
from classroom.grading.notebook import parse
from classroom.grading.reason import one_line, reason
from classroom.grading.results import QuestionResult, Result
from classroom.grading.runner import grade_questions
from classroom.grading.sandbox import Backend, Room, Seat
from classroom.grading.written import with_written

MOST_FAULTS = 3


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a run grades.

    Args:
        seed: of its inputs.
        backend: the sandbox.
        limits: the budgets of each submission.
        jobs: how many submissions at a time.
        due: when they were due; None for no late days.
        late: what late days cost; None for nothing.
        regrade: students whose work is graded again, though nothing of it changed.
        marks: what a person gave for written answers, by student and question.
        solutions: the folder of the course's own notebooks; None where there is none.
    """

    seed: int
    backend: Backend
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    due: datetime | None = None
    late: LateRule | None = None
    regrade: frozenset[str] = frozenset()
    marks: Marks = field(default_factory=dict)
    solutions: Path | None = None


class Batch:
    """Grades submissions in threads, and writes each result into the journal."""

    def __init__(
        self,
        exercises: Sequence[Exercise],
        settings: Settings,
        journal: Journal,
        tell: Callable[[Result], None],
    ) -> None:
        """Keep what all submissions share; `tell` hears of each result."""
        self._exercises = {one.name: one for one in exercises}
        self._settings = settings
        self._journal = journal
        self._tell = tell
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._rooms: list[Room] = []
        self._faults: Counter[str] = Counter()  # sandboxes that did not start, by exercise
        self._stopping = False

    def grade(self, submissions: Sequence[Submission]) -> list[Result]:
        """Return a result for each submission, in the order given."""
        order = sorted(submissions, key=lambda one: list(self._exercises).index(one.exercise))
        try:
            with ThreadPoolExecutor(self._settings.jobs) as pool:
                results = {id(one): pool.submit(self._one, one) for one in order}
                try:
                    return [results[id(one)].result() for one in submissions]
                except BaseException:  # an interruption, above all: nothing new begins
                    self._stopping = True
                    pool.shutdown(wait=False, cancel_futures=True)
                    for room in self._rooms:
                        room.hang_up()
                    raise
        finally:
            for room in self._rooms:
                room.close()

    def _one(self, submission: Submission) -> Result:
        base = Result(
            student=submission.student,
            exercise=submission.exercise,
            maximum=self._exercises[submission.exercise].points,
            status="not graded",
            notes=submission.notes,
        )
        try:
            result = self._handled(base, submission)
        except Exception as error:  # whatever of ours fails with this one, the others go on
            self._leave()
            result = replace(base, reason=_fault(error))
        with self._lock, suppress(Exception):  # a line that cannot be shown costs no mark
            if not self._stopping:
                self._tell(result)
        return result

    def _handled(self, base: Result, submission: Submission) -> Result:
        started = time.monotonic()
        base = replace(base, late_days=late_days(submission.when, self._settings.due))
        if submission.read is None:
            return replace(base, status="missing", reason="nothing was handed in")
        try:
            content = submission.read()
        except UnreadableError as error:
            return replace(base, status="unreadable", reason=str(error))
        base = replace(base, digest=hashlib.sha256(content).hexdigest())
        with self._lock:
            known = self._journal.known(base.student, base.exercise, base.digest)
        if known:
            return replace(known, late_days=base.late_days, notes=base.notes)
        result = self._graded(base, content)
        result = replace(result, seconds=round(time.monotonic() - started, 3))
        with self._lock:
            self._journal.add(result)
        return result

    def _graded(self, base: Result, content: bytes) -> Result:
        exercise = self._exercises[base.exercise]
        try:
            cells = parse(content)
        except UnreadableError as error:
            return replace(base, status="unreadable", reason=str(error))
        sources = [cell.source for cell in cells if cell.code]
        attempt = Attempt(*self._seated(exercise), sources, self._settings.limits)
        try:
            with suppress(SpentError):  # every question is told so then
                attempt.start()
            seed = self._settings.seed
            questions = grade_questions(exercise, attempt, seed=seed, student=base.student)
        finally:
            self._end(attempt)
        why = reason(attempt.cells, questions, spent=attempt.spent, modules=exercise.modules)
        result = replace(
            base,
            status=_status(attempt, questions),
            reason=why,
            questions=questions,
            cells=tuple(attempt.cells),
        )
        return with_written(result, exercise, cells)

    def _seated(self, exercise: Exercise) -> tuple[Room, Seat]:
        """Return a sandbox and a process in it that has run nothing of a student's.

        One that does not start is our own fault, and counts towards the end of the run: what
        goes wrong later may be a submission's doing, and ends nothing but that.
        """
        with self._lock:
            if self._faults[exercise.name] >= MOST_FAULTS:
                raise BrokenError(f"not begun, after {MOST_FAULTS} faults of the sandbox")
        try:
            if room := self._warm(exercise):
                with suppress(BrokenError):  # the last submission may have broken it
                    return room, room.seat()
            room = self._room(exercise)
            return room, room.seat()
        except BrokenError:
            with self._lock:
                self._faults[exercise.name] += 1
            raise

    def _warm(self, exercise: Exercise) -> Room | None:
        """Return this thread's sandbox, if it is one for this exercise."""
        same = getattr(self._mine, "wanted", None) == (exercise.modules, exercise.data)
        return self._mine.room if same else None

    def _room(self, exercise: Exercise) -> Room:
        """Return a new sandbox, and end the one before."""
        self._leave()
        if self._stopping:
            raise BrokenError("the run was interrupted")
        modules, data, settings = exercise.modules, exercise.data, self._settings
        room = Room(modules, settings.limits, settings.backend, data=data)
        with self._lock:
            self._rooms.append(room)
        self._mine.room, self._mine.wanted = room, (modules, data)
        return room

    def _end(self, attempt: Attempt) -> None:
        """End what an attempt has started, with its whole sandbox if need be."""
        try:
            attempt.close()
        except BrokenError:
            self._leave()

    def _leave(self) -> None:
        """End this thread's sandbox; the next submission starts another."""
        room = getattr(self._mine, "room", None)
        self._mine.room = self._mine.wanted = None
        if room is not None:
            with suppress(Exception):  # what is left of it ends with the run
                room.close()


def _status(attempt: Attempt, questions: Sequence[QuestionResult]) -> str:
    """Return how it ended: "not attempted" where no question is answered and no cell broke.

    A function may be missing because its cell broke: then somebody tried.
    """
    if attempt.spent:
        return "stopped"
    broke = any(cell.error for cell in attempt.cells)
    untouched = {"not attempted"} if broke else {"not attempted", "missing"}
    return "not attempted" if {one.status for one in questions} <= untouched else "graded"


def _fault(error: Exception) -> str:
    """Return what of ours failed: the exception, and where, unless it says so itself."""
    if isinstance(error, BrokenError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "?"
    text = one_line(f"{type(error).__name__}: {error}", MOST_REASON)
    return f"a fault of the grader, and no student's: {text} ({where})"
