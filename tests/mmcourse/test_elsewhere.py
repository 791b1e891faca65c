"""Other systems, as far as they can be met here: names, locks, processes."""

import ast
import errno
import multiprocessing
import ntpath
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from places import ROOT

from mmcourse.__main__ import main
from mmcourse.images import UnreadableImageError, open_rgb
from mmcourse.retrieval import Index, default_path
from mmcourse.retrieval.album import cache
from mmcourse.search.options import is_inside
from mmcourse.terminal import exit_status, show_lines

ELSEWHERE_MISSING = {"fcntl", "grp", "pwd", "resource", "termios", "msvcrt", "winreg"}
SOURCES = [*(ROOT / "mmcourse").rglob("*.py"), *(ROOT / "classroom" / "desk").rglob("*.py")]
LONG = "ä long näme " * 16 + "猫.png"


def imported(path):
    """Return the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_no_command_imports_what_other_systems_lack():
    assert len(SOURCES) > 100
    found = {(path.name, name) for path in SOURCES for name in imported(path)}
    assert {each for each in found if each[1] in ELSEWHERE_MISSING} == set()


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/c/Users/ada/AppData/Local"}, "/c/Users/ada/AppData/Local"),
        ("win32", {"HOME": "/c/Users/ada"}, "/c/Users/ada/AppData/Local"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Caches"),
    ],
)
def test_indexes_lie_where_each_system_has_its_cache(
    platform, variables, expected, monkeypatch
):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("os.environ", variables)
    assert default_path("/photos", "tiny").parent == Path(expected, "mmcourse", "indexes")


@pytest.mark.parametrize("folder", [r"C:\Users\ada\Pictures", r"\\nas\share", "D:\\"])
def test_a_path_with_a_drive_gives_a_name_that_windows_takes(folder, monkeypatch):
    there = SimpleNamespace(path=ntpath, environ=os.environ, fsencode=os.fsencode)
    monkeypatch.setattr(cache, "os", there)
    name = default_path(folder, "ViT-B/32").name
    assert not set('<>:"/\\|?*') & set(name)
    assert len(name) < 120


def test_long_and_non_ascii_names_are_searched(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "phötos").mkdir()
    Image.new("RGB", (9, 7)).save(tmp_path / "phötos" / LONG)
    assert main(["search", str(tmp_path / "phötos"), "a cat", "--model", "tiny"]) == 0
    assert LONG in capsys.readouterr().out


def test_a_file_that_another_program_holds_is_tried_again(tmp_path, monkeypatch):
    held = tmp_path / "held.png"
    Image.fromarray(np.zeros((7, 9, 3), np.uint8)).save(held)
    with monkeypatch.context() as windows:
        windows.setattr("pathlib.Path.open", holding(held, Path.open))
        with pytest.raises(
            UnreadableImageError, match=r"got no file \(The process cannot access"
        ):
            open_rgb(held)
    assert open_rgb(held).size == (9, 7)


def holding(held, real):
    """Return `Path.open` as Windows answers it for a file that another program holds."""

    def open_(path, *words, **how):
        if path == held:
            raise PermissionError(13, "The process cannot access the file")
        return real(path, *words, **how)

    return open_


def test_a_folder_is_known_by_another_spelling_where_the_system_says_so(tmp_path, monkeypatch):
    (tmp_path / "Photos").mkdir()
    (tmp_path / "photos").mkdir()  # one folder on macOS and Windows
    path, folder = tmp_path / "photos" / "index", tmp_path / "Photos"
    assert not is_inside(path, folder)
    monkeypatch.setattr("pathlib.Path.samefile", lambda a, b: str(a).lower() == str(b).lower())
    assert is_inside(path, folder)


@pytest.mark.parametrize(("platform", "status"), [("win32", 0), ("linux", 1)])
def test_a_reader_that_closes_early_is_known_by_the_name_windows_gives_it(
    platform, status, monkeypatch, capfd
):
    def gone(_text):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("sys.platform", platform)
    with monkeypatch.context() as closed:
        closed.setattr("sys.stdout.write", gone)
        closed.setattr("mmcourse.terminal.let_go_of_stdout", lambda: None)
        assert exit_status("search", lambda: show_lines(["a"]), stopped="") == status
    assert ("Invalid argument" in capfd.readouterr().err) == (status == 1)


def test_a_lock_that_windows_keeps_is_no_fault(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (9, 7)).save(tmp_path / "photos" / "a.png")
    assert main(["search", str(tmp_path / "photos"), "a cat", "--model", "tiny"]) == 0
    real = Path.unlink

    def unlink(path, **how):
        if path.suffix == ".lock":
            raise PermissionError(13, "The process cannot access the file")
        real(path, **how)

    monkeypatch.setattr("pathlib.Path.unlink", unlink)
    assert main(["indexes", "--clear"]) == 0
    assert capsys.readouterr().err.endswith("1 removed.\n")


def searched(folder, place):
    """Build an index in a process that was spawned, as on Windows and macOS."""
    from mmcourse import clip

    index = Index.build(*clip.load("tiny", "cpu"), folder, path=place, progress=False)
    assert len(index) == 1


@pytest.mark.slow
def test_an_index_is_built_in_a_spawned_process(tmp_path):
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (9, 7)).save(tmp_path / "photos" / "a.png")
    process = multiprocessing.get_context("spawn").Process(
        target=searched, args=(tmp_path / "photos", tmp_path / "index")
    )
    process.start()
    process.join(300)
    assert process.exitcode == 0
    assert Index.open(tmp_path / "index").items == ("a.png",)
