"""A wrong Python is named, with the right one and the command to type."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from classroom.desk import commands, interpreter, progress


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a course with a `.venv` that is not the Python of this test."""
    own = interpreter.own(tmp_path)
    own.parent.mkdir(parents=True)
    own.touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(interpreter, "is_isolated", lambda: False)
    return tmp_path


def typed(course):
    return str(interpreter.own(course).with_suffix("").relative_to(course))


def test_the_right_python_and_the_command_are_named(course):
    said = interpreter.refusal(["check", "02"], ["IPython", "numpy", "torch"], course)
    assert said == (
        f"check: expected the course's Python; {sys.executable} lacks IPython, numpy and "
        f"torch. Type: {typed(course)} -m mmcourse check 02"
    )


def test_from_another_folder_the_path_is_whole(course, monkeypatch):
    (course / "else").mkdir()
    monkeypatch.chdir(course / "else")
    said = interpreter.refusal(["check"], ["torch"], course)
    assert said.endswith(f"Type: {course / typed(course)} -m mmcourse check")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell there quotes otherwise")
def test_words_with_spaces_can_be_typed_as_they_are_said(course):
    words = ["grade", "my class", "--out", "a'b"]
    said = interpreter.refusal(words, ["torch"], course)
    assert shlex.split(said.partition("mmcourse ")[2]) == words


def test_without_a_venv_comes_the_set_up_first(course, monkeypatch):
    interpreter.own(course).unlink()
    said = interpreter.refusal(["check"], ["torch"], course)
    assert "Set the course up: make setup (without make: python3 scripts/install.py)" in said
    assert said.endswith(f"Then type: {typed(course)} -m mmcourse check")
    assert "doctor" not in said
    monkeypatch.setattr(interpreter, "is_isolated", lambda: True)
    assert "-m mmcourse doctor says how." in interpreter.refusal(["check"], ["torch"], course)


def test_the_courses_own_python_is_not_sent_to_itself(course, monkeypatch):
    (course / "real").mkdir()
    (course / ".linked").symlink_to(course / ".venv")
    monkeypatch.setattr(sys, "prefix", str(course / ".linked"))
    said = interpreter.refusal(["check"], ["torch"], course)
    assert said == f"check: {sys.executable} lacks torch. Install what is missing: make setup"
    assert interpreter.note(["check"], course) == ""


def test_another_python_that_will_do_is_named_in_a_note(course):
    said = interpreter.note(["check"], course)
    assert said.startswith(f"check: {sys.executable} runs this")
    assert said.endswith(typed(course))
    interpreter.own(course).unlink()
    assert interpreter.note(["check"], course) == ""


def test_what_is_there_is_not_lacking():
    assert interpreter.lacking(["json", "not_there_at_all", "numpy"]) == ["not_there_at_all"]


def test_check_is_refused_before_a_notebook_runs(monkeypatch, capsys):
    monkeypatch.setattr(interpreter, "lacking", lambda *_: ["torch"])
    monkeypatch.setattr(progress, "check", lambda _: pytest.fail("it ran"))
    assert commands.main(["check", "02"], {}) == 1
    assert "lacks torch." in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", ["check 02", "grade IN --out OUT", "lab", "gradescope 02 --out A"]
)
def test_a_python_without_packages_is_named_by_every_command(words):
    done = subprocess.run(
        [sys.executable, "-S", "-m", "mmcourse", *words.split()],  # no site-packages
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{words.split()[0]}: ")
    assert f"{Path(sys.executable)} lacks " in line
