"""A sandbox with a warm worker in it: started once, it gives every submission a fresh process.

The worker imports what the exercise allows and then only forks, so a submission on torch
costs milliseconds instead of seconds. Each fork has namespaces of its own (`walls`), and is
ended, with all that came from it, before the next begins.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeAlias

from classroom.grading.faults import BrokenError, StoppedError
from classroom.grading.limits import Limits
from classroom.grading.sandbox import bubblewrap, memory, mounts, plain
from classroom.grading.sandbox.folder import Folder
from classroom.grading.sandbox.line import GLANCE, ask, expect

Backend: TypeAlias = Literal["namespaces", "landlock", "none"]

START = """
import json, runpy, sys
plan = json.loads(sys.argv[1])
sys.path[:] = [plan["home"], *sys.path, *plan["paths"]]
runpy.run_module("worker", run_name="__main__")
"""
LATE = (("mmcourse.clip", "torch._dynamo"),)
"""What the first use of a module imports, for seconds: better once, before the forks."""
FIRST_USER = 1_900_000_000
"""Ids from here on belong to nobody; each sandbox draws one, where the grader is root."""


class Room:
    """The sandbox of one exercise; a context that ends it, and everything in it."""

    def __init__(
        self,
        modules: Sequence[str],
        limits: Limits,
        backend: Backend,
        *,
        data: Sequence[str] = (),
    ) -> None:
        """Start it.

        Args:
            modules: what a submission may import.
            limits: of each submission.
            backend: what holds it in.
            data: the files it may read, as an exercise lists them.

        Raises:
            BrokenError: where it does not start; nothing a student wrote has run by then.
        """
        self.limits = limits
        self.backend = backend
        self._folder = Folder()
        self._line: socket.socket | None = None  # of the last seat
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start(modules, data)
        except BaseException:
            self.close()
            raise

    def seat(self) -> "Seat":
        """Return a fresh process for a submission, the one before being ended.

        Raises:
            BrokenError: where it does not start.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"S"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise self._broken("the worker ended") from error
        try:
            first = expect(ours, seconds=self.limits.ready)
        except (StoppedError, OSError) as error:
            ours.close()
            raise self._broken(f"the worker's process {error}") from error
        self._line = ours
        if first.get("id") != "ready":
            ours.close()
            raise self._broken(str(first.get("error")))
        return Seat(self, ours, first)

    def clear(self) -> None:
        """End the process of the last submission and all that came from it."""
        try:
            self._control.sendall(b"K")
            self._hear(b"K")
        except OSError as error:
            raise self._broken("the worker ended") from error

    def held(self) -> int:
        """Return the bytes that its processes hold, beyond what the worker needs itself."""
        assert self._process is not None
        return memory.held(self._process.pid) - self._at_rest

    def hang_up(self) -> None:
        """End what runs in it; whoever waits for it, in another thread, gets a BrokenError."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End everything in it; harmless the second time."""
        if self._process is not None:
            self._control.close()
            if self._line is not None:
                self._line.close()
            try:  # hearing that the grader is gone, the worker ends its child, and itself
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._process.wait()
            self._errors.close()
            self._process = None
        self._folder.remove()

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, modules: Sequence[str], data: Sequence[str]) -> None:
        folder = self._folder.path
        packages = mounts.assemble(modules, folder, data)
        if self.backend == "namespaces":
            command = bubblewrap.command(folder, packages, self.limits)
            python, home, plan = bubblewrap.PYTHON, "/room", {"paths": bubblewrap.PATHS}
        else:
            command, python = [], sys.executable
            home, plan = str(folder / "room"), plain.plan(folder, packages)
        plan |= self._plan(home, modules)
        command += [python, "-I", "-c", START, json.dumps(plan)]
        self._launch(command)

    def _plan(self, home: str, modules: Sequence[str]) -> dict[str, Any]:
        root = os.geteuid() == 0
        return {
            "home": home,
            "modules": [*modules, *(late for at, late in LATE if at in modules)],
            "walls": self.backend,
            "user": FIRST_USER + secrets.randbelow(100_000_000) if root else None,
            "limits": self.limits.resources(),
        }

    def _launch(self, command: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(self.limits.ready)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the room
        variables = plain.variables(self._folder.path)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=self._errors,
                    env=None if self.backend == "namespaces" else variables,
                    cwd="/",
                )
            except OSError as error:
                raise BrokenError(f"sandbox: cannot start {command[0]}: {error}") from error
        self._hear(b"R")
        self._at_rest = memory.held(self._process.pid)

    def _hear(self, expected: bytes) -> None:
        try:
            heard = self._control.recv(1)
        except OSError as error:
            raise self._broken("the worker does not answer") from error
        if heard != expected:
            raise self._broken("the worker ended")

    def _broken(self, what: str) -> BrokenError:
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 2000))
        said = self._errors.read().decode(errors="replace").strip()
        return BrokenError(
            f"sandbox: {what}. {said}\n"
            "This is no student's fault; see `python -m mmcourse doctor --sandbox`."
        )


class Seat:
    """One process inside a room, in which one submission runs."""

    def __init__(self, room: Room, line: socket.socket, first: Mapping[str, Any]) -> None:
        self.first = first
        self._room = room
        self._line = line
        self._next_look = time.monotonic() + GLANCE

    def ask(self, message: Mapping[str, object], *, seconds: float) -> dict[str, Any]:
        """Return the answer; if none came, end the process and raise StoppedError."""
        try:
            return ask(self._line, message, seconds=seconds, watch=self._watch)
        except StoppedError:
            self.close()
            raise

    def close(self) -> None:
        """End the process and all that came from it; harmless the second time."""
        if self._line.fileno() >= 0:
            self._line.close()
            self._room.clear()

    def _watch(self) -> None:
        """Look at the memory once GLANCE has passed; the time between two calls counts."""
        if time.monotonic() < self._next_look:
            return
        limits = self._room.limits
        held = self._room.held()
        if held > limits.memory:
            raise StoppedError(f"used more than {limits.memory >> 20} MB of memory")
        if held > limits.memory // 4 and memory.free() < limits.floor:  # else it was another
            raise StoppedError("used the memory that the machine had left")
        self._next_look = time.monotonic() + GLANCE
