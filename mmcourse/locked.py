"""Locks between processes: held by one, or known to work there at all.

Some network disks answer every try for a lock as if another held it, and who waits for that
waits for ever. So after a refusal a lock of a new name is tried, which nobody can hold. A
process that dies lets go of its locks. Leaves out threads of one process.
"""

import errno
import secrets
from pathlib import Path

from filelock import FileLock, Timeout


def attempt(path: Path) -> FileLock | None:
    """Return the lock of a file, held by this process now, or None while another holds it.

    Args:
        path: of the lock's own file, which stays.

    Raises:
        OSError: no lock can be had in this folder.
    """
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not _locks_work(path.parent):
            raise OSError(
                errno.ENOLCK,
                f"locks do not work in {path.parent}; choose a folder of a local disk",
            ) from None
        return None
    return lock


def _locks_work(folder: Path) -> bool:
    path = folder / f".{secrets.token_hex(8)}.lock"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return False
    else:
        lock.release()
        return True
    finally:
        path.unlink(missing_ok=True)
