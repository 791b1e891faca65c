"""Nothing of a submission stays: not for the next one, not after it, not after the grader."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import ROOT
from sandboxed import needs, room, run

from classroom.grading.sandbox import memory

BACKENDS = [
    pytest.param(name, marks=needs(name)) for name in ("namespaces", "landlock", "none")
]

MARK = """
import builtins, os, sys, numpy
numpy.mark = sys.mark = builtins.mark = 1
open("mark", "w").close()
"""
LOOK = """
import builtins, os, sys, numpy
print([hasattr(one, "mark") for one in (numpy, sys, builtins)], os.path.exists("mark"))
"""
CLOSED = """
import os
os.makedirs("closed/inner")
os.chmod("closed", 0)
os.symlink("/", "everything")
for _ in range(1500):
    os.mkdir("deep")
    os.chdir("deep")
"""
DAEMONS = """
import os, time
for _ in range(5):
    if not os.fork():
        os.setsid()
        if not os.fork():
            time.sleep(600)
        os._exit(0)
"""
GRADER = """
import sys, time
sys.path.insert(0, "tests/helpers")
from sandboxed import room
opened = room()
seat = opened.seat()
seat.ask({"source": "import os, time\\nif not os.fork(): time.sleep(600)"}, seconds=9)
print("ready", flush=True)
time.sleep(600)
"""


def below(process):
    return set(memory.tree(process)) - {process}


def gone(processes, seconds=20):
    """Wait for some processes to end; return those that did not."""
    end = time.monotonic() + seconds
    while left := [one for one in processes if Path(f"/proc/{one}").exists()]:
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    return left


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_stays_for_the_next_submission(backend):
    with room(backend=backend) as opened:
        first = opened.seat()
        run(first, MARK)
        first.close()
        second = opened.seat()
        assert run(second, LOOK) == "[False, False, False] False"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_folder_that_is_hard_to_remove_is_removed(backend):
    with room(backend=backend) as opened:
        first = opened.seat()
        run(first, CLOSED)
        first.close()
        assert run(opened.seat(), "import os; print(os.listdir())") == "[]"


@needs("namespaces")
@pytest.mark.parametrize("folder", ["/tmp", "/desk", "/dev/shm"])
def test_no_file_stays_for_the_next_submission(folder):
    with room() as opened:
        first = opened.seat()
        run(first, f"open('{folder}/mark', 'w').close()")
        first.close()
        assert run(opened.seat(), f"import os; print(os.listdir('{folder}'))") == "[]"


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_process_survives_its_submission(backend):
    with room(backend=backend) as opened:
        before = below(os.getpid())
        seat = opened.seat()
        run(seat, DAEMONS)
        time.sleep(0.2)  # the daemons lose their parents
        during = below(os.getpid())
        assert len(during) >= len(before) + 6
        seat.close()
        assert gone(during - before) == []
        run(opened.seat(), "1")


@needs("namespaces")
def test_no_process_survives_a_grader_that_is_killed():
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with grader:
        assert grader.stdout.readline() == "ready\n"
        left = below(grader.pid)
        assert len(left) >= 4
        os.kill(grader.pid, signal.SIGKILL)
    assert gone(left) == []
