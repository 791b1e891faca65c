"""`python -m mmcourse probe`: its words, its files, its exit statuses."""

import contextlib
import errno
import io
import json
import os
import re

import pytest
import torch
from browsing import chromium
from places import ROOT

from mmcourse import checkpoints
from mmcourse.__main__ import main
from mmcourse.atomic import whole_file
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
    out = tmp_path / "another one's"
    assert run(path, "--pairs", 30, "--out", out, "--device", "cpu") == 0
    again = json.loads((out / "probe.json").read_text())
    assert again["model"] == str(path)
    assert again["rows"] == json.loads(before["probe.json"])["rows"]
    assert before["probe.png"] != (out / "probe.png").read_bytes()  # another name


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["no\n\x1b.pt"], r"no\n\x1b.pt; found nothing"),
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
        ["tiny", "--out", ""],
    ],
)
def test_words_that_are_not_understood_end_with_status_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert "python -m mmcourse probe: error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "place", ["file", "nowhere/deep", "dangling", "a" * 300, "full", "/proc/probe", "/dev/null"]
)
def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_asked(
    place, tmp_path, capsys
):
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "full" / "probe.md").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    assert run("tiny", "--out", tmp_path / place) == 2
    assert "probe: --out must be a folder" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("held", ['{"model": "other"}', "{}", "[]", "torn"])
def test_the_probe_of_another_model_is_not_replaced(held, tmp_path, capsys):
    (tmp_path / "probe.json").write_text(held)
    assert run("tiny", "--out", tmp_path) == 2
    said = capsys.readouterr().err
    assert "must hold no other model's probe, which would be lost" in said
    assert ("with that of other;" if "other" in held else "of an unknown model;") in said
    assert (tmp_path / "probe.json").read_text() == held


@pytest.fixture
def at_once(monkeypatch):
    """Let a probe find one row, and ask nothing."""
    found = Findings(rows=(row("colour", 0.75),), unknown=(), pairs=30, seed=0)
    monkeypatch.setattr("mmcourse.probe.report.load", lambda *_, **__: (None, None))
    monkeypatch.setattr("mmcourse.probe.report.probe", lambda *_, **__: found)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", ["with space and ü.pt", "$x^$.pt", "_x.pt", "x" * 200 + ".pt"])
def test_any_name_has_a_page_and_an_earlier_one_is_replaced(name, tmp_path, capsys, recwarn):
    out = tmp_path / "ein Ordner 模型"
    for _ in range(2):
        assert run(name, "--out", out) == 0
        assert {path.name for path in out.iterdir()} == FILES
        (out / "probe.md").write_text("old")
    assert json.loads((out / "probe.json").read_text())["model"] == name
    assert run(name, "--out", out) == 0
    assert (out / "probe.md").read_text() != "old"
    assert [str(each.message) for each in recwarn] == []


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("new", [True, False])
def test_a_full_disk_keeps_what_was_there_and_costs_no_answer(
    new, tmp_path, monkeypatch, capsys
):
    class Full(io.BytesIO):
        def flush(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @contextlib.contextmanager
    def third_does_not_fit(_, path):
        if path.name == "probe.png":
            yield Full()
        with whole_file("probe", path) as file:
            yield file

    out = tmp_path / "out"
    before = {} if new else dict.fromkeys(FILES - {"probe.json"}, b"old")
    if before:
        out.mkdir()
    for name, content in before.items():
        (out / name).write_bytes(content)
    monkeypatch.setattr("mmcourse.probe.report.whole_file", third_does_not_fit)
    assert run("tiny", "--out", out) == 1
    said = capsys.readouterr()
    assert "  colour               0.75" in said.out
    assert "probe: the page must be written into" in said.err
    assert "No space left" in said.err
    assert {each.name: each.read_bytes() for each in tmp_path.rglob("*.*")} == before
    assert out.exists() is not new


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("sink", "status"), [("| true", 0), ("> /dev/full", 1)])
def test_a_page_is_written_though_nobody_takes_the_table(sink, status, tmp_path, monkeypatch):
    failure = BrokenPipeError() if status == 0 else OSError(errno.ENOSPC, "full")
    let_go = []

    def broken(_):
        raise failure

    monkeypatch.setattr("mmcourse.probe.show_lines", broken)
    monkeypatch.setattr("mmcourse.probe.let_go_of_stdout", lambda: let_go.append(sink))
    assert run("tiny", "--out", tmp_path) == status
    assert let_go == [sink]
    assert {path.name for path in tmp_path.iterdir()} == FILES


def test_too_little_memory_is_a_fault_told_in_a_sentence(tmp_path, monkeypatch, capsys):
    def hungry(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate.\nMore lines.")

    monkeypatch.setattr("mmcourse.probe.report.probe", hungry)
    assert run("tiny", "--out", tmp_path / "out", "--device", "cpu") == 1
    said = capsys.readouterr().err
    assert said.startswith("probe: memory must hold the model")
    assert said.count("\n") == 1


def test_a_probe_that_is_stopped_or_fails_writes_nothing(tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("mmcourse.probe.report.probe", stopped)
    assert run("tiny", "--out", tmp_path / "out", "--device", "cpu") == 130
    assert capsys.readouterr().err == "\nprobe: stopped; nothing was written.\n"
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
    assert lines == [
        "Which of two captions  Found  Chance  Answers",
        "  a                    0.5    0.5     4",
        "",
        "Words     Found  Chance  Answers",
        "  longer  0.25   –       –",
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(1.0, "1"), (0.9995, "0.9995"), (0.99999, "0.9999"), (1.0004, "1")],
)
def test_no_share_is_called_1_that_is_less(number, said):
    assert page.cell(row("", number)) == said
    assert page.cell(row("", 0.5, high=number)) == f"0.5 (0.5 to {said})"


def test_a_name_means_nothing_to_markdown_or_html():
    found = Findings(rows=(row("a", 0.5),), unknown=("no", "but"), pairs=30, seed=0)
    told = page.markdown({"x|y*[z]_<b>": found, "other": found}, "p.png", "Of [z].")
    assert r"| Asked | x\|y\*\[z\]\_\<b\> | other | Chance | Answers |" in told
    assert r"![Of \[z\].](p.png)" in told
    assert "\n\nother never saw these words: no, but.\n\nMade by `python" in told
    html = page.html({"<b>": found}, b"PNG", "A bar.")
    assert "<code>python -m mmcourse probe</code>" in html
    assert "<b>" not in html


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1200])
def test_a_page_is_no_wider_than_its_window(width, tmp_path):
    rows = (row("largest hub of captions, share of queries", 0.0107, low=0.00923, high=0.0123),)
    found = Findings(rows=rows, unknown=(), pairs=30, seed=0)
    path = tmp_path / "probe.html"
    path.write_text(page.html({"m" * 40: found}, b"", "A bar."), encoding="utf-8")
    with chromium() as shown:
        shown.set_viewport_size({"width": width, "height": 700})
        shown.goto(path.as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") == width
