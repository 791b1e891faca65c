"""Seven things that a submission would like to do, tried in the sandbox that would hold it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from classroom.grading.faults import BrokenError, StoppedError
from classroom.grading.limits import MEBIBYTE, Limits
from classroom.grading.sandbox import CLOSED, Backend, Room, choose, memory, refused, remedy

ROOT = Path(__file__).resolve().parents[2]
CHECKS = Path(__file__).resolve().parents[1] / "checks"
LIMITS = Limits(memory=512 * MEBIBYTE, folder=16 * MEBIBYTE, processes=24)
FORKS = 60
NEAR = 2000
SECONDS = 30.0

NETWORK = """
import socket
for kind, at in ((socket.SOCK_STREAM, ("127.0.0.1", 9)), (socket.SOCK_DGRAM, ("192.0.2.1", 9))):
    try:
        with socket.socket(socket.AF_INET, kind) as line:
            line.connect(at) or line.send(b"x")
        print("sent")
    except ConnectionRefusedError:
        print("reached")
    except OSError:
        pass
"""
WRITE = """
import os
for folder in {folders!r}:
    path = os.path.join(folder, ".probe")
    try:
        open(path, "w").close()
        os.remove(path)
        print("wrote", folder)
    except OSError:
        pass
"""
READ = """
for path in {paths!r}:
    try:
        open(path).read(1)
        print("read", path)
    except OSError:
        pass
"""
SIGNALS = """
import os
own = os.getpid()
found = 0
for process in {{os.getppid(), *range(max(1, own - {near}), own + {near})}} - {{0, own}}:
    try:
        os.kill(process, 0)  # is it allowed? nothing is sent
        found += 1
    except OSError:
        pass
if found:
    print("may signal", found, "processes")
"""
FORK = """
import os, time
made = 0
for _ in range({forks}):
    try:
        if not os.fork():
            time.sleep(600)
            os._exit(0)
        made += 1
    except OSError:
        break
if made == {forks}:
    print("made", made, "processes")
"""
MEMORY = """
import mmap, time
held = [mmap.mmap(-1, 64 << 20) for _ in range(16)]
for one in held:
    one.write(b"x" * (64 << 20))
time.sleep(5)
print("held 1 GB")
"""
SURVIVE = """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        time.sleep(600)
    os._exit(0)
"""


@dataclass(frozen=True)
class Probe:
    """What was tried, whether the sandbox held, what came of it, and why, and what to do."""

    subject: str
    held: bool
    said: str
    reason: str = "it was not held"
    mend: str = "see INSTRUCTORS.md, the sandbox"


def probe(*, trusted: bool = False) -> list[Probe]:
    """Return what each of the seven came to, after a line that names the sandbox.

    A sandbox that does not start is one line, not held.
    """
    try:
        backend = choose(trusted=trusted)
        with Room((), LIMITS, backend) as room:
            return [
                _chosen(backend),
                *(Probe(name, *_tried(room, run)) for name, run in TRIALS.items()),
            ]
    except BrokenError:
        reasons = "; ".join(f"{backend}: {refused(backend)}" for backend in CLOSED)
        return [Probe("sandbox", held=False, said="none", reason=reasons, mend=remedy())]


def _chosen(backend: Backend) -> Probe:
    if backend == "namespaces":
        return Probe("sandbox", held=True, said=backend)
    reason = f"namespaces: {refused('namespaces') or 'not asked for'}"
    return Probe("sandbox", held=False, said=backend, reason=reason, mend=remedy())


def _tried(room: Room, run: Callable[[Room], str]) -> tuple[bool, str]:
    said = run(room)
    return not said, said or "held"


def _cell(source: str) -> Callable[[Room], str]:
    """Return a trial that runs a cell; it is held if the cell prints nothing."""

    def run(room: Room) -> str:
        seat = room.seat()
        try:
            reply = seat.ask({"source": source}, seconds=SECONDS)
        except StoppedError:
            return ""
        finally:
            seat.close()
        return "" if reply.get("error") else str(reply.get("text")).strip().replace("\n", ", ")

    return run


def _survivors(room: Room) -> str:
    before = set(memory.tree(os.getpid()))
    seat = room.seat()
    seat.ask({"source": SURVIVE}, seconds=SECONDS)
    time.sleep(0.2)  # the process loses its parents
    seat.close()
    left = set(memory.tree(os.getpid())) - before
    return f"{len(left)} processes survived" if left else ""


def _answers() -> list[str]:
    """Return files with the exercises' answers, and one that belongs to whoever grades."""
    found = [*ROOT.glob("solutions/*/*.ipynb"), *CHECKS.rglob("*.py")]
    return [*map(str, found), str(Path(__file__).resolve()), "/etc/passwd"]


TRIALS: dict[str, Callable[[Room], str]] = {
    "network": _cell(NETWORK),
    "writing outside": _cell(
        WRITE.format(folders=[str(ROOT), str(Path.home()), "/var/tmp", "/"])
    ),
    "reading the answers": _cell(READ.format(paths=_answers())),
    "signalling": _cell(SIGNALS.format(near=NEAR)),
    f"{FORKS} processes": _cell(FORK.format(forks=FORKS)),
    "1 GB of memory": _cell(MEMORY),
    "surviving": _survivors,
}
