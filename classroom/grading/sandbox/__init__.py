"""Where students' code runs. `choose` says how it can be closed in here; `Room` does it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from functools import cache

from classroom.grading.faults import BrokenError
from classroom.grading.limits import Limits
from classroom.grading.sandbox.room import Backend, Room, Seat
from classroom.grading.worker import calls, landlock

__all__ = ["Backend", "Room", "Seat", "choose", "refused", "remedy"]

CLOSED: tuple[Backend, ...] = ("namespaces", "landlock")
"""The sandboxes that hold anybody, the strongest first."""
TRUSTED = (
    "If you trust every student with your files and with their own marks, --trusted grades "
    "without a sandbox."
)


def choose(*, trusted: bool = False) -> Backend:
    """Return the strongest sandbox that starts here; "none" only where `trusted` asks for it.

    Raises:
        BrokenError: where there is none.
    """
    if trusted:
        return "none"
    reasons = []
    for backend in CLOSED:
        if not (reason := refused(backend)):
            return backend
        reasons.append(f"{backend}: {reason}")
    raise BrokenError("\n".join([f"sandbox: none starts here. {remedy()} {TRUSTED}", *reasons]))


@cache
def refused(backend: Backend) -> str:
    """Return why a sandbox does not start here; nothing where it does."""
    if reason := _cannot_start(backend):
        return reason
    try:
        with Room((), Limits(), backend) as room:
            room.seat().close()
    except BrokenError as error:
        said = [line for line in str(error).splitlines() if "no student's fault" not in line]
        return said[-1].removeprefix("sandbox: ")
    return ""


def remedy() -> str:
    """Return what to do where the strongest sandbox does not start, the best first."""
    if sys.platform != "linux":
        return "Grade inside a Linux machine, WSL2 or a container."
    return " ".join(_on_linux(root=os.geteuid() == 0))


def _cannot_start(backend: Backend) -> str:
    """Return what is known to keep a sandbox from starting, without a try."""
    if sys.platform != "linux":
        return "it needs Linux"
    if backend == "namespaces" and shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if backend == "landlock" and landlock.version() < 1:
        return "this kernel has no Landlock"
    if backend == "landlock" and platform.machine() not in calls.MACHINES:
        return f"on {platform.machine()} it does not close the network"
    if backend == "landlock" and os.geteuid() == 0:
        return "it does not hold root back"
    return ""


def _on_linux(*, root: bool) -> Iterator[str]:
    if shutil.which("bwrap") is None:
        install = "apt-get" if root else "sudo apt-get"
        yield f"Install bubblewrap: {install} install bubblewrap (Fedora: dnf, Arch: pacman)."
    elif root:
        yield "Grade where root may make namespaces: outside this container, say."
    else:
        yield (
            "Let bubblewrap make namespaces: Ubuntu from 23.10 on wants an AppArmor profile "
            "for it, a container --security-opt seccomp=unconfined. Or grade as root."
        )
    if root and landlock.version() >= 1:
        yield "Or grade as an ordinary user: Landlock then holds the submissions in."
