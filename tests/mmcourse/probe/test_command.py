"""`python -m mmcourse probe`: its words, its files, its exit statuses."""

import json
import re

import pytest
from places import ROOT

from mmcourse import checkpoints
from mmcourse.__main__ import main
from mmcourse.probe import battery, calibration, galleries, page
from mmcourse.probe.options import parse
from mmcourse.probe.rows import Findings, Row
from mmcourse.world.words.twins import TWINS

FILES = {"probe.html", "probe.json", "probe.md", "probe.png"}


def row(name, share, part="Which of two captions", **more):
    known = {"low": share, "high": share, "chance": 0.5, "answers": 4}
    return Row(**{"name": name, "share": share, "part": part, **known, **more})


@pytest.fixture
def small(monkeypatch):
    """Let a battery be quick: one sort of pairs, galleries of 16."""
    monkeypatch.setattr(battery, "TWINS", {"colour": TWINS["colour"]})
    monkeypatch.setattr(galleries, "GALLERY", 16)
    monkeypatch.setattr(calibration, "DRAWS", 7)


def run(*words):
    return main(["probe", *map(str, words)])


@pytest.mark.slow
def test_a_table_is_printed_and_a_page_written(small, tmp_path, capsys):
    out = tmp_path / "found"
    assert run("tiny", "--pairs", 30, "--out", out, "--device", "cpu") == 0
    said = capsys.readouterr()
    assert {path.name for path in out.iterdir()} == FILES
    found = Findings.from_data(json.loads((out / "probe.json").read_text()) | {"model": ""})
    told = (out / "probe.md").read_text()
    for each in found.rows:
        assert f"| {each.name} | {page.cell(each)} |" in told
        assert each.name in said.out
    html = (out / "probe.html").read_text()
    assert html.count("<h2>") == told.count("\n## ") == len(found.parts())
    assert re.findall(r'(?:src|href)="(?!data:)', html) == []
    assert said.err.count("probe:") == 4
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    path = tmp_path / "tiny.pt"
    checkpoints.export_openai("tiny", path)
    assert run(path, "--pairs", 30, "--out", out, "--device", "cpu") == 0
    again = json.loads((out / "probe.json").read_text())
    assert again["model"] == str(path)
    assert again["rows"] == json.loads(before["probe.json"])["rows"]
    assert before["probe.png"] != (out / "probe.png").read_bytes()  # another name


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tinny"], "did you mean 'tiny'"),
        (["no/such.pt"], "expected a file of weights at"),
        ([ROOT / "README.md"], "README.md"),
        (["tiny", "--device", "abacus"], "device must be one that torch knows"),
    ],
)
def test_what_is_no_model_or_device_is_told_with_status_2(words, says, tmp_path, capsys):
    assert run(*words, "--out", tmp_path / "out") == 2
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        [],
        [""],
        ["tiny", "tiny-vit"],
        ["tiny", "--pairs", "29"],
        ["tiny", "--pairs", "many"],
        ["tiny", "--pairs", "1e3"],
        ["tiny", "--seed", "-1"],
        ["tiny", "--seed", str(2**63 + 1)],
        ["tiny", "--pair", "30"],
    ],
)
def test_words_that_are_not_understood_end_with_status_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert "python -m mmcourse probe: error: " in capsys.readouterr().err


@pytest.mark.parametrize("place", ["file", "nowhere/deep"])
def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_asked(
    place, tmp_path, capsys
):
    (tmp_path / "file").touch()
    assert run("tiny", "--out", tmp_path / place) == 2
    assert "probe: --out must be a folder" in capsys.readouterr().err


def test_a_probe_that_is_stopped_or_fails_writes_nothing(tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("mmcourse.probe.report.probe", stopped)
    assert run("tiny", "--out", tmp_path / "out", "--device", "cpu") == 130
    assert capsys.readouterr().err == "probe: stopped; nothing was written.\n"
    monkeypatch.setattr("mmcourse.probe.report.load", offline)
    assert run("ViT-B/32", "--out", tmp_path / "out") == 1
    assert list(tmp_path.iterdir()) == []


def offline(*_, **__):
    raise ConnectionError("load: no network.")


def test_the_folder_has_the_name_of_the_model():
    names = {"tiny": "tiny", "ViT-B/32": "ViT-B-32", "/runs/mine.pt": "mine", "..": "model"}
    assert {word: parse([word]).out.name for word in names} == {
        word: f"probe-{name}" for word, name in names.items()
    }


def test_a_page_has_a_column_for_each_model_and_says_what_none_has_read():
    one = Findings(rows=(row("a|b", 0.25, low=0.2, high=0.3),), unknown=(), pairs=30, seed=7)
    two = Findings(rows=(row("a|b", 0.75),), unknown=("<no>",), pairs=30, seed=7)
    models = {"x": one, "y": two}
    told = page.markdown(models, "p.png", "Two bars.")
    assert "# What x and y can tell, and what they must guess" in told
    assert "| Asked | x | y | Chance | Answers |" in told
    assert "| 0.25 (0.2 to 0.3) | 0.75 | 0.5 | 4 |" in told
    assert "y never saw these words: <no>." in told
    assert "30 pairs of each sort and the seed 7" in told
    html = page.html(models, b"PNG", 'Two "bars".')
    assert "&lt;no&gt;" in html
    assert "<no>" not in html
    assert 'alt="Two &quot;bars&quot;."' in html


def test_lines_that_are_printed_stand_below_each_other():
    rows = (row("a", 0.5), row("longer", 0.25, part="Words", chance=None, answers=0))
    lines = page.printed(Findings(rows=rows, unknown=(), pairs=30, seed=0))
    assert lines[0] == "Which of two captions"
    assert lines[1].split() == ["a", "0.5", "0.5", "4"]
    assert lines[2:4] == ["", "Words"]
    assert lines[4].split() == ["longer", "0.25", "–", "–"]
