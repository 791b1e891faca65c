"""`python -m mmcourse lab`, as a newcomer meets it: headless, in a browser, offline."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import browsing
import pytest
import websocket
from at_once import processes
from places import ROOT
from playwright.sync_api import Page

from classroom.desk import lab

RUN_SECONDS = 90


def test_places_are_inside_the_course_and_the_readers_own_choice_stays():
    places = lab.places(Path("/course"), {"IPYTHONDIR": "/mine", "JUPYTER_CONFIG_PATH": "/set"})
    assert places.pop("JUPYTER_CONFIG_PATH") == os.pathsep.join(["/course/.jupyter", "/set"])
    assert "IPYTHONDIR" not in places
    assert places["JUPYTER_CONFIG_DIR"] == str(Path("/course/my/.jupyter/config"))
    assert all(Path(place).is_relative_to("/course") for place in places.values())


def test_a_page_that_the_reader_asks_for_wins_over_the_first_lesson():
    for asked in ("--ServerApp.default_url=/tree", "my/notebooks/02_b.ipynb"):
        assert lab.arguments(Path("my/notebooks/00_a.ipynb"), [asked]) == [asked]
    assert lab.arguments(None, ["--port=1"]) == ["--port=1"]


def test_a_missing_jupyterlab_is_said_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"^lab: .* lacks jupyterlab\. .* make setup"):
        lab.prepare((), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("display", "expected"), [("", ["--no-browser"]), (":0", [])])
def test_without_a_screen_no_browser_is_started(display, expected, tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [])
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.environ", {"DISPLAY": display})
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    lab.prepare(["--port=9999"], tmp_path)
    assert [word for word in sys.argv if "terminado" not in word] == [
        "jupyter lab",
        "--port=9999",
        *expected,
    ]
    assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_no_two_labs_of_a_course_look_for_a_port_at_the_same_place_first(tmp_path):
    (tmp_path / "my" / ".jupyter").mkdir(parents=True)
    assert lab.first_port(tmp_path, ["--no-browser"]) == []
    assert lab.first_port(tmp_path, []) == ["--ServerApp.port=8889"]
    assert lab.first_port(tmp_path, []) == ["--ServerApp.port=8890"]


@pytest.mark.parametrize(
    "asked", ["--port=8888", "--ServerApp.port_retries=0", "--sock=/run/a"]
)
def test_a_port_that_the_reader_asks_for_stays(asked, tmp_path):
    (tmp_path / "my" / ".jupyter").mkdir(parents=True)
    for _ in range(2):
        assert lab.first_port(tmp_path, [asked]) == []


@pytest.mark.parametrize("broken", [None, ModuleType("filelock")])
def test_a_lab_opens_where_filelock_is_missing_or_broken(broken, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", broken)
    assert lab.first_port(tmp_path, []) == []


def test_two_labs_at_once_prepare_an_empty_my_and_neither_fails(tmp_path):
    lesson = '{"cells": []}'
    with processes(2, "lab.prepare((), root) or sys.argv") as go:
        for number in range(24):
            for name in [f"{count:02}_lesson.ipynb" for count in range(9)]:
                written = tmp_path / f"{number}" / "notebooks" / name
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_text(lesson)
            said = go(tmp_path / f"{number}")
            assert all("00_lesson.ipynb" in one for one in said), said
            assert len({"ServerApp.port" in one for one in said}) == 2
            assert len(list((tmp_path / f"{number}" / "my" / "notebooks").iterdir())) == 9


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """Return a copy of the course whose lessons are unrun, and an empty home beside it."""
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / "home").mkdir()
    course = folder / "course"
    for name in ("classroom", "mmcourse", "notebooks", ".jupyter"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, course / name, ignore=ignored)
    for path in (course / "notebooks").glob("*.ipynb"):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        for cell in code_cells(lesson):
            cell.update(execution_count=None, outputs=[])
        path.write_text(json.dumps(lesson), encoding="utf-8")
    switched_on = course / "my/.jupyter/config/jupyter_server_config.d/nbgrader.json"
    switched_on.parent.mkdir(parents=True)
    formgrader = {"nbgrader.server_extensions.formgrader": True}
    switched_on.write_text(json.dumps({"ServerApp": {"jpserver_extensions": formgrader}}))
    return course


@pytest.fixture(scope="module")
def address(newcomer):
    """Start the course where its port is taken; return the address that it prints."""
    log = newcomer.parent / "lab.log"
    with socket.create_server(("localhost", 0)) as taken, log.open("w") as stream:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "mmcourse", "lab", f"--port={port}"]
        process = subprocess.Popen(
            command,
            cwd=newcomer,
            env=browsing.bare_environment(newcomer.parent / "home"),
            stdout=stream,
            stderr=stream,
        )
        try:
            printed = browsing.wait_for_address(process, log)
            assert urlsplit(printed).port != port
            yield printed
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.mark.slow
def test_two_labs_at_once_on_an_empty_my_both_come_up(tmp_path):
    for name in ("classroom", "mmcourse", "notebooks", "exercises", ".jupyter"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, tmp_path / "course" / name, ignore=ignored)
    logs = [tmp_path / "one.log", tmp_path / "other.log"]
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "mmcourse", "lab", "--no-browser"],
                    cwd=tmp_path / "course",
                    env=browsing.bare_environment(tmp_path),
                    stdout=stack.enter_context(log.open("w")),
                    stderr=subprocess.STDOUT,
                )
            )
            for log in logs
        ]
        for process in started:
            stack.callback(process.terminate)
        addresses = [browsing.wait_for_address(*one) for one in zip(started, logs, strict=True)]
        assert len({urlsplit(address).port for address in addresses}) == 2
        assert [process.poll() for process in started] == [None, None]


def ask(address, path):
    parts = urlsplit(address)
    question = f"{parts.scheme}://{parts.netloc}{path}?{parts.query}"
    with urllib.request.urlopen(question, timeout=10) as answer:
        return json.loads(answer.read())


def code_cells(lesson):
    return [cell for cell in lesson["cells"] if cell["cell_type"] == "code" and cell["source"]]


@pytest.mark.slow
def test_the_address_opens_the_first_lesson(address, newcomer):
    first = min(path.name for path in (newcomer / "notebooks").glob("*.ipynb"))
    assert urlsplit(address).path == f"/lab/tree/my/notebooks/{first}"
    assert ask(address, f"/api/contents/my/notebooks/{first}")["name"] == first


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="PowerShell is left as it is")
def test_python_in_a_terminal_is_the_one_that_jupyterlab_runs_on(address, newcomer):
    elsewhere = "unset HISTFILE\nPATH=/elsewhere:/usr/bin:/bin\n"
    (newcomer.parent / "home" / ".bashrc").write_text(elsewhere)
    try:
        said = type_in_a_terminal(
            address, "echo it is $(command -v python) in $PATH; echo the end"
        )
    finally:
        (newcomer.parent / "home" / ".bashrc").unlink()
    ours = Path(sys.executable).parent
    assert f"it is {ours / 'python'} in {ours}:/elsewhere:/usr/bin:/bin\r" in said


def type_in_a_terminal(address, words):
    """Return what a new terminal shows until it says "the end" by itself."""
    parts = urlsplit(address)
    made = urllib.request.Request(f"http://{parts.netloc}/api/terminals?{parts.query}", b"{}")
    with urllib.request.urlopen(made, timeout=10) as answer:
        name = json.loads(answer.read())["name"]
    place = f"ws://{parts.netloc}/terminals/websocket/{name}?{parts.query}"
    with contextlib.closing(websocket.create_connection(place, timeout=30)) as terminal:
        terminal.send(json.dumps(["stdin", f"{words}\r"]))
        shown = ""
        while not re.search(r"^the end\r$", shown, re.M):
            kind, *rest = json.loads(terminal.recv())
            shown += rest[0] if kind == "stdout" else ""
    return shown


@pytest.mark.slow
def test_news_and_installing_extensions_are_off_in_the_page_served(address):
    parts = urlsplit(address)
    with urllib.request.urlopen(f"{parts.scheme}://{parts.netloc}/lab?{parts.query}") as answer:
        page = answer.read().decode()
    assert '"news": {"disabled": true}' in page
    assert '"name": "read-only"' in page
    assert '"@jupyterlab/apputils-extension:announcements"' in page


@pytest.mark.slow
def test_an_nbgrader_that_is_switched_on_elsewhere_stays_off(address, newcomer):
    assert address
    assert "formgrader" not in (newcomer.parent / "lab.log").read_text()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_setting_is_one_that_jupyterlab_has():
    from jupyter_client.manager import KernelManager
    from jupyter_lsp.manager import LanguageServerManager  # warns of itself
    from jupyterlab.labapp import LabApp

    settings = json.loads((ROOT / ".jupyter" / "jupyter_server_config.json").read_text())
    owners = {owner.__name__: owner for owner in (KernelManager, LabApp, LanguageServerManager)}
    assert settings.keys() == owners.keys()
    for name, values in settings.items():
        assert values.keys() <= owners[name].class_traits(config=True).keys()


@pytest.fixture
def page(address):
    """Return a page of headless Chromium, or skip without Chromium."""
    with browsing.chromium() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.slow
def test_lesson_01_runs_top_to_bottom_in_the_browser(page: Page, address, newcomer):
    (lesson,) = (newcomer / "my" / "notebooks").glob("01_*.ipynb")
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).hostname))
    parts = urlsplit(address)
    page.goto(parts._replace(path=f"/lab/tree/my/notebooks/{lesson.name}").geturl())
    page.get_by_text(re.compile(r"\| Idle$")).wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    cells = run_and_saved(page, lesson)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert outputs
    assert set(asked) <= {"localhost", "127.0.0.1", ""}
    assert "WARNING" not in (newcomer.parent / "lab.log").read_text()


def run_and_saved(page, lesson):
    """Save until every code cell in the file has been run; return these cells."""
    deadline = time.monotonic() + RUN_SECONDS
    cells = []
    while time.monotonic() < deadline:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        cells = code_cells(json.loads(lesson.read_text(encoding="utf-8")))
        if all(cell["execution_count"] for cell in cells):
            break
    return cells


@pytest.mark.slow
def test_the_readers_home_is_left_as_it_was(address, newcomer):
    assert address
    assert [path for path in (newcomer.parent / "home").rglob("*") if path.is_file()] == []


@pytest.mark.usefixtures("homeless")
def test_jupyter_gets_a_home_folder_where_the_user_has_none(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [])
    monkeypatch.setattr("os.environ", {})
    assert not lab.has_home()
    lab.prepare(["--port=9999"], tmp_path)
    assert Path.home() == tmp_path / "my" / ".jupyter" / "home"
    assert Path.home().is_dir()
