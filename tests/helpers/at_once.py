"""Commands of the desk that meet: in processes let go together, or at any line of another."""

import contextlib
import itertools
import subprocess
import sys
from pathlib import Path

from places import ROOT

from classroom.desk import copies, keeping
from mmcourse import atomic

DESK = {copies.__file__, keeping.__file__}
WRITING = {*DESK, atomic.__file__}
WORKER = """
import os, sys
from pathlib import Path
if sys.argv[1:] == ["unlocked"]:
    sys.modules["filelock"] = None
from classroom.desk import copies, lab
copies.TURN_SECONDS = 60
for line in sys.stdin:
    root = Path(line.strip())
    try:
        print({call}, flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


@contextlib.contextmanager
def processes(count, call, *words):
    """Start processes; yield what lets all of them make one call, and returns their answers."""
    command = [sys.executable, "-c", WORKER.format(call=call), *words]
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    bufsize=1,
                )
            )
            for _ in range(count)
        ]

        def go(root):
            for one in started:
                one.stdin.write(f"{root}\n")
            return [one.stdout.readline().strip() for one in started]

        go(ROOT / "nowhere")  # all have started now
        yield go


def at_every_line(files, arrange, run, meanwhile):
    """Yield what `arrange` returned, once `run` of it has met `meanwhile` of it at a line.

    First at its first line in these files, then anew at its second, until a run has no such.
    """
    for moment in itertools.count():
        arranged = arrange(moment)
        if not _met(files, run, meanwhile, arranged, moment):
            return
        yield arranged


def _met(files, run, meanwhile, arranged, moment):
    lines, before = itertools.count(), sys.gettrace()
    met = False

    def trace(frame, event, _):
        nonlocal met
        if frame.f_code.co_filename not in files or frame.f_code.co_name.startswith("<"):
            return None  # comprehensions look at the course alone
        if event == "line" and next(lines) == moment:
            met = True
            sys.settrace(before)
            meanwhile(arranged)
        return trace

    sys.settrace(trace)
    try:
        run(arranged)
    finally:
        sys.settrace(before)
    return met


def content(folder):
    """Return the text of every file below a folder by its name, but for the lock's."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in Path(folder).rglob("*")
        if path.is_file() and path.name != copies.LOCK.name
    }
