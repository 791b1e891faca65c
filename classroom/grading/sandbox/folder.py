"""A sandbox's folder among the temporary ones, and the end of those that a killed grader left.

Each holds a locked file. The kernel unlocks it when its grader ends, however that happens, and
whoever makes the next folder then removes this one.
"""

import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from classroom.grading.worker.clearing import clear

PREFIX = "mmcourse-grading-"
LOCK = ".lock-of-a-living-grader"


class Folder:
    """A fresh folder, readable by its owner alone, until it is removed or this process ends."""

    def __init__(self) -> None:
        """Make it, after removing what graders that are no more have left."""
        remove_left()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        early = self.path / "lock"
        self._lock = os.open(early, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(OSError):  # no locks on this disk: it is never taken for one left behind
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            early.rename(self.path / LOCK)

    def remove(self) -> None:
        """Remove it with all that it holds; harmless the second time."""
        if self._lock >= 0:
            clear(str(self.path))
            os.close(self._lock)
            self._lock = -1


def remove_left() -> None:
    """Remove this user's folders whose lock nobody holds; without a lock, they are not ours."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another user's, or held, or gone meanwhile
            if path.is_symlink() or path.stat().st_uid != os.geteuid():
                continue
            lock = os.open(path / LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                clear(str(path))
            finally:
                os.close(lock)
