"""What tests of the sandbox share: small budgets, and a loud word where none starts here."""

import functools
import os
import shutil
import subprocess

import pytest

from classroom.grading.limits import Limits
from classroom.grading.sandbox import Room, mounts
from classroom.grading.worker import landlock

AS_ROOT = os.geteuid() == 0
SMALL = Limits(
    cell=4.0,
    call=2.0,
    submission=12.0,
    memory=600 << 20,
    folder=16 << 20,
    processes=20,
    starts=4,
)
"""Enough for an honest answer on a loaded machine, and soon at an end for any other."""


@functools.cache
def why_not(backend):
    """Return why this machine has no such sandbox, asked without any code of ours.

    Where it has one and ours does not start, the tests fail; they are not skipped.
    """
    if backend == "landlock":
        return "" if landlock.version() and not AS_ROOT else "no Landlock, or started by root"
    if backend == "none":
        return ""
    own = [] if AS_ROOT else ["--unshare-user"]
    command = ["bwrap", *own, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "bubblewrap is not installed"
    return done.stderr.strip()


def needs(backend):
    """Skip the test, with a reason that is printed, where the machine has no such sandbox."""
    reason = why_not(backend)
    return pytest.mark.skipif(bool(reason), reason=f"NO SANDBOX ({backend}): {reason}")


def room(*modules, limits=SMALL, backend="namespaces"):
    return Room(modules or ("numpy",), limits, backend)


def run(seat, source, seconds=10):
    """Run a cell; return what it printed, or raise what it raised as an AssertionError."""
    reply = seat.ask({"source": source}, seconds=seconds)
    assert reply["error"] is None, reply["error"]
    return reply["text"].strip()


def older_landlock(folder, monkeypatch):
    """Let rooms use a worker that takes Landlock for its first version, of Linux 5.13."""
    worker = folder / "worker"
    shutil.copytree(mounts.WORKER, worker, ignore=shutil.ignore_patterns("__pycache__"))
    text = (worker / "landlock.py").read_text()
    first = "return min(1, LIBC.syscall"
    assert "return max(0, LIBC.syscall" in text
    (worker / "landlock.py").write_text(text.replace("return max(0, LIBC.syscall", first))
    monkeypatch.setattr(mounts, "WORKER", worker)
