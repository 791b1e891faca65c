"""Lessons with a real model: pages are kept, also of a lesson whose cells fail."""

import re

import nbformat
import pytest
import run_with_model
from front_matter import FRONT, write_lesson
from lessons import lessons
from places import ROOT

WORKFLOW = (ROOT / ".github" / "workflows" / "real-models.yml").read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return what writes a lesson 06 of the given cells, the only one there is."""

    def write(*sources):
        path = write_lesson(tmp_path, "06_a.ipynb", FRONT)
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [
            nbformat.v4.new_code_cell(source, id=f"06-cell-{number}")
            for number, source in enumerate(sources)
        ]
        nbformat.write(notebook, path)
        monkeypatch.setattr(run_with_model, "lessons", lambda: lessons(tmp_path))
        return path

    return write


@pytest.mark.slow
def test_the_model_is_named_to_the_lesson_and_its_page_is_kept(course, tmp_path, capfd):
    path = course("import os\nprint('model', os.environ['MMCOURSE_CLIP'].swapcase())")
    before = path.read_bytes()
    assert run_with_model.main(["--model", "rN50", "--out", str(tmp_path / "out"), "06"]) == 0
    assert "model Rn50" in (tmp_path / "out" / "06_a.html").read_text(encoding="utf-8")
    assert path.read_bytes() == before
    assert re.search(r"06_a.html: 0.\d min, 0 cells failed\n", capfd.readouterr().out)


@pytest.mark.slow
def test_a_cell_that_fails_is_told_and_the_next_ones_run(course, tmp_path, capfd):
    course("1 / 0", "print('still'.upper())")
    assert run_with_model.main(["--out", str(tmp_path / "out"), "06"]) == 1
    shown = (tmp_path / "out" / "06_a.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in shown
    assert "STILL" in shown
    assert "06-cell-0: ZeroDivisionError: division by zero" in capfd.readouterr().err


def test_an_unknown_lesson_is_refused(course, capsys):
    course("1")
    assert run_with_model.main(["--out", "nowhere", "07"]) == 2
    assert "expected numbers of lessons (06); got ['07']" in capsys.readouterr().err


def test_unless_told_otherwise_those_about_a_clip_run(monkeypatch, tmp_path):
    ran = []

    def page(lesson, model, folder):
        ran.append((lesson.number, model))
        return folder, []

    monkeypatch.setattr(run_with_model, "page", page)
    assert run_with_model.main(["--out", str(tmp_path)]) == 0
    assert ran == [(number, "ViT-B/32") for number in ("06", "07", "08", "09")]
    for number, _ in ran:
        (notebook,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
        assert "chosen_model()" in notebook.read_text(encoding="utf-8")


def test_the_workflow_calls_this_script_and_keeps_what_it_writes():
    called = re.search(r"scripts/run_with_model\.py (.*)", WORKFLOW)
    assert called.group(1) == '--model "$MODEL" --out pages'
    assert "path: pages\n" in WORKFLOW
    assert "workflow_dispatch:" in WORKFLOW
    assert re.search(r'cron: "\d+ \d+ \* \* \d"', WORKFLOW)
