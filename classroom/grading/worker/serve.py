"""Answer the grader: run a cell, or call one of the student's functions with given values.

Everything here lies in the student's own process, and can be changed by it. The grader
takes the values that come out, and judges them elsewhere.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from socket import socket
from typing import Any

import numpy as np

from .cells import Cells
from .harness import rebuild
from .observe import observed, raised, unsent
from .protocol import HEAD, from_frame, lengths, to_frame

MOST_TEXT = 20_000


class Shell:
    """A student's notebook: its cells run, and its functions are called."""

    def __init__(self) -> None:
        self._cells = Cells()

    def run(self, source: str, number: int) -> dict[str, object]:
        """Run one cell; return what it printed, what ended it, and what was skipped in it."""
        said = _Capped()
        with _heard(said):
            error = self._cells.run(source, number)
        return {
            "text": said.getvalue(),
            "error": None if error is None else raised(error)["error"],
            "skipped": self._cells.skipped,
        }

    def call(self, message: dict[str, Any]) -> dict[str, object]:
        """Call a function, through its harness if it has one; return its value."""
        name = message["function"]
        if name not in self._cells.space:
            return {"missing": True}
        call: Callable[..., object] = self._cells.space[name]
        arguments = message["arguments"]
        if message["harness"]:
            call, arguments = rebuild(*message["harness"]), (call, *arguments)
        watched = message["arguments"] if message.get("watch") is True else None
        with _heard(_Capped()):
            return observed(call, arguments, watched=watched)


def serve(shell: Shell, line: socket) -> None:
    """Answer every frame that comes down the line, until it is closed."""
    while message := _next(line):
        reply: dict[str, object] = {}
        try:
            reply = _reply(shell, message)
            frame = to_frame({"id": message["id"], **reply})
        except BaseException as error:
            reply.pop("value", None)
            frame = to_frame({"id": message["id"], **reply, **unsent(error)})
        line.sendall(frame)


def _reply(shell: Shell, message: dict[str, Any]) -> dict[str, object]:
    if "source" in message:
        return shell.run(message["source"], message.get("cell", 1))
    return shell.call(message)


def _next(line: socket) -> dict[str, Any] | None:
    head = _exactly(line, HEAD.size)
    if not head:
        return None
    header, body = lengths(head)
    return from_frame(_exactly(line, header), _exactly(line, body), _tensor)


def _exactly(line: socket, count: int) -> bytes:
    read = bytearray()
    while len(read) < count:
        some = line.recv(min(count - len(read), 1 << 20))
        if not some:
            if read:
                os._exit(0)
            return b""
        read += some
    return bytes(read)


def _tensor(array: np.ndarray, wants_gradient: bool) -> object:  # noqa: FBT001 - by protocol
    import torch  # only where an argument is a tensor

    tensor = torch.from_numpy(array)
    return tensor.requires_grad_() if wants_gradient else tensor


@contextmanager
def _heard(said: "_Capped") -> Iterator[None]:
    with redirect_stdout(said), redirect_stderr(said):
        yield
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


class _Capped(io.StringIO):
    """Keeps the first characters that are written, and forgets the rest."""

    def write(self, text: str) -> int:
        room = MOST_TEXT - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)
