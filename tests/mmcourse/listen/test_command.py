"""`python -m mmcourse listen`: its words, its lines, files that are none, exit statuses."""

import json
import re

import numpy as np
import pytest
import torch
from command_help import help_of
from scipy.io import wavfile

from mmcourse import ears, listen, world
from mmcourse.__main__ import main
from mmcourse.audio import AudioCaptioner, grain
from mmcourse.audio.grain import GRAIN
from mmcourse.ears import FOREIGN, Part
from mmcourse.foreign import Border
from mmcourse.listen import run
from mmcourse.listen.output import Listened, as_lines, as_text


@pytest.fixture
def beginner(monkeypatch):
    """Let a captioner that has learnt nothing stand in for the shipped one."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        teller = AudioCaptioner().eval()
    shipped = ears.restore

    def restore(module, name):
        return teller if isinstance(module, AudioCaptioner) else shipped(module, name)

    monkeypatch.setattr(ears, "restore", restore)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    """Return a folder with a scene's sound, a long one, and a siren, which is foreign."""
    folder = tmp_path_factory.mktemp("sounds")
    rng = np.random.default_rng(5)
    first, second = (world.play(world.sound_scene(rng)) for _ in range(2))
    wavfile.write(folder / "scene.wav", 16_000, first)
    wavfile.write(folder / "long.wav", 16_000, np.concatenate([first, second, first[:20_000]]))
    t = np.arange(48_000) / 16_000
    siren = np.sin(2 * np.pi * np.cumsum(900 + 400 * np.sin(6 * t)) / 16_000)
    wavfile.write(folder / "siren.wav", 16_000, (0.5 * siren).astype(np.float32))
    return folder


def said(capsys, *words, status=0):
    """Return what listening prints on standard output, and on the other."""
    assert main(["listen", *map(str, words)]) == status
    printed = capsys.readouterr()
    return printed.out, printed.err


def part(**changes):
    settings = {"begin": 0.0, "end": 3.0, "guess": "a cat once", "confidence": 0.9}
    return Part(**(settings | {"distance": 0.4} | changes))


def test_help_states_every_exit_status(capsys):
    help_of(listen, capsys, "Exit status: 0 every file was heard; 1 a fault")


@pytest.mark.usefixtures("beginner")
def test_every_file_gets_a_line_and_a_siren_is_foreign(sounds, capsys):
    files = [sounds / "scene.wav", sounds / "siren.wav"]
    printed, beside = said(capsys, *files, "--threshold", 0)
    first, second = printed.splitlines()
    assert re.fullmatch(rf"{re.escape(str(files[0]))}: .+ \(0\.\d\d\)", first)
    assert second == f"{files[1]}: {FOREIGN}"
    assert beside == ""


@pytest.mark.usefixtures("beginner")
def test_a_long_recording_gets_a_line_for_each_three_seconds(sounds, capsys):
    lines = said(capsys, sounds / "long.wav", "--threshold", 0)[0].splitlines()
    assert [re.search(r"wav ([\d.]+-[\d.]+) s: ", line)[1] for line in lines] == [
        "0-3",
        "3-6",
        "6-7.25",
    ]


@pytest.mark.usefixtures("beginner")
def test_who_has_learnt_nothing_is_not_sure(sounds, capsys):
    printed, _ = said(capsys, sounds / "scene.wav")
    assert re.search(r"scene\.wav: not sure \(0\.\d\d\)\n$", printed)


@pytest.mark.usefixtures("beginner")
def test_json_is_one_object_of_ascii(sounds, capsys):
    printed, _ = said(capsys, sounds / "scene.wav", sounds / "siren.wav", "--json")
    found = json.loads(printed)
    assert printed.isascii()
    assert list(found) == ["threshold", "recordings", "skipped"]
    [own], [siren] = (each["parts"] for each in found["recordings"])
    keys = ["begin", "end", "caption", "confidence", "guess", "foreign", "distance"]
    assert list(own) == list(siren) == keys
    assert (own["caption"], own["foreign"], siren["foreign"]) == (None, False, True)
    assert own["distance"] < 1 < siren["distance"]
    assert found["skipped"] == []


@pytest.mark.usefixtures("beginner")
def test_files_that_are_no_recordings_are_named_and_the_others_answered(
    sounds, tmp_path, capsys
):
    (tmp_path / "text.wav").write_text("Dear Ada")
    wavfile.write(tmp_path / "silent.wav", 16_000, np.zeros(48_000, dtype=np.int16))
    bad = [tmp_path, tmp_path / "text.wav", tmp_path / "silent.wav", tmp_path / "no.wav"]
    printed, beside = said(capsys, *bad, sounds / "siren.wav", status=1)
    assert printed == f"{sounds / 'siren.wav'}: {FOREIGN}\n"
    for path in bad:
        assert str(path) in beside
    assert len(beside.splitlines()) == len(bad)
    assert "Traceback" not in beside
    found = json.loads(said(capsys, *bad, "--json", status=1)[0])
    assert [each["path"] for each in found["skipped"]] == [str(path) for path in bad]
    assert all(each["reason"] for each in found["skipped"])


def test_what_was_said_before_ctrl_c_stands(sounds, capsys, monkeypatch):
    def stopped(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "listen", stopped)
    _, beside = said(capsys, sounds / "scene.wav", status=130)
    assert beside == "\nlisten: stopped; what was said stands.\n"


def test_lines_are_safe_in_a_terminal():
    one = Listened(path="new\nline\x1b.wav", parts=(part(),))
    assert as_lines(one, 0.5, FOREIGN) == [r"new\nline\x1b.wav: a cat once (0.90)"]


def test_a_sentence_of_a_foreign_sound_is_kept_as_a_guess_alone():
    one = Listened(path="caf\udce9", parts=(part(distance=1.5),))
    [found] = json.loads(as_text([one], 0.5))["recordings"][0]["parts"]
    assert (found["caption"], found["guess"], found["foreign"]) == (None, "a cat once", True)


def test_borders_are_of_the_sizes_that_grain_gives():
    bands = grain(torch.zeros(1, 48, 61))
    for seconds in ears.BORDERS:
        border = ears.restore(Border(GRAIN), f"sound-border-{seconds}")
        assert len(border.mean) == bands.shape[1]
