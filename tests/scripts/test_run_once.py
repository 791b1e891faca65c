"""Notebooks run once: failed cells and missed claims are told, and no file changes."""

import json

import nbformat
import pytest
import run_once
from places import ROOT

CLAIMED = """from mmcourse.lesson import Claims
claim = Claims("99")
claim("share right", 0.5, 0.9, 1)
claim("loss", 0.2, 0, 1)
claim("order kept", False)
print("went on".upper())"""


@pytest.fixture
def written(tmp_path):
    """Return how a notebook of such cells is written."""

    def write(*sources, name="a.ipynb"):
        path = tmp_path / name
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


@pytest.mark.slow
def test_a_failed_cell_and_a_missed_claim_are_told(written, capsys):
    path = written(CLAIMED, "1 / 0")
    before = path.read_bytes()
    assert run_once.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "1 cells failed" in said
    assert "ZeroDivisionError: division by zero" in said
    assert "  claimed otherwise share right: 0.5; 0.9 to 1\n" in said
    assert "  claimed otherwise order kept: False\n" in said
    assert "loss" not in said
    assert path.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import time\ntime.sleep(600)", "CellTimeoutError: A cell timed out"),
        ("import os\nos._exit(1)", "DeadKernelError: Kernel died"),
    ],
)
def test_after_a_cell_that_never_ends_or_takes_its_kernel_along_the_next_notebook_runs(
    source, told, written, capsys, monkeypatch
):
    monkeypatch.setattr(run_once, "PATIENCE", 10)
    first = written("1 + 1", source, "'never'", name="a.ipynb")
    second = written("1 / 0", name="b.ipynb")
    (cell,) = [one.id for one in nbformat.read(first, 4).cells if one.source == source]
    assert run_once.main([str(first), str(second)]) == 1
    said = capsys.readouterr().out
    assert f"  failed {cell}: {told}" in said
    assert "ZeroDivisionError: division by zero" in said


@pytest.mark.parametrize("word", ["lesons", "a.ipynb", "."])
def test_a_word_that_is_no_notebook_is_refused_before_any_runs(word, capsys):
    assert run_once.main(["lessons", word]) == 2
    said, err = capsys.readouterr()
    assert said == ""
    assert err == (
        f"run_once: expected lessons, solutions or the path of a notebook; got {word}.\n"
    )


def test_a_number_without_bounds_of_one_side_is_held_to_the_other():
    rows = [("a", [1.0, None, 0.5]), ("b", [1.0, 0.5, None]), ("c", True), ("d", [2.0, 3, 4])]
    lines = [json.dumps({"lesson": "01", "what": what, "row": row}) for what, row in rows]
    assert run_once.missed(lines) == ["a: 1.0; at most 0.5", "d: 2.0; 3 to 4"]


def test_all_notebooks_are_chosen_unless_some_are_named(written):
    assert len(run_once.chosen(["lessons"])) == len([*ROOT.glob("notebooks/*.ipynb")])
    assert run_once.chosen([]) == run_once.chosen(["lessons", "solutions"])
    assert run_once.chosen([str(written())])[0].name == "a.ipynb"
