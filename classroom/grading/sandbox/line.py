"""One question to the sandbox, one answer: in time and within a size, or not at all."""

import select
import socket
import time
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from classroom.grading.faults import LeftoverError, StoppedError
from classroom.grading.worker.protocol import (
    HEAD,
    ViolationError,
    from_frame,
    lengths,
    to_frame,
)

GLANCE = 0.2
"""Seconds that a line may be silent, or busy, before somebody looks at the memory."""
CHUNK = 1 << 20


def ask(
    line: socket.socket,
    message: Mapping[str, object],
    *,
    seconds: float,
    watch: Callable[[], None],
) -> dict[str, Any]:
    """Send a message, with a fresh id; return the reply that carries it.

    Args:
        line: the socket whose other end the student's process holds.
        message: what `to_frame` takes.
        seconds: for sending and receiving together.
        watch: called before any reply is believed, then at least every GLANCE seconds,
            whatever comes or does not; raises StoppedError to end it.

    Raises:
        LeftoverError: if the reply to another message comes first.
        StoppedError: if no such reply comes in time, or anything else comes.
    """
    own = token_hex(8)
    end = time.monotonic() + seconds
    waiting = memoryview(to_frame({**message, "id": own}))
    received = bytearray()
    line.settimeout(0)
    while True:
        if received and not waiting and _whole(received):
            return _read(received, own)
        if time.monotonic() > end:
            raise StoppedError(f"took longer than {seconds:.0f} s")
        readable, writable, _ = select.select([line], [line] if waiting else [], [], GLANCE)
        try:
            if writable:
                waiting = waiting[line.send(waiting[:CHUNK]) :]
            if readable:
                received += _some(line)
        except OSError as error:
            raise StoppedError("ended its process") from error
        watch()


def expect(line: socket.socket, *, seconds: float) -> dict[str, Any]:
    """Return the first message of a process that has not run any student's code yet.

    Raises:
        StoppedError: if none comes.
    """
    end = time.monotonic() + seconds
    received = bytearray()
    while not _whole(received):
        left = end - time.monotonic()
        if left <= 0 or not select.select([line], [], [], left)[0]:
            raise StoppedError(f"said nothing within {seconds:.0f} s")
        received += _some(line)
    _require_alone(received)
    return _parsed(received)


def _some(line: socket.socket) -> bytes:
    some = line.recv(CHUNK)  # descriptors that come along are closed by the kernel
    if not some:
        raise StoppedError("ended its process")
    return some


def _size(received: bytearray) -> int:
    """Return of how many bytes the first frame is, of which the head has come."""
    return HEAD.size + sum(lengths(bytes(received[: HEAD.size])))


def _whole(received: bytearray) -> bool:
    if len(received) < HEAD.size:
        return False
    try:
        return len(received) >= _size(received)
    except ViolationError as error:
        raise StoppedError(f"sent {error}") from error


def _parsed(received: bytearray) -> dict[str, Any]:
    """Return the first frame, of which all has come."""
    header, body = lengths(bytes(received[: HEAD.size]))
    with memoryview(received) as view:
        head = bytes(view[HEAD.size : HEAD.size + header])
        rest = bytes(view[HEAD.size + header : HEAD.size + header + body])
    try:
        return from_frame(head, rest)
    except ViolationError as error:
        raise StoppedError(f"sent {error}") from error


def _require_alone(received: bytearray) -> None:
    """Refuse what holds more than one frame."""
    if len(received) > _size(received):
        raise StoppedError("sent more than one reply")


def _read(received: bytearray, own: str) -> dict[str, Any]:
    reply = _parsed(received)
    if reply.pop("id", None) != own:
        raise LeftoverError("sent a reply to another question")
    _require_alone(received)
    return reply
