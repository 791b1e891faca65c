"""Notebooks of edition 0.1 still work: each of their import lines, as they were recorded."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from places import ROOT

from mmcourse import moved

LINES = Path(__file__).with_name("edition_0_1.txt").read_text(encoding="utf-8").splitlines()
"""Every line of the lessons, exercises and solutions that imported from the course."""

RUN = """
import sys
for line in sys.stdin.read().splitlines():
    exec(line, {"__name__": "__main__"})
from mmcourse import world
assert callable(world.render), "an old module's name must not hide the function"
print("done")
"""


def ask(code, text):
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, input=text, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("lines", [LINES, LINES[::-1]], ids=["in order", "backwards"])
def test_every_recorded_import_line_works(lines):
    assert len(LINES) == 59
    done = ask(RUN, "\n".join(lines))
    assert (done.stdout, done.stderr) == ("done\n", "")


@pytest.mark.parametrize("old", moved.MOVED)
def test_an_old_name_is_todays_module_and_not_a_second_one(old):
    new = moved.MOVED[old].replace("mmcourse.checks.", "classroom.desk.")
    import_module(new)
    assert import_module(old) is sys.modules[new]
    assert sys.modules[new].__name__ == new


def test_the_old_checks_are_todays():
    from classroom import check, checks
    from mmcourse import checks as old

    assert old.check is check
    assert old.EXERCISES == checks.EXERCISES
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        old.nothing  # noqa: B018


def test_a_name_that_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"mmcourse\.nothing"):
        import_module("mmcourse.nothing")
