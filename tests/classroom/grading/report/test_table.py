"""The table: no field of it is a formula, whatever separates columns for a spreadsheet."""

import csv
import io
import itertools
import random

import pytest

from classroom.grading.report.table import harmless, write_table
from classroom.grading.results import Result

STARTS = "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\ufe66\ufe62\ufe63\ufe6b"
SEPARATORS = ',;\t:|^~"\n '
BLANKS = ["", " ", "   ", "\u00a0", "\u3000", "\u200b", "\u2003", "\ufeff", "\x00"]


def is_formula(cell):
    """Return whether a cell begins with what a spreadsheet computes, after what it drops."""
    shown = cell.strip('"\n\r\t ' + "".join(BLANKS))
    return len(shown) > 1 and shown[0] in STARTS


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "|x", "%0", "  =1", "\r=1"])
def test_no_name_is_a_formula(text):
    assert harmless(text).startswith("'")
    assert harmless(text)[1:].replace("'", "") == text


@pytest.mark.parametrize("separator", SEPARATORS)
def test_no_part_of_a_field_is_a_formula(separator):
    for start, blank in itertools.product(STARTS, BLANKS):
        text = harmless(f"Ada{separator}{blank}{start}cmd(1){separator}{start}2")
        cells = text.split(separator)
        assert len(cells) >= 3
        assert not any(map(is_formula, cells)), text


def test_a_whole_table_holds_no_formula_for_any_separator(tmp_path):
    chosen = random.Random(5)
    letters = "a1'" + STARTS + SEPARATORS + "".join(BLANKS)
    for _ in range(200):
        name, reason = ("".join(chosen.choices(letters, k=12)) for _ in range(2))
        result = Result(
            student=name, exercise="02_x", maximum=1, status="graded", reason=reason
        )
        text = write_table(tmp_path, [result]).read_text(encoding="utf-8")
        for separator in SEPARATORS.replace('"', "").replace("\n", ""):
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            cells = [cell for row in rows for cell in row]
            assert not any(map(is_formula, cells)), (name, reason, separator)


@pytest.mark.parametrize(
    "text",
    [
        "Ada",
        "O'Neil",
        "Anna-Maria",
        "a - b",
        "x = 3",
        "02.1: wrong, 02.3 - 4",
        "f(a=1)",
        "a@b.c",
    ],
)
def test_what_begins_no_formula_stays_as_it_is(text):
    assert harmless(text) == text
    assert harmless(harmless("=1;=2")) == harmless("=1;=2")
