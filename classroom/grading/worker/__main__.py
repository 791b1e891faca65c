"""The sandbox's first process: imports what is allowed, then forks for each submission.

It never runs a student's code itself, and hears nothing from the processes that do, so no
submission can leave anything for the next. It obeys the grader alone, over descriptor 0.
"""

import importlib
import json
import os
import shutil
import signal
import socket
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import landlock, walls
from .clearing import clear
from .protocol import to_frame
from .serve import Shell, serve
from .syscalls import refuse

CONTROL = 0


def main() -> None:
    """Obey the grader until it hangs up: S starts a child on a socket sent along, K ends it."""
    plan = json.loads(sys.argv[1])
    sys.path.remove(plan["home"])
    for module in plan["modules"]:
        importlib.import_module(module)
    shell = Shell()
    if threading.active_count() > 1:
        raise RuntimeError(
            "worker: expected one thread before the fork; a module started more."
        )
    if plan["walls"] != "namespaces":
        walls.adopt_orphans()
    control = socket.socket(fileno=os.dup(CONTROL))
    control.sendall(b"R")
    child = 0
    while True:
        order, sent, _, _ = socket.recv_fds(control, 1, 1)
        if child:
            _end(child, plan)
            child = 0
        if not order:
            return
        if order == b"S":
            child = _fork(plan)
            if not child:
                control.close()
                _live(plan, shell, socket.socket(fileno=sent[0]))
            os.close(sent[0])
        else:
            control.sendall(b"K")


def _fork(plan: dict[str, Any]) -> int:
    return walls.fork_inside() if plan["walls"] == "namespaces" else os.fork()


def _live(plan: dict[str, Any], shell: Shell, line: socket.socket) -> None:
    """Put up the walls, say so, and answer until the end of this process."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        limits, user = plan["limits"], plan["user"]
        if plan["walls"] == "namespaces":
            filtered = walls.close_in(user, limits)
        else:
            filtered = _without_namespaces(plan)
        line.sendall(to_frame({"id": "ready", "filter": filtered, "user": os.getuid()}))
    except BaseException:
        line.sendall(to_frame({"id": "broken", "error": traceback.format_exc()[-2000:]}))
        os._exit(1)
    serve(shell, line)
    os._exit(0)


def _without_namespaces(plan: dict[str, Any]) -> bool:
    os.setsid()
    folder = Path(plan["folder"])
    shutil.copytree(plan["files"], folder)
    os.chdir(folder)
    walls.restrict(plan["limits"])
    if plan["walls"] == "landlock":
        landlock.close_in(plan["readable"], str(folder))
        return refuse(namespaces=False)
    return False


def _end(child: int, plan: dict[str, Any]) -> None:
    """End a child and all that came from it; with namespaces the kernel does the second."""
    _kill(child)
    os.waitpid(child, 0)
    while orphans := _children():
        for orphan in orphans:
            _kill(orphan)
        for orphan in orphans:
            os.waitpid(orphan, 0)
    if plan["walls"] != "namespaces":
        clear(plan["folder"])


def _children() -> list[int]:
    """Return the processes whose parent is this one: those orphaned come here."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after = (entry / "stat").read_text(errors="replace").rpartition(")")[2]
            except OSError:  # it has ended meanwhile
                continue
            if int(after.split()[1]) == os.getpid():
                found.append(int(entry.name))
    return found


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    main()
