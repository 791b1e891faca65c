"""Where students' code runs. `choose` says how it can be closed in here; `Room` does it."""

import os
import shutil
from functools import cache

from classroom.grading.faults import BrokenError
from classroom.grading.limits import Limits
from classroom.grading.sandbox.room import Backend, Room, Seat
from classroom.grading.worker import landlock

__all__ = ["Backend", "Room", "Seat", "choose", "refused"]

REMEDY = (
    "Install bubblewrap (Debian, Ubuntu, Fedora: the package `bubblewrap`; Ubuntu from "
    "23.10 on also wants an AppArmor profile for it), grade inside a Linux container, or, if "
    "you trust every student with your files and with their own marks, say --trusted."
)


def choose(*, trusted: bool = False) -> Backend:
    """Return the strongest sandbox that starts here; "none" only where `trusted` asks for it.

    Raises:
        BrokenError: where there is none.
    """
    if trusted:
        return "none"
    reasons = []
    for backend in ("namespaces", "landlock"):
        if not (reason := refused(backend)):
            return backend
        reasons.append(f"{backend}: {reason}")
    raise BrokenError(f"sandbox: none starts here. {REMEDY}\n" + "\n".join(reasons))


@cache
def refused(backend: Backend) -> str:
    """Return why a sandbox does not start here; nothing where it does."""
    if backend == "namespaces" and shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if backend == "landlock" and landlock.version() < 1:
        return "this kernel has no Landlock"
    if backend == "landlock" and os.geteuid() == 0:
        return "it does not hold root back; grade as an ordinary user"
    try:
        with Room((), Limits(), backend) as room:
            room.seat().close()
    except BrokenError as error:
        return str(error)
    return ""
