"""An instructor's path: grade a folder, open nbgrader's formgrader, see the marks."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import browsing
import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import HALF, NUMPY, RIGHT

from classroom.grading import command

pytest.importorskip("nbgrader", reason="the extra `instructor` is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVIL = "<img src=x onerror='window.evil=1'><script>window.evil=1</script>"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructor")
    hand_in(folder / "in", "ada", NUMPY.name, notebook(*RIGHT))
    hand_in(folder / "in", "bob", NUMPY.name, notebook(*HALF, f"print({EVIL!r})"))
    words = [str(folder / "in"), "--out", str(folder / "out"), "--trusted", "--nbgrader"]
    assert command.main(words, lambda _: [NUMPY], folder / "solutions") == 0
    return folder / "out" / "nbgrader"


@pytest.fixture(scope="module")
def address(course, tmp_path_factory):
    """Start JupyterLab in the report, as the page for instructors says; return its address."""
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    options = [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token=x"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=course,
        env={"HOME": str(home), "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + browsing.SECONDS
    while not browsing.listens(port):
        assert server.poll() is None, "JupyterLab ended"
        assert time.monotonic() < end, "JupyterLab does not listen"
        time.sleep(0.2)
    yield f"http://localhost:{port}"
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture(scope="module")
def page(address):
    with browsing.chromium() as opened:
        opened.goto(f"{address}/formgrader/manage_assignments?token=x")
        yield opened


def test_the_marks_of_all_students_are_in_the_list(page, address):
    page.goto(f"{address}/formgrader/manage_students")
    page.wait_for_selector("text=bob")
    rows = [row.inner_text().split() for row in page.query_selector_all("tbody tr")]
    assert [row[-1] if "/" in row[-1] else " ".join(row[-3:]) for row in rows] == [
        "8 / 8",
        "4 / 8",
    ]


def test_a_submission_shows_our_verdicts_and_runs_nothing(page, address):
    page.goto(f"{address}/formgrader/gradebook/{NUMPY.name}/{NUMPY.name}")
    page.wait_for_selector("text=Submission #2")
    found = page.request.get(
        f"{address}/formgrader/api/submitted_notebooks/{NUMPY.name}/{NUMPY.name}"
    ).json()
    (bob,) = (one["id"] for one in found if one["student"] == "bob")
    page.goto(f"{address}/formgrader/submissions/{bob}")
    page.wait_for_selector("text=large numbers: 0 of 2 points, not right yet")
    page.wait_for_selector("input.score[placeholder]")  # filled in after the page has come
    boxes = page.query_selector_all("input.score")
    assert [float(box.get_attribute("placeholder")) for box in boxes] == [4, 0]
    assert page.evaluate("window.evil") is None
    assert "onerror" in page.inner_text("body"), "what the student printed is shown as text"
