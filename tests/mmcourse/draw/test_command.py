"""`python -m mmcourse draw`: its words, its picture, what it prints, its exit statuses."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
import torch
from command_help import help_of
from PIL import Image
from places import ROOT

from mmcourse import clip, draw
from mmcourse.__main__ import main
from mmcourse.autoencoder import Autoencoder
from mmcourse.draw import run
from mmcourse.draw.options import Options, parse
from mmcourse.draw.output import GAP, Drawn, as_lines, in_words, remarks, strip
from mmcourse.judge import Judge, Verdict
from mmcourse.rectified_flow import FlowNet, Painter

CAT = Verdict("cat", "red", "none", "red", "night")
QUICK = ["--n", "2", "--steps", "1", "--size", "64", "--device", "cpu"]


@pytest.fixture
def beginner(monkeypatch):
    """Let a painter and a judge that have learnt nothing stand in for the shipped ones."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        painter = Painter(clip.load("tiny", "cpu")[0], FlowNet().eval(), Autoencoder().eval())
        judge = Judge().eval()
    monkeypatch.setattr(run, "load_painter", lambda device: painter)
    monkeypatch.setattr(run, "load_judge", lambda: judge)


def done(capsys, *words, status=0):
    """Return what a drawing prints on standard output, and on the other."""
    assert main(["draw", *map(str, words)]) == status
    said = capsys.readouterr()
    if status:
        assert said.out == ""
    return said.out, said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "a.png"], r"the sentence is missing"),
        (["a cat"], r"required: -o/--out"),
        (["a", "red", "cat", "-o", "a.png"], r'put it in quotes: "a red cat"'),
        (["", "-o", "a.png"], r"the sentence must have words in it"),
        (["caf\udce9", "-o", "a.png"], r"the sentence must be UTF-8; got 'caf\\udce9'"),
        (["a cat", "-o", "a.jpg"], r"must end in \.png; got a\.jpg"),
        (["a cat", "-o", ""], r"must be a file; got ''"),
        (["a cat", "-o", "a.png", "--n", "0"], r"--n: must be a whole number from 1 to 64"),
        (["a cat", "-o", "a.png", "--n", "65"], r"--n: must be"),
        (["a cat", "-o", "a.png", "--guidance", "nan"], r"--guidance: must be a number from 0"),
        (["a cat", "-o", "a.png", "--guidance", "-1"], r"--guidance: "),
        (["a cat", "-o", "a.png", "--steps", "0"], r"--steps: must be a whole number from 1"),
        (["a cat", "-o", "a.png", "--seed", "-1"], r"--seed: must be a whole number from 0"),
        (["a cat", "-o", "a.png", "--seed", "4294967296"], r"from 0 to 4294967295; got"),
        (["a cat", "-o", "a.png", "--size", "63"], r"--size: must be a whole number from 64"),
        (["a cat", "-o", "a.png", "--jso"], r"unrecognized arguments: --jso"),
    ],
)
def test_what_is_not_understood_is_named(words, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["draw", *words])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(message, said.err)


def test_text_and_options_may_stand_in_any_order():
    for words in (["cat", "-o", "a.png", "--n", "3"], ["--n=3", "--out", "a.png", "cat"]):
        options = parse(words)
        assert (options.prompt, options.out.name, options.n) == ("cat", "a.png", 3)


def test_help_states_every_exit_status(capsys):
    help_of(draw, capsys, "Exit status: 0 it is drawn; 1 a fault")


@pytest.mark.usefixtures("beginner")
def test_pictures_stand_side_by_side_with_score_and_verdict(tmp_path, capsys):
    out = tmp_path / "out.png"
    printed, beside = done(capsys, "a cute red cat", "-o", out, *QUICK)
    assert re.fullmatch(r"(\d  -?0\.\d{3}  [a-z ]+\n){2}", printed)
    assert "never saw these words, and reads nothing in them: cute." in beside
    assert beside.splitlines()[-1] == f"draw: written to {out}."
    with Image.open(out) as picture:
        assert picture.size == (2 * 64 + GAP, 64)
        assert picture.info["Title"] == "a cute red cat"
        assert picture.info["Description"].count("; 2. ") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


@pytest.mark.usefixtures("beginner")
def test_json_says_all_and_equal_seeds_give_equal_pictures(tmp_path, capsys):
    files = []
    for seed in (5, 5, 6):
        out = tmp_path / f"{len(files)}.png"
        printed, _ = done(capsys, "a red cat", "-o", out, "--seed", seed, "--json", *QUICK)
        files.append(out.read_bytes())
        found = json.loads(printed)
        assert printed.isascii()
        assert list(found) == [
            *("prompt", "file", "guidance", "steps", "seed", "pictures", "unknown_words")
        ]
        scores = [each["score"] for each in found["pictures"]]
        assert len(scores) == 2
        assert 1 >= scores[0] >= scores[1] >= -1
        assert list(found["pictures"][0]["verdict"]) == list(Verdict._fields)
    assert files[0] == files[1] != files[2]


@pytest.mark.usefixtures("beginner")
@pytest.mark.parametrize("terminal", [False, True])
def test_a_bar_goes_to_terminals_only(terminal, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    printed, beside = done(capsys, "a red cat", "-o", tmp_path / "a.png", "--json", *QUICK)
    assert json.loads(printed)
    assert ("painting" in beside) is terminal


@pytest.mark.usefixtures("beginner")
def test_a_file_that_gives_way_is_named(tmp_path, capsys):
    out = tmp_path / "out.png"
    out.write_bytes(b"an older picture")
    _, beside = done(capsys, "a red cat", "-o", out, *QUICK)
    assert beside.splitlines()[-1] == f"draw: written to {out} in place of the old one."


@pytest.mark.parametrize(("prompt", "tokens"), [("cat " * 30, 30), ("a" * 9999, 1251)])
def test_a_sentence_that_is_too_long_is_a_fault(prompt, tokens, tmp_path, capsys):
    _, beside = done(capsys, prompt, "-o", tmp_path / "out.png", *QUICK, status=1)
    assert f"draw: the sentence must have at most 22 tokens; got {tokens} in" in beside
    assert len(beside) < 300
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written_are_faults_before_work_starts(tmp_path, capsys):
    (tmp_path / "folder.png").mkdir()
    for path in (tmp_path / "folder.png", tmp_path / "no/where.png"):
        assert (
            "must be a file that can be written" in done(capsys, "cat", "-o", path, status=1)[1]
        )


def test_a_drawing_that_is_stopped_writes_nothing(tmp_path, capsys, monkeypatch):
    def stopped(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "draw", stopped)
    _, beside = done(capsys, "a cat", "-o", tmp_path / "out.png", status=130)
    assert beside == "\ndraw: stopped; nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


def test_lines_are_ranked_and_old_names_printable():
    options = Options(prompt="x", out=parse(["x", "-o", "a\n.png"]).out)
    drawn = Drawn(options=options, pictures=((0.5, CAT),) * 10, replaced=True)
    assert as_lines(drawn)[0] == " 1  0.500  a red cat at night"
    assert remarks(drawn) == [r"draw: written to a\n.png in place of the old one."]


def test_a_judge_who_sees_nothing_says_so():
    assert in_words(CAT._replace(kind="none")) == "nothing that can be named at night"


def test_a_strip_enlarges_without_smoothing_and_breaks_after_eight(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (9, 64, 64, 3), dtype=np.uint8)
    (tmp_path / "strip.png").write_bytes(strip(pixels, 128, "title", "about"))
    with Image.open(tmp_path / "strip.png") as drawn:
        shown = np.asarray(drawn.convert("RGB"))
    assert shown.shape == (2 * 128 + GAP, 8 * 128 + 7 * GAP, 3)
    second = shown[:128:2, 128 + GAP :][:, :128:2]
    assert np.array_equal(second, pixels[1])
    assert (shown[-1, -1] == 255).all()


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_amid_the_steps_leaves_nothing(tmp_path):
    out = tmp_path / "out.png"
    words = ["draw", "a red cat", "-o", out, "--steps", "1000", "--device", "cpu"]
    screen, terminal = os.openpty()  # a bar is drawn on nothing else
    pytest.importorskip("termios").tcsetwinsize(terminal, (24, 80))
    with subprocess.Popen(
        [sys.executable, "-m", "mmcourse", *map(str, words)], stderr=terminal, cwd=ROOT
    ) as process:
        os.close(terminal)
        said = b""
        while b"step/s" not in said:
            said += os.read(screen, 99)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # the end of a screen that nobody writes to
            while more := os.read(screen, 99):
                said += more
    os.close(screen)
    assert process.returncode == 130
    assert said.splitlines()[-1] == b"draw: stopped; nothing was written."
    assert b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []
