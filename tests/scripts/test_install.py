"""Set-up does its work once, does it again where it must, and refuses in one line."""

import json
import subprocess
import sys
from pathlib import Path

import install
import pytest


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """Return a project whose installs are counted instead of done, and can be told to fail."""
    project = Project(tmp_path)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "works", lambda venv: install.python_of(venv).exists())
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    monkeypatch.setattr("subprocess.check_call", project.make_venv)
    monkeypatch.setattr("subprocess.call", project.pip)
    return project


BOUNDS = """
dependencies = [
    "scikit-learn>=1",
    "torch>=2,<3",
]
"""


class Project:
    """Stands for `python -m venv` and pip, and records what pip was asked for."""

    def __init__(self, root):
        self.venv = root / ".venv"
        self.asked = []
        self.status = 0
        self.packages = root / ".venv" / "Lib" / "site-packages"
        (root / "pyproject.toml").write_text(BOUNDS)
        (root / "constraints.txt").write_text("pins")
        self.root = root

    def make_venv(self, command):
        if self.status == "no venv":
            raise subprocess.CalledProcessError(1, command)
        assert not any(Path(word).is_symlink() for word in command[-1:]), "venv refuses a link"
        self.packages.mkdir(parents=True)
        install.python_of(self.venv).parent.mkdir()
        install.python_of(self.venv).touch()
        version = ".".join(map(str, sys.version_info[:3]))
        (self.venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")

    def pip(self, command, **_):
        if self.status == "killed":
            raise KeyboardInterrupt
        self.asked.append([str(word) for word in command[4:]])
        for name in () if self.status else ("mmcourse-1", "scikit_learn-1.6", "torch-2+cpu"):
            (self.packages / f"{name}.dist-info").mkdir(exist_ok=True)
        return self.status

    def install(self, *words):
        return install.main(list(words))


def test_a_second_set_up_asks_pip_for_nothing(setup):
    assert setup.install() == 0
    assert setup.install() == 0
    constraints = str(setup.root / "constraints.txt")
    assert setup.asked == [["--editable", str(setup.root), "--constraint", constraints]]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_is_installed_again(setup, name):
    setup.install()
    (setup.root / name).write_text(BOUNDS + "# changed")
    setup.install()
    assert len(setup.asked) == 2


def test_the_checkers_are_added_once_and_then_stay(setup):
    setup.install()
    setup.install("--dev")
    setup.install("--dev")
    setup.install()
    assert [words[1] for words in setup.asked] == [str(setup.root), f"{setup.root}[dev]"]
    (setup.root / "constraints.txt").write_text("changed")
    setup.install()
    assert setup.asked[-1][1] == f"{setup.root}[dev]"


def test_an_install_that_failed_is_tried_again_in_the_same_place(setup, capsys):
    setup.status = 1
    assert setup.install() == 1
    assert capsys.readouterr().err.startswith("setup: pip could not install the packages")
    (setup.venv / "kept").touch()
    setup.status = 0
    assert setup.install() == 0
    assert len(setup.asked) == 2
    assert (setup.venv / "kept").exists()


def test_going_back_after_a_failed_install_installs_again(setup):
    setup.install()
    (setup.root / "constraints.txt").write_text("changed")
    setup.status = 1
    setup.install()
    (setup.root / "constraints.txt").write_text("pins")
    setup.status = 0
    setup.install()
    assert len(setup.asked) == 3


def test_an_install_that_was_killed_starts_from_nothing(setup):
    setup.status = "killed"
    assert setup.install() == 130
    (setup.venv / "half").touch()
    setup.status = 0
    assert setup.install() == 0
    assert not (setup.venv / "half").exists()
    assert setup.install() == 0
    assert len(setup.asked) == 1


def test_an_environment_moved_with_its_project_is_installed_again(setup, monkeypatch):
    setup.install()
    moved = setup.root / "moved"
    moved.mkdir()
    for name in ("pyproject.toml", "constraints.txt", ".venv"):
        (setup.root / name).rename(moved / name)
    monkeypatch.setattr(install, "ROOT", moved)
    setup.install()
    assert [words[1] for words in setup.asked] == [str(setup.root), str(moved)]


def test_an_index_for_torch_is_passed_on(setup, monkeypatch):
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    setup.install()
    assert setup.asked[0][-2:] == ["--extra-index-url", "https://example.org/cpu"]


def test_another_index_later_fetches_torch_anew_and_is_remembered(setup, monkeypatch):
    setup.install()
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    setup.install()
    setup.install()
    monkeypatch.delenv("TORCH_INDEX")
    setup.install()
    assert len(setup.asked) == 3
    assert setup.asked[1][:3] == ["--force-reinstall", "--no-deps", "torch"]
    assert setup.asked[2][:2] == ["--editable", str(setup.root)]
    (setup.root / "constraints.txt").write_text("changed")
    setup.install()
    assert setup.asked[3][0] == "--editable"
    assert setup.asked[3][-2:] == ["--extra-index-url", "https://example.org/cpu"]


def test_an_index_that_failed_is_tried_again(setup, monkeypatch):
    setup.install()
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    setup.status = 1
    assert setup.install() == 1
    setup.status = 0
    assert setup.install() == 0
    assert [words[0] for words in setup.asked[1:]] == [
        "--force-reinstall",
        "--force-reinstall",
        "--editable",
    ]


@pytest.mark.parametrize("name", ["mmcourse-1", "scikit_learn-1.6", "torch-2+cpu"])
def test_a_package_that_went_missing_is_installed_again(setup, name):
    setup.install()
    (setup.packages / f"{name}.dist-info").rmdir()
    assert setup.install() == 0
    assert len(setup.asked) == 2
    assert (setup.packages / f"{name}.dist-info").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(setup):
    setup.install()
    install.python_of(setup.venv).unlink()
    assert setup.install() == 0
    assert install.python_of(setup.venv).exists()
    assert len(setup.asked) == 2


def test_a_python_named_by_the_reader_is_not_passed_over(setup, capsys):
    setup.install()
    assert setup.install("--chosen") == 0
    (setup.venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.18\n")
    assert setup.install() == 0
    assert setup.install("--chosen") == 1
    assert "holds Python 3.9, not 3." in (error := capsys.readouterr().err)
    assert error.endswith("remove it first: rm -r .venv\n")
    install.python_of(setup.venv).unlink()
    assert setup.install("--chosen") == 0  # nothing sound is lost
    assert len(setup.asked) == 2


def test_an_old_python_may_open_what_a_newer_one_has_set_up(setup, monkeypatch, capsys):
    monkeypatch.setattr(install, "this_python", lambda: ((3, 10), True))
    assert setup.install() == 1
    assert not setup.venv.exists()
    monkeypatch.undo()
    monkeypatch.setattr(install, "ROOT", setup.root)
    monkeypatch.setattr("subprocess.check_call", setup.make_venv)
    monkeypatch.setattr("subprocess.call", setup.pip)
    assert setup.install() == 0
    monkeypatch.setattr(install, "this_python", lambda: ((3, 10), True))
    assert setup.install() == 0
    assert setup.install("--chosen") == 1
    assert len(setup.asked) == 1


def test_a_file_in_the_place_of_the_environment_is_refused(setup, capsys):
    setup.venv.write_text("mine")
    assert setup.install() == 1
    assert setup.venv.read_text() == "mine"
    assert ".venv is a file; move it away" in capsys.readouterr().err


@pytest.fixture
def linked(setup):
    """Return a folder on another disk, say, that `.venv` is a link to."""
    place = setup.root / "other disk"
    place.mkdir()
    setup.venv.symlink_to(place)
    return place


def installed_from(place, folder):
    """Say in an environment that the course was installed into it from this folder."""
    info = place / "Lib" / "site-packages" / "mmcourse-1.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "direct_url.json").write_text(json.dumps({"url": folder.as_uri()}))


def test_a_link_to_an_empty_folder_is_taken_and_filled(setup, linked):
    setup.status = "no venv"
    assert setup.install() == 1
    setup.status = 0
    assert setup.install() == 0
    assert setup.venv.is_symlink()
    assert (linked / "pyvenv.cfg").exists()
    assert setup.install() == 0
    assert len(setup.asked) == 1


def test_a_link_to_a_sound_environment_is_taken_with_what_it_holds(setup, linked):
    setup.make_venv([])
    (linked / "mine").touch()
    assert setup.install() == 0
    installed_from(linked, setup.root)
    (setup.root / "constraints.txt").write_text("changed")
    assert setup.install() == 0
    assert len(setup.asked) == 2
    assert (linked / "mine").exists()


@pytest.mark.parametrize("killed", [False, True])
def test_a_link_to_anything_else_is_refused_and_nothing_removed(setup, linked, capsys, killed):
    if killed:
        setup.make_venv([])
        (linked / install.UNFINISHED).touch()
    (linked / "mine").write_text("mine")
    assert setup.install() == 1
    said = capsys.readouterr().err
    assert f"{setup.venv} is a link to {linked}, which holds no Python environment" in said
    assert (
        f"Empty that folder, and it is made there; or remove the link: rm {setup.venv}" in said
    )
    assert (linked / "mine").read_text() == "mine"
    assert setup.asked == []


def test_a_link_to_another_clones_environment_is_refused(setup, linked, capsys):
    setup.make_venv([])
    other = setup.root / "other clone"
    other.mkdir()
    installed_from(linked, other)
    assert setup.install() == 1
    assert f"belongs to the course in {other}" in (said := capsys.readouterr().err)
    assert f"rm {setup.venv} (the link alone goes), then call again." in said
    assert setup.asked == []
    other.rmdir()  # a clone that has been moved or deleted needs it no more
    assert setup.install() == 0


def test_a_link_that_leads_nowhere_is_refused(setup, linked, capsys):
    linked.rmdir()
    assert setup.install() == 1
    assert f"a link to {linked}, which is no folder. Remove it: rm" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said_in_one_line(setup, monkeypatch, capsys):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert setup.install() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("setup: [Errno 13] Permission denied")
    assert line.endswith(f"{setup.root} must be yours to write in.")


def test_a_venv_that_cannot_be_made_is_said_in_one_line_and_tried_again(setup, capsys):
    setup.status = "no venv"
    assert setup.install() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "-m venv failed; its message is above. Try another Python" in line
    setup.status = 0
    assert setup.install() == 0


def test_an_unknown_option_is_refused(capsys):
    assert install.main(["--devel"]) == 2
    assert "expected --dev, --chosen or nothing; got --devel" in capsys.readouterr().err


def test_an_old_python_and_one_without_venv_are_told_what_to_do():
    with pytest.raises(install.SetupError, match=r"Python 3\.11 or newer.*make setup PYTHON="):
        install.check_python((3, 10), has_venv=True)
    with pytest.raises(install.SetupError, match=r"no venv here.*apt install python3-venv"):
        install.check_python((3, 13), has_venv=None)
    install.check_python((3, 11), has_venv=True)


def test_a_broken_environment_is_recognised(tmp_path):
    assert not install.works(tmp_path)
    assert install.works(Path(sys.prefix))
