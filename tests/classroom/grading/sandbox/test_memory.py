"""No submission holds more memory than it may, whatever it does meanwhile."""

import time

import pytest
from sandboxed import SMALL, needs, room, run

from classroom.grading.faults import StoppedError
from classroom.grading.sandbox import line

pytestmark = needs("namespaces")
PAGES = "import mmap\nheld = [mmap.mmap(-1, 20 << 20) for _ in range(50)]\n"
DRIP = """
import os, time
os.write(4, bytes([0, 0, 9, 9, 0, 0, 0, 0]))  # the head of a reply that never ends
for one in held:
    one.write(bytes(20 << 20))
    os.write(4, b"x")
while True:
    time.sleep(0.05)
    os.write(4, b"x")
"""
DAEMON = """
import os, time
if not os.fork():
    os.setsid()
    for one in held:
        one.write(bytes(20 << 20))
    time.sleep(60)
def answer():
    return 1
"""
TABLES = """
import mmap, numpy
empty = mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | 0x4000, prot=mmap.PROT_READ)
empty.madvise(15)  # no huge pages
numpy.frombuffer(empty, dtype=numpy.uint8)[:: 2 << 20].sum()
import time; time.sleep(60)
"""
SOCKETS = """
import socket
held, sent = [], 0
for _ in range(120):
    held.append(socket.socketpair())
    for one in held[-1]:
        one.setblocking(False)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            try:
                one.setsockopt(socket.SOL_SOCKET, option, 1 << 24)
            except PermissionError:
                pass
        try:
            while True:
                sent += one.send(bytes(1 << 16))
        except BlockingIOError:
            pass
print(sent >> 20)
"""


@pytest.fixture
def seat():
    with room() as opened:
        yield opened.seat()


@pytest.mark.parametrize("way", ["DRIP", "TABLES"])
def test_memory_is_watched(seat, way):
    source = {"DRIP": PAGES + DRIP, "TABLES": TABLES}[way]
    with pytest.raises(StoppedError, match="more than 600 MB of memory"):
        seat.ask({"source": source}, seconds=30)


def test_sockets_hold_little_that_no_process_has(seat):
    assert int(run(seat, SOCKETS, seconds=30)) < 100, "52 MB, and 1900 with larger buffers"


def test_what_was_taken_between_two_calls_is_seen_by_the_second(seat):
    run(seat, PAGES + DAEMON)
    end = time.monotonic() + 60
    while seat._room.held() <= SMALL.memory:
        assert time.monotonic() < end
        time.sleep(0.1)
    with pytest.raises(StoppedError, match="more than 600 MB of memory"):
        seat.ask({"function": "answer", "arguments": (), "harness": None}, seconds=30)


def test_memory_is_not_looked_at_more_often_than_needed(seat, monkeypatch):
    looks = []
    monkeypatch.setattr(seat._room, "held", lambda: looks.append(1) or 0)
    run(seat, "def answer():\n    return 1")
    began = time.monotonic()
    for _ in range(50):
        seat.ask({"function": "answer", "arguments": (), "harness": None}, seconds=30)
    assert len(looks) <= 1 + (time.monotonic() - began) / line.GLANCE
