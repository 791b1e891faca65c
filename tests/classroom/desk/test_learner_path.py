"""A learner's path: open an exercise, run it unsolved, go wrong, read why, solve it."""

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import browsing
import pytest
from places import ROOT
from playwright.sync_api import Page, expect

from classroom.checks import exercise, find

EXERCISE = exercise("02")
QUESTION = find("02.1")
WRONG_AXIS = next(one for one in QUESTION.mistakes if one.name == "wrong-axis")
STUB = "raise NotImplementedError()"
MISTAKEN = "return x / np.maximum(np.linalg.norm(x, axis=0), eps)"
SOLVED = "return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), eps)"
NOTEBOOK = Path(EXERCISE.name, f"{EXERCISE.name}.ipynb")
TALL = {"width": 1200, "height": 4000}
"""Every cell that is looked at is on the page at once: JupyterLab draws no other."""


@pytest.fixture
def page():
    """Return a page of headless Chromium; without Chromium nothing else is started."""
    with browsing.chromium() as opened:
        opened.set_viewport_size(TALL)
        yield opened


@pytest.fixture
def course(tmp_path):
    """Return a copy of the course with one lesson and its exercise, and no copies in my/."""
    root = tmp_path / "course"
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("classroom", "mmcourse", ".jupyter", f"exercises/{EXERCISE.name}"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / f"{EXERCISE.name}.ipynb", root / "notebooks")
    return root


@pytest.fixture
def address(page, course, tmp_path):
    """Start the course as a learner does; return the address of the exercise's own copy."""
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
    log, home = tmp_path / "lab.log", tmp_path / "home"
    home.mkdir()
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "mmcourse", "lab", f"--port={port}", "--no-browser"],
            cwd=course,
            env={**browsing.bare_environment(home), "PYTHONPATH": str(course)},
            stdout=stream,
            stderr=stream,
        )
        try:
            parts = urlsplit(browsing.wait_for_address(server, log))
            path = f"/lab/tree/my/exercises/{NOTEBOOK.as_posix()}"
            yield parts._replace(path=path).geturl()
        finally:
            server.terminate()
            server.wait(timeout=30)


def cell(page, text):
    """Return the one code cell that holds this text."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=text))


def said(page, question=QUESTION):
    """Return what stands below the check of a question."""
    return cell(page, f'check("{question.number}"').locator(".jp-OutputArea-output")


def run_all(page):
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


def rewrite(page, before, after):
    """Type a line in place of another one, run its cell, then run the check below it."""
    line = cell(page, f"def {QUESTION.function}").locator(".cm-line", has_text=before)
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type(after)
    expect(cell(page, f"def {QUESTION.function}")).to_contain_text(after)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")


def saved(page, path, text):
    """Save the notebook, wait until its file holds a text; return what its cells put out."""
    page.keyboard.press("Control+s")
    for _ in range(
        600
    ):  # a minute; JupyterLab's own saving may be under way, of what was before
        if text in path.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(100)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [output for one in cells for output in one.get("outputs", ())]


@pytest.mark.browser
@pytest.mark.slow
def test_a_learner_runs_goes_wrong_reads_why_and_solves_it(page: Page, course, address):
    mine = course / "my" / "exercises" / NOTEBOOK
    page.goto(address)
    expect(page.get_by_text(re.compile(r"\| Idle$")), "no kernel has started").to_be_visible()

    run_all(page)
    for question in EXERCISE.questions:
        expect(said(page, question)).to_have_text(
            re.compile(f"{question.number} {question.function}: not attempted yet")
        )
    outputs = saved(page, mine, "not attempted yet")
    assert [one["output_type"] for one in outputs] == ["stream"] * len(EXERCISE.questions)

    rewrite(page, STUB, MISTAKEN)
    expect(said(page)).to_contain_text(WRONG_AXIS.message)

    rewrite(page, MISTAKEN, SOLVED)
    expect(said(page)).to_contain_text(
        re.compile(rf"all \d+ cases passed, {QUESTION.points} of {QUESTION.points} points")
    )
    assert all(output["output_type"] == "stream" for output in saved(page, mine, SOLVED))
    kept = (course / "exercises" / NOTEBOOK).read_text(encoding="utf-8")
    assert SOLVED in mine.read_text(encoding="utf-8")
    assert kept == (ROOT / "exercises" / NOTEBOOK).read_text(encoding="utf-8")
