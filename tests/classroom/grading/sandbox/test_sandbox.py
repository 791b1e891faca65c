"""The walls around a submission: what it cannot see, do, keep or leave behind."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from places import ROOT
from sandboxed import AS_ROOT, SMALL, needs, room, run

from classroom.grading.faults import BrokenError, StoppedError
from classroom.grading.sandbox import Room, mounts

pytestmark = needs("namespaces")
SHARED_MEMORY = """
import mmap, time
held = [mmap.mmap(-1, 100 << 20) for _ in range(9)]
for one in held:
    one.write(bytes(100 << 20))
time.sleep(30)
"""
TRY = "try:\n    print({})\nexcept Exception as e:\n    print(type(e).__name__)"


@pytest.fixture(scope="module")
def shared():
    with room("numpy", "math") as opened:
        yield opened


@pytest.fixture
def seat(shared):
    opened = shared.seat()
    yield opened
    opened.close()


def tried(seat, expression, before=""):
    return run(seat, before + "\n" + TRY.format(expression))


def test_a_cell_runs_and_a_function_answers(seat):
    assert run(seat, "def f(a, b): return a @ b, 'x'\nprint(7)") == "7"
    call = {"function": "f", "arguments": (np.eye(3), np.ones((3, 2))), "harness": None}
    product, word = seat.ask(call, seconds=5)["value"]
    np.testing.assert_array_equal(product, np.ones((3, 2)))
    assert word == "x"


def test_top_level_await_works_and_magics_are_told(seat):
    assert run(seat, "import asyncio\nawait asyncio.sleep(0)\nprint('slept')") == "slept"
    reply = seat.ask({"source": "%matplotlib inline\nprint(7)", "cell": 3}, seconds=10)
    assert (reply["text"], reply["skipped"]) == ("7\n", ["line 1: %matplotlib inline"])


@pytest.mark.parametrize(
    "path",
    [
        ROOT,
        ROOT / "mmcourse",
        Path(np.__file__).parent,
        "/root",
        "/home",
        "/etc/passwd",
        "/var",
        "/usr/bin",
    ],
    ids=str,
)
def test_nothing_of_this_machine_is_there(seat, path):
    assert tried(seat, "os.path.exists(p)", f"import os; p = {str(path)!r}") == "False"


@pytest.mark.parametrize(
    "module",
    [
        "classroom.checks.judge",
        "classroom.grading",
        "mmcourse.__main__",
        "mmcourse.similarity",
        "torch",
        "nbgrader",
    ],
)
def test_no_module_is_there_that_the_exercise_does_not_list(seat, module):
    assert tried(seat, f"__import__('{module}')") == "ModuleNotFoundError"


@pytest.mark.parametrize("module", ["classroom", "mmcourse.checks"])
def test_the_checks_are_a_stand_in_that_does_nothing(seat, module):
    said = run(seat, f"import {module} as c\nprint(c.check('1', 2), 'judge' in dir(c))")
    assert said == "None False"


def test_the_environment_is_clear(seat):
    names = set(run(seat, "import os; print(*os.environ)").split())
    assert not names & {
        "USER",
        "LOGNAME",
        "SSH_AUTH_SOCK",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "OLDPWD",
    }


@pytest.mark.parametrize(
    "folder", ["/", "/site", "/python/lib", "/course", "/room", "/usr/lib", "/dev", "/etc"]
)
def test_only_three_folders_can_be_written(seat, folder):
    assert tried(seat, f"open('{folder}/x', 'w')") in ("OSError", "PermissionError")
    assert (
        tried(seat, "[open(f + '/x', 'w').write('1') for f in ('/desk', '/tmp', '/dev/shm')]")
        == "[1, 1, 1]"
    )


def test_what_can_be_written_has_an_end(seat):
    reply = seat.ask(
        {"source": "for i in range(99): open(f'/tmp/{i}', 'wb').write(bytes(1 << 20))"},
        seconds=9,
    )
    assert reply["error"].startswith("OSError")


def test_there_is_no_network_and_no_privilege(seat):
    for call in ("connect(('127.0.0.1', 22))", "sendto(b'x', ('8.8.8.8', 53))"):
        kind = "STREAM" if "connect" in call else "DGRAM"
        assert tried(
            seat, f"s.socket(s.AF_INET, s.SOCK_{kind}).{call}", "import socket as s"
        ).endswith("Error")
    assert tried(seat, "os.setuid(0) or os.chown('/desk', 0, 0)", "import os") in (
        "PermissionError",
        "None",
    )
    status = run(seat, "print(open('/proc/self/status').read())")
    rows = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    assert [
        int(rows[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")
    ] == [0] * 5
    assert rows["NoNewPrivs"].strip() == "1"
    assert rows["Seccomp"].strip() in ("2",) if seat.first["filter"] else "0"


@pytest.mark.parametrize(
    "call",
    [
        "unshare(0x10000000)",
        "mount(None, b'/', None, 0, None)",
        "ptrace(0, 0, 0, 0)",
        "memfd_create(b'x', 0)",
    ],
)
def test_system_calls_that_no_answer_needs_are_refused(seat, call):
    assert run(seat, f"import ctypes; print(ctypes.CDLL(None).{call})") == "-1"


def test_sixty_forks_are_not_to_be_had(seat):
    source = """
import os, time
made = 0
for _ in range(60):
    try:
        if not os.fork(): time.sleep(60)
        made += 1
    except OSError as e:
        break
print(made)
"""
    assert int(run(seat, source)) < SMALL.processes


def test_it_is_alone(seat):
    assert (
        run(
            seat, "import os; print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))"
        )
        == "[1]"
    )
    if AS_ROOT:
        assert seat.first["user"] > 1_000_000_000


def test_memory_ends_the_submission(shared):
    seat = shared.seat()
    reply = seat.ask({"source": "x = bytearray(2 << 30)"}, seconds=9)
    assert reply["error"].startswith("MemoryError")
    with pytest.raises(StoppedError, match="more than 600 MB of memory"):
        seat.ask({"source": SHARED_MEMORY}, seconds=20)


def test_a_machine_short_of_memory_is_blamed_on_who_holds_it(shared, monkeypatch):
    monkeypatch.setattr("classroom.grading.sandbox.memory.free", lambda: 0)
    seat = shared.seat()
    assert seat.ask({"source": "import time; time.sleep(1)"}, seconds=9)["error"] is None
    held = "x = bytearray(b'1') * (300 << 20)\nimport time; time.sleep(9)"
    with pytest.raises(StoppedError, match="memory that the machine had left"):
        seat.ask({"source": held}, seconds=9)


def test_only_the_listed_modules_of_the_course_go_in_with_what_they_import():
    with room("numpy", "mmcourse.boundary") as opened:
        seat = opened.seat()
        assert (
            run(seat, "from mmcourse.boundary.scalars import whole; print(whole('f', 'n', 3))")
            == "3"
        )
        assert tried(seat, "__import__('mmcourse.similarity')") == "ModuleNotFoundError"
        assert run(seat, "import sys; print('torch' in sys.modules)") == "False"


@pytest.mark.parametrize(
    "module",
    [
        "classroom",
        "classroom.grading",
        "classroom.checks.judge",
        "mmcourse.checks",
        "mmcourse.__main__",
        "mmcourse.nothing",
    ],
)
def test_an_exercise_cannot_open_the_checks(module, tmp_path):
    with pytest.raises(BrokenError, match=f"an exercise needs '{module}'"):
        mounts.assemble([module], tmp_path)


def test_a_sandbox_that_does_not_start_is_our_fault():
    with pytest.raises(BrokenError, match="'no_such_module', which is not installed"):
        Room(("no_such_module",), SMALL, "namespaces")
    with pytest.raises(BrokenError, match="no student's fault"), room("numpy", "numpy.nothing"):
        pass


def test_clips_vocabulary_goes_in_as_one_file_where_the_tokenizer_does(tmp_path):
    needed = mounts.assemble(["mmcourse.tokenizer"], tmp_path)
    (vocabulary,) = (name for name in needed if name.endswith(".txt.gz"))
    assert "/" in vocabulary
    assert vocabulary.partition("/")[0] not in needed
    assert (tmp_path / "course" / "mmcourse" / "boundary").is_dir(), "what it imports goes too"


def test_the_grader_itself_imports_neither_torch_nor_any_check():
    look = "import sys, classroom.grading.command\nprint(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in ("'torch'", "'classroom.checks.ex", "'IPython'", "'nbgrader'"):
        assert name not in done.stdout
