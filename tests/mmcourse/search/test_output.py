"""What a search prints, and the sheet that it draws."""

import io
import json
import re
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mmcourse.search.contact_sheet import GAP, LINE, MOST, SIDE, contact_sheet, shortened
from mmcourse.search.output import Answer, as_lines, as_text, remarks, show
from mmcourse.terminal import colours

LONE = "caf\udce9.png"
"""What Python makes of a name in Latin-1."""

FOUND = Answer(
    query="a cute cat",
    model="tiny",
    results=(("ä cat.png", 0.31254), ("new\nline\x1b[31m.png", -0.5), (LONE, -0.75)),
    skipped=(("torn.jpg", "damaged"),),
    unknown_words=("cute",),
    folder="/home/ada",
    pictures=1234,
    notes=("tiny knows only drawings.",),
)


def test_json_has_these_keys_and_no_others():
    assert json.loads(as_text(FOUND)) == {
        "query": "a cute cat",
        "model": "tiny",
        "folder": "/home/ada",
        "results": [
            {"path": path, "file": f"/home/ada/{path}", "score": score, "copies": []}
            for path, score in FOUND.results
        ],
        "skipped": [{"path": "torn.jpg", "reason": "damaged"}],
        "unknown_words": ["cute"],
    }


def test_json_is_one_line_of_ascii_whatever_the_names():
    assert as_text(FOUND).isascii()
    assert "\n" not in as_text(FOUND)


def test_lines_have_rank_score_and_a_name_that_is_safe_in_a_terminal():
    assert as_lines(FOUND) == [
        "1  0.313  ä cat.png",
        r"2  -0.500  new\nline\x1b[31m.png",
        r"3  -0.750  caf\udce9.png",
    ]


def test_colours_are_for_terminals_that_take_them(monkeypatch):
    plain, tinted = as_lines(FOUND), as_lines(FOUND, colour=True)
    assert tinted[0] == "\x1b[2m1  0.313\x1b[0m  ä cat.png"
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in tinted] == plain
    monkeypatch.setattr(sys, "stdout", Terminal())
    for variables, expected in [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ]:
        monkeypatch.setattr("os.environ", variables)
        assert colours() is expected
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not colours()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_copies_are_counted_behind_the_first():
    results = (("a.png", 0.5), ("b.png", 0.25), ("c.png", 0.125))
    copies = (("d.png",), (), ("e.png", "f.png"))
    lines = as_lines(Answer(query="", model="m", results=results, copies=copies))
    assert lines[0].endswith("a.png  (and 1 copy)")
    assert lines[1].endswith("b.png")
    assert lines[2].endswith("c.png  (and 2 copies)")


def test_ranks_stand_below_each_other():
    many = Answer(query="", model="tiny", results=tuple(("a", 0.5) for _ in range(10)))
    assert [line[:2] for line in as_lines(many)] == [*(f" {i}" for i in range(1, 10)), "10"]


def test_remarks_name_unknown_words_and_all_that_was_skipped():
    unknown = "tiny never saw these words, and reads nothing in them: cute."
    counts = ["1,234 pictures searched, 1 file skipped:", "  torn.jpg: damaged"]
    assert remarks(FOUND, as_json=False) == ["tiny knows only drawings.", unknown, *counts]
    assert remarks(FOUND, as_json=True) == [unknown, *counts]


def test_300_files_of_one_reason_take_one_line():
    heic = tuple((f"IMG_{i}.HEIC", "HEIC, and …") for i in range(299))
    answer = Answer(query="", model="m", results=(), skipped=(("a.png", "damaged"), *heic))
    counts, damaged, others = remarks(answer, as_json=False)
    assert counts == "0 pictures searched, 300 files skipped:"
    assert damaged == "  a.png: damaged"
    assert others == "  IMG_0.HEIC and 298 others: HEIC, and …"


def test_reasons_that_differ_by_a_number_are_one():
    skipped = (("a.tif", "cut (112 bytes left)"), ("b.tif", "cut (7 bytes left)"))
    _, line = remarks(Answer(query="", model="m", results=(), skipped=skipped), as_json=False)
    assert line == "  a.tif and 1 other: cut (112 bytes left)"


def test_what_was_told_before_is_counted():
    skipped = tuple((f"{i}.png", "damaged") for i in range(3))
    answer = Answer(query="", model="m", results=(), skipped=skipped)
    again = replace(answer, remembered=frozenset({"0.png", "1.png", "2.png"}))
    (line,) = remarks(again, as_json=False)
    assert line.endswith("3 files skipped, 3 of them as before (--json lists them).")
    _, fresh = remarks(replace(again, remembered=frozenset({"0.png", "2.png"})), as_json=True)
    assert fresh == "  1.png: damaged"


def test_many_reasons_end_in_a_count():
    skipped = tuple((f"{i}.png", f"reason {i:c}") for i in range(65, 78))
    lines = remarks(Answer(query="", model="m", results=(), skipped=skipped), as_json=False)
    assert len(lines) == 12
    assert lines[-1] == "  and 3 others: --json lists all."


def test_results_and_remarks_do_not_mix(capsys):
    show(FOUND, as_json=True)
    said = capsys.readouterr()
    assert json.loads(said.out)["model"] == "tiny"
    assert said.err.startswith("tiny never saw")


def test_a_terminal_that_knows_no_umlauts_gets_them_escaped(monkeypatch):
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    show(FOUND, as_json=False)
    assert raw.getvalue().splitlines()[0] == rb"1  0.313  \xe4 cat.png"


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (40, 10), "red").save(tmp_path / "wide.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 10), "blue").save(tmp_path / "turned.png", exif=exif)
    return tmp_path


def sheet(folder, *names, heading="cats"):
    file = contact_sheet(folder, [(name, 0.5) for name in names], heading)
    return Image.open(BytesIO(file))


def test_pictures_stand_upright_in_their_order(folder):
    pixels = np.asarray(sheet(folder, "wide.png", "turned.png").convert("RGB"))
    top = LINE + 2 * GAP
    for number, (colour, height, width) in enumerate(
        [((255, 0, 0), SIDE // 4, SIDE), ((0, 0, 255), SIDE, SIDE // 4)]
    ):
        rows, columns = np.nonzero((pixels == colour).all(-1))
        left = GAP + number * (SIDE + GAP)
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (height, width)
        assert rows.min() == top + (SIDE - height) // 2
        assert columns.min() == left + (SIDE - width) // 2


def test_sheet_says_in_words_what_it_shows(folder):
    info = sheet(folder, "wide.png", "turned.png", heading="кошка\n").info
    assert info["Title"] == r"кошка\n"
    expected = r"Pictures found for кошка\n: 1. wide.png (0.500); 2. turned.png (0.500)."
    assert info["Description"] == expected


def test_picture_that_went_away_leaves_a_struck_square(folder):
    pixels = np.asarray(sheet(folder, "gone.png").convert("L"))
    square = pixels[LINE + 2 * GAP :, GAP:][:SIDE, :SIDE]
    assert (np.diagonal(square) < 200).all()


def test_odd_names_and_shapes_are_drawn(folder):
    Image.new("L", (9000, 1)).save(folder / "thread.png")
    drawn = sheet(folder, "thread.png", LONE, "x" * 5000 + ".png", "🐱\n\0", heading="z" * 9999)
    assert drawn.format == "PNG"


def test_rows_follow_each_other_and_a_hundred_pictures_are_the_most(folder):
    few, many = (sheet(folder, *["wide.png"] * n) for n in (7, MOST + 3))
    row = SIDE + 2 * LINE + GAP
    assert few.height == 2 * row + LINE + 2 * GAP
    assert many.height == 20 * row + LINE + 2 * GAP
    assert f"{MOST}. wide.png" in many.info["Description"]
    assert f"{MOST + 1}. wide.png" not in many.info["Description"]


def test_long_names_lose_their_middle():
    short = shortened("a" * 99 + "é.png", 100)
    assert short.startswith("aaa")
    assert short.endswith("é.png")
    assert short.count("…") == 1
    assert shortened("", 10) == ""
    assert shortened("cat", 0) in ("", "…")
