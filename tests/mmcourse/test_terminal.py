"""What a command prints where outputs are closed or know few letters."""

import io
import sys

import pytest

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


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (BrokenPipeError(), 0, ""),
        (KeyboardInterrupt(), 130, "\ntry: stopped; nothing was written.\n"),
        (ImportError("no torch"), 1, "try: no torch; `python -m mmcourse doctor` says how"),
        (ValueError("try: a fault."), 1, "try: a fault.\n"),
        (FileNotFoundError("try: no file."), 2, "try: no file.\n"),
        (OSError("try: a full disk."), 1, "try: a full disk.\n"),
        (OSError(28, "try: a full disk."), 1, "try: a full disk.\n"),
        (OSError(28, "No space left"), 1, "try: got No space left.\n"),
        (OSError(28, "No space left", "a"), 1, "try: expected to open or write a; got No spa"),
        (
            ValueError("try: two\n  lines, not\nthree\x1b."),
            1,
            "try: two\n  lines, not\\nthree\\x1b",
        ),
    ],
)
def test_every_end_of_a_command_has_its_status(error, status, said, capfd, monkeypatch):
    monkeypatch.setattr(terminal, "let_go_of_stdout", lambda: None)

    def work():
        raise error

    wrong = (FileNotFoundError,)
    how = {"stopped": "nothing was written", "misunderstood": wrong}
    assert terminal.exit_status("try", work, **how) == status
    assert capfd.readouterr().err.startswith(said)


def test_a_command_that_is_done_says_its_own_status_or_none():
    assert terminal.exit_status("try", lambda: None, stopped="") == 0
    assert terminal.exit_status("try", lambda: 1, stopped="") == 1
