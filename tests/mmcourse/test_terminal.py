"""What a command prints where outputs are closed or know few letters."""

import io
import sys

from mmcourse import terminal


def test_closed_outputs_swallow_what_is_printed(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with terminal.open_outputs():
        terminal.show_lines(["a result"])
        terminal.say("a word beside it")
    assert sys.stdout is sys.stderr is None


def test_lines_and_words_do_not_mix(capsys):
    terminal.show_lines(["one", "two"])
    terminal.say("beside")
    assert capsys.readouterr() == ("one\ntwo\n", "beside\n")


def test_letters_that_an_output_does_not_know_are_escaped(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    terminal.show_lines(["ä – cat"])
    assert raw.getvalue().splitlines() == [rb"\xe4 \u2013 cat"]
