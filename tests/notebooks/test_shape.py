"""The shape of every lesson: short cells, claims apart, guesses that start empty.

STYLE.md says it in words. `exceptions.toml` holds the cells that are longer, with the reason.
"""

import ast
import json
import re
import tomllib
from pathlib import Path
from statistics import median

import pytest
from lesson_cells import EXEMPT, PATHS, cells, code_lines, is_claim, tagged, words

from mmcourse.lesson import claims

LINES, MEDIAN, WORDS = 15, 8, 60
EXCEPTIONS = tomllib.loads(
    Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8")
)
MOST_EXCEPTIONS = 40
"""It only falls."""

each_lesson = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)


def number(path):
    return path.name[:2]


@each_lesson
def test_a_cell_of_code_is_short(path):
    long = {cell.id for cell in cells(path, "code") if code_lines(cell.source) > LINES}
    assert long == set(EXCEPTIONS["code"].get(number(path), {}))


@each_lesson
def test_half_of_the_cells_are_shorter_still(path):
    measuring = [cell for cell in cells(path, "code") if not tagged(cell, "claims")]
    lengths = [code_lines(cell.source) for cell in measuring[1:]]  # the first holds imports
    assert median(lengths) <= MEDIAN


@each_lesson
def test_a_text_is_short(path):
    long = {
        cell.id
        for cell in cells(path, "markdown")[1:]
        if words(cell.source) > WORDS
        and not EXEMPT.search(cell.source)
        and not tagged(cell, "recorded")  # code with its output, written by a script
    }
    assert long == set(EXCEPTIONS["text"].get(number(path), {}))


@each_lesson
def test_sections_are_numbered_in_a_row(path):
    texts = "\n".join(cell.source for cell in cells(path, "markdown"))
    found = [int(number) for number in re.findall(r"^## (\d+)\.", texts, re.MULTILINE)]
    assert found == list(range(1, len(found) + 1))


def test_exceptions_are_few_and_have_reasons():
    reasons = [
        reason
        for kind in EXCEPTIONS.values()
        for lesson in kind.values()
        for reason in lesson.values()
    ]
    assert len(reasons) <= MOST_EXCEPTIONS
    assert [reason for reason in reasons if len(reason.split()) < 4] == []


@each_lesson
def test_claims_stand_apart_and_collapsed(path):
    for cell in cells(path, "code"):
        calls = any(is_claim(node) for node in ast.walk(ast.parse(cell.source)))
        assert calls == tagged(cell, "claims"), cell.id
        if calls:
            assert cell.metadata.get("jupyter", {}).get("source_hidden") is True, cell.id
            assert cell.outputs == [], cell.id


@each_lesson
def test_a_claims_cell_measures_nothing(path):
    kinds = ast.Expr | ast.For | ast.Assign
    for cell in cells(path, "code"):
        if tagged(cell, "claims"):
            body = ast.parse(cell.source).body
            assert [node for node in body if not isinstance(node, kinds)] == [], cell.id
            shown = [node for node in body if isinstance(node, ast.Expr)]
            assert [node for node in shown if not is_claim(node)] == [], cell.id


@each_lesson
def test_what_is_made_among_the_claims_is_needed_there_alone(path):
    """A reader may leave out what is collapsed."""
    apart = set()
    for cell in cells(path, "code"):
        names = list(_names(cell.source))
        made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if tagged(cell, "claims"):
            apart |= made
        else:
            read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
            assert sorted((read - made) & apart) == [], cell.id
            apart -= made


@each_lesson
def test_nothing_punishes_an_experiment(path):
    for cell in cells(path, "code"):
        nodes = ast.walk(ast.parse(cell.source))
        assert [node for node in nodes if isinstance(node, ast.Assert)] == [], cell.id


@each_lesson
def test_a_guess_starts_empty(path):
    for cell in cells(path, "code"):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "my_guess":
                leaves = ast.walk(node.value)
                made = [
                    leaf
                    for leaf in leaves
                    if isinstance(leaf, ast.Constant) and leaf.value not in (None, "")
                ]
                keys = node.value.keys if isinstance(node.value, ast.Dict) else []
                assert set(made) <= set(keys), cell.id
                assert "compare(" in "".join(one.source for one in cells(path, "code"))


@each_lesson
def test_there_are_gaps_to_fill_in_and_a_figure_to_play_with(path):
    code = cells(path, "code")
    yours = [cell for cell in code if tagged(cell, "yours")]
    assert 1 <= len(yours) <= 4
    assert all("answer(" in cell.source for cell in yours)
    if number(path) != "00":
        assert any(tagged(cell, "play") for cell in code)


@each_lesson
def test_what_it_claims_is_kept_as_data_and_shown_at_the_end(path):
    kept = claims.measured(number(path))
    sources = [cell.source for cell in cells(path, "code")]
    named = {
        node.args[0].value
        for source in sources
        for node in map(_called, ast.walk(ast.parse(source)))
        if node and isinstance(node.args[0], ast.Constant)
    }
    assert named <= set(kept), "make lessons has not been run"
    assert bool(kept) == any("claim.table(" in source for source in sources)


def _names(source):
    """Yield the names that a cell makes or reads."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))


def _called(node):
    """Return the call of a claim, or None."""
    return node.value if is_claim(node) else None


@pytest.mark.parametrize("path", sorted(claims.MEASURED.glob("*.json")), ids=lambda p: p.name)
def test_kept_numbers_are_of_a_lesson_that_is_there(path):
    assert path.stem in map(number, PATHS)
    assert json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import os\n\n# why\nx = 1", 1),
        ("x = f(\n    1,\n    2,\n)", 4),
        ('def f():\n    """Say."""\n    return 1  # one', 2),
        ("claim('x', 1, 0, 2)\nfor i in range(3):\n    claim(f'{i}', i, 0)", 1),
        ("text = '''a\nb\nc'''", 3),
    ],
)
def test_code_lines_are_counted_without_what_is_none(source, lines):
    assert code_lines(source) == lines


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("one *two* three.", 3),
        ("see [the paper](https://a.b/c d)", 3),
        ("so $a = b + c$ is", 3),
        ("as in\n\n```python\nx = 1\n```\n\nhere, `x` is", 5),
    ],
)
def test_words_are_counted_as_they_are_read(text, count):
    assert words(text) == count
