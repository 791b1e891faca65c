"""Grade everything that was handed in, whatever it is, several sandboxes at a time.

Each thread keeps one sandbox warm and moves to the next exercise with it; a thread only
waits for its sandbox, and compares. A fault of ours leaves its submission "not graded", for
the next run; after three of them the run ends, as the fourth would be no other.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from classroom.grading.attempt import Attempt, SpentError
from classroom.grading.exercise import Exercise, maximum
from classroom.grading.faults import BrokenError, UnreadableError
from classroom.grading.intake import Submission, late_days
from classroom.grading.journal import Journal
from classroom.grading.limits import Limits
from classroom.grading.notebook import parse
from classroom.grading.results import QuestionResult, Result
from classroom.grading.runner import grade_questions
from classroom.grading.sandbox import Backend, Room

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
    """

    seed: int
    backend: Backend
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    due: datetime | None = None


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
        self._faults: list[BrokenError] = []
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
        started = time.monotonic()
        exercise = self._exercises[submission.exercise]
        base = Result(
            student=submission.student,
            exercise=submission.exercise,
            maximum=maximum(exercise),
            status="not graded",
            late_days=late_days(submission.when, self._settings.due),
            notes=submission.notes,
        )
        if submission.read is None:
            return self._told(replace(base, status="missing", reason="nothing was handed in"))
        try:
            content = submission.read()
        except UnreadableError as error:
            return self._told(replace(base, status="unreadable", reason=str(error)))
        base = replace(base, digest=hashlib.sha256(content).hexdigest())
        with self._lock:
            known = self._journal.known(base.student, base.exercise, base.digest)
        if known:
            return self._told(replace(known, late_days=base.late_days, notes=base.notes))
        if self._stopping or len(self._faults) >= MOST_FAULTS:
            return replace(base, reason=f"not begun, after {MOST_FAULTS} faults of the grader")
        result = self._graded(base, exercise, content)
        result = replace(result, seconds=round(time.monotonic() - started, 3))
        if result.status != "not graded":
            with self._lock:
                self._journal.add(result)
        return self._told(result)

    def _graded(self, base: Result, exercise: Exercise, content: bytes) -> Result:
        try:
            cells = parse(content)
        except UnreadableError as error:
            return replace(base, status="unreadable", reason=str(error))
        sources = [cell.source for cell in cells if cell.code]
        try:
            attempt = Attempt(self._room(exercise), sources, self._settings.limits)
            return self._attempted(base, exercise, attempt)
        except BrokenError as error:
            self._faults.append(error)
            self._leave()
            return replace(base, reason=str(error))

    def _attempted(self, base: Result, exercise: Exercise, attempt: Attempt) -> Result:
        questions: list[QuestionResult] = []
        reason = ""
        try:
            attempt.start()
        except SpentError as error:
            reason = str(error)
        try:
            seed = self._settings.seed
            questions += grade_questions(exercise, attempt, seed=seed, student=base.student)
        finally:
            attempt.close()
        stopped = [cell for cell in attempt.cells if (cell.error or "").startswith("stopped: ")]
        if not reason and stopped:
            reason = _skipped(len(stopped))
        return replace(
            base,
            status=_status(attempt, questions),
            reason=attempt.spent or reason,
            questions=tuple(questions),
            cells=tuple(attempt.cells),
        )

    def _room(self, exercise: Exercise) -> Room:
        wanted = (tuple(exercise.modules), tuple(exercise.data))
        if getattr(self._mine, "wanted", None) != wanted:
            self._leave()
            modules, data = wanted
            settings = self._settings
            self._mine.room = Room(modules, settings.limits, settings.backend, data=data)
            self._mine.wanted = wanted
            with self._lock:
                self._rooms.append(self._mine.room)
        return self._mine.room

    def _leave(self) -> None:
        """End this thread's sandbox; the next submission starts another."""
        room = getattr(self._mine, "room", None)
        self._mine.room = self._mine.wanted = None
        if room is not None:
            room.close()

    def _told(self, result: Result) -> Result:
        with self._lock:
            if not self._stopping:
                self._tell(result)
        return result


def _status(attempt: Attempt, questions: Sequence[QuestionResult]) -> str:
    """Return how it ended: "not attempted" where no question is answered and no cell broke.

    A function may be missing because its cell broke: then somebody tried.
    """
    if attempt.spent:
        return "stopped"
    broke = any(cell.error for cell in attempt.cells)
    untouched = {"not attempted"} if broke else {"not attempted", "missing"}
    return "not attempted" if {one.status for one in questions} <= untouched else "graded"


def _skipped(count: int) -> str:
    if count == 1:
        return "1 of its cells did not end by itself and was skipped"
    return f"{count} of its cells did not end by themselves and were skipped"
