"""`python -m mmcourse caption`: its words, its lines, files that are none, exit statuses."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import odd_files
import pytest
import torch
from command_help import help_of
from PIL import Image
from places import ROOT

from mmcourse import caption, world
from mmcourse.__main__ import main
from mmcourse.caption import run
from mmcourse.caption.output import Captioned, as_line, as_text
from mmcourse.captioning import PrefixCaptioner
from mmcourse.eyes import FOREIGN


@pytest.fixture
def beginner(monkeypatch):
    """Let a captioner that has learnt nothing stand in for the shipped one."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        mouth = PrefixCaptioner().eval()
    monkeypatch.setattr(run, "restore", lambda module, name: mouth)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Return a folder with a drawing, and noise, which is foreign."""
    folder = tmp_path_factory.mktemp("pictures")
    scene = world.sample_scene(np.random.default_rng(5), n_objects=1, kinds=["cat"])
    Image.fromarray(world.render(scene, 96)).save(folder / "cat.png")
    odd_files.noise(np.random.default_rng(0), 90, 90, 3).save(folder / "noise.png")
    return folder


def said(capsys, *words, status=0):
    """Return what captioning prints on standard output, and on the other."""
    assert main(["caption", *map(str, words)]) == status
    printed = capsys.readouterr()
    return printed.out, printed.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], r"required: FILE"),
        (["a.png", ""], r"FILE: must be a file; got ''"),
        (["a.png", "--threshold", "2"], r"--threshold: must be a number from 0 to 1; got '2'"),
        (["a.png", "--threshold", "nan"], r"--threshold: must be a number"),
        (["a.png", "--jso"], r"unrecognized arguments: --jso"),
    ],
)
def test_what_is_not_understood_is_named(words, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["caption", *words])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.search(message, printed.err)


def test_help_states_every_exit_status(capsys):
    help_of(caption, capsys, "Exit status: 0 every file was read; 1 a fault")


@pytest.mark.usefixtures("beginner")
def test_every_file_gets_a_line_and_noise_is_foreign(pictures, capsys):
    files = [pictures / "cat.png", pictures / "noise.png"]
    printed, beside = said(capsys, *files, "--threshold", 0)
    first, second = printed.splitlines()
    assert re.fullmatch(rf"{re.escape(str(files[0]))}: .+ \(0\.\d\d\)", first)
    assert second == f"{files[1]}: {FOREIGN}"
    assert beside == ""


@pytest.mark.usefixtures("beginner")
def test_who_has_learnt_nothing_is_not_sure(pictures, capsys):
    printed, _ = said(capsys, pictures / "cat.png")
    assert re.search(r"cat\.png: not sure \(0\.\d\d\)\n$", printed)


@pytest.mark.usefixtures("beginner")
@pytest.mark.parametrize("terminal", [False, True])
def test_a_bar_goes_to_terminals_only(terminal, pictures, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    beside = said(capsys, pictures / "cat.png", pictures / "noise.png", "--json")[1]
    assert ("captioning" in beside) is terminal


@pytest.mark.usefixtures("beginner")
def test_json_is_one_object_of_ascii(pictures, capsys):
    printed, _ = said(capsys, pictures / "cat.png", pictures / "noise.png", "--json")
    found = json.loads(printed)
    assert printed.isascii()
    assert list(found) == ["threshold", "captions", "skipped"]
    drawn, noise = found["captions"]
    keys = ["path", "caption", "confidence", "guess", "foreign", "distance"]
    assert list(drawn) == list(noise) == keys
    assert (drawn["caption"], drawn["foreign"], noise["foreign"]) == (None, False, True)
    assert drawn["distance"] < 1 < noise["distance"]
    assert found["skipped"] == []


@pytest.mark.usefixtures("beginner")
def test_files_that_are_no_pictures_are_named_and_the_others_answered(
    pictures, tmp_path, capsys
):
    (tmp_path / "text.png").write_text("Dear Ada")
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(99))
    os.mkfifo(tmp_path / "pipe.png")
    bad = [tmp_path, tmp_path / "text.png", tmp_path / "torn.jpg", tmp_path / "no.png"]
    good = pictures / "noise.png"
    printed, beside = said(capsys, *bad, good, tmp_path / "pipe.png", status=1)
    assert printed == f"{good}: {FOREIGN}\n"
    for path in (*bad, tmp_path / "pipe.png"):
        assert f"caption: expected a picture in {path}; got " in beside
    assert "Traceback" not in beside
    printed, _ = said(capsys, *bad, good, "--json", status=1)
    found = json.loads(printed)
    assert [each["path"] for each in found["skipped"]] == [str(path) for path in bad]
    assert all(each["reason"] for each in found["skipped"])


@pytest.mark.usefixtures("beginner")
def test_every_odd_file_is_answered_or_named(tmp_path, rng, capsys):
    odd = odd_files.fill(tmp_path / "odd", rng)
    files = [odd.path / name for name in (*odd.good, *odd.bad)]
    found = json.loads(said(capsys, *files, "--json", status=1)[0])
    names = {str(odd.path / name) for name in odd.bad}
    assert {each["path"] for each in found["skipped"]} == names
    assert len(found["captions"]) == len(odd.good)


@pytest.mark.usefixtures("beginner")
def test_a_name_may_begin_with_a_dash(pictures, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-1.png").write_bytes((pictures / "noise.png").read_bytes())
    assert said(capsys, "--", "-1.png")[0] == f"-1.png: {FOREIGN}\n"


def test_what_was_said_before_ctrl_c_stands(pictures, capsys, monkeypatch):
    def stopped(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "caption", stopped)
    _, beside = said(capsys, pictures / "cat.png", status=130)
    assert beside == "\ncaption: stopped; what was said stands.\n"


def test_no_such_device_is_a_fault(pictures, capsys):
    _, beside = said(capsys, pictures / "cat.png", "--device", "abacus", status=1)
    assert "device must be one that torch knows" in beside


def test_lines_are_safe_in_a_terminal():
    one = Captioned(path="new\nline\x1b.png", guess="a cat", confidence=0.995, said=True)
    assert as_line(one, FOREIGN) == r"new\nline\x1b.png: a cat (0.99)"


def test_a_caption_of_a_foreign_picture_is_kept_as_a_guess_alone():
    one = Captioned(path="caf\udce9", guess="a cat", confidence=0.9, said=True, distance=1.5)
    [found] = json.loads(as_text([one], 0.5))["captions"]
    assert (found["caption"], found["guess"], found["foreign"]) == (None, "a cat", True)


@pytest.mark.slow
def test_a_reader_that_closes_early_hears_no_complaint(pictures):
    words = ["caption", *[str(pictures / "cat.png")] * 9]
    with subprocess.Popen(
        [sys.executable, "-m", "mmcourse", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")
