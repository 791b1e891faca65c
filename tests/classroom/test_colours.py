"""Colours are for who reads a terminal or a notebook, and change no text."""

import io
import os
import re

import pytest

from classroom import checks, colours

TEXT = """02.1 f: 1 of 2 cases passed.
You did.
1 of these cases is hidden: grading draws new ones."""


class Terminal(io.StringIO):
    def isatty(self):
        return True


class OutStream(io.StringIO):
    """Stands for a notebook's stdout, which is no terminal."""

    __module__ = "ipykernel.iostream"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.skipif(os.name == "nt", reason="terminals there may show the codes themselves")
def test_a_terminal_and_a_notebook_get_colours_and_a_file_gets_none():
    assert colours.painted(TEXT, "failed", io.StringIO()) == TEXT
    for stream in (Terminal(), OutStream()):
        painted = colours.painted(TEXT, "failed", stream)
        assert painted.splitlines() == [
            "\x1b[31m02.1 f: 1 of 2 cases passed.\x1b[0m",
            "You did.",
            "\x1b[2m1 of these cases is hidden: grading draws new ones.\x1b[0m",
        ]
    assert colours.painted("ok", "passed", Terminal()) == "\x1b[32mok\x1b[0m"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_asks_for_no_colour_gets_none(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert colours.painted(TEXT, "failed", Terminal()) == TEXT


@pytest.mark.skipif(os.name == "nt", reason="terminals there may show the codes themselves")
def test_a_check_says_the_same_in_colours(monkeypatch, capsys):
    checks.check("02.1", lambda *_: None)
    plain = capsys.readouterr().out
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    checks.check("02.1", lambda *_: None)
    said = terminal.getvalue()
    assert said.startswith("\x1b[31m")
    assert re.sub("\x1b\\[[0-9]*m", "", said) == plain
