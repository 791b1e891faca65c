"""What is installed: the three lists of packages agree, and set-up does its work once."""

import re
import sys
import tomllib
from pathlib import Path

import install
import make_pins
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from mmcourse import doctor

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMIT = re.compile(r"https://github.com/openai/CLIP\.git@([0-9a-f]{40})")


def direct():
    """Return the direct dependencies, for run time and for the checks."""
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    return [Requirement(line) for line in lines]


def pins(name):
    """Return the exact versions that a file of the project's root gives."""
    found = re.findall(
        r"^[\s-]*([\w.-]+)==(\S+)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.parametrize("file", ["constraints.txt", "environment.yml"])
@pytest.mark.parametrize("requirement", direct(), ids=lambda requirement: requirement.name)
def test_every_direct_dependency_is_pinned_inside_its_bounds(file, requirement):
    assert requirement.specifier.contains(pins(file)[requirement.name])


@pytest.mark.parametrize("requirement", direct(), ids=lambda requirement: requirement.name)
def test_every_direct_dependency_is_bounded_on_both_sides(requirement):
    assert {part.operator for part in requirement.specifier} == {">=", "<"}


def test_both_lists_give_the_same_version_of_what_they_share():
    constraints, conda = pins("constraints.txt"), pins("environment.yml")
    shared = constraints.keys() & conda.keys()
    assert {name: constraints[name] for name in shared} == {
        name: conda[name] for name in shared
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the pins are written on Linux")
def test_the_pins_are_all_that_the_course_installs_here():
    installed = make_pins.closure("mmcourse", ("dev",)).keys()
    pinned = pins("constraints.txt").keys()
    assert pinned - installed == set()
    with_cuda = ("cuda-", "nvidia-", "triton")  # a torch built for CUDA pins these itself
    assert [name for name in installed - pinned if not name.startswith(with_cuda)] == []


def test_openai_clip_is_the_same_commit_wherever_it_is_named():
    (extra,) = PROJECT["optional-dependencies"]["openai"]
    places = [extra, (ROOT / "environment.yml").read_text(encoding="utf-8"), doctor.CLIP_SOURCE]
    commits = {commit for text in places for commit in COMMIT.findall(text)}
    assert len(commits) == 1
    assert all(COMMIT.search(text) for text in places)


def test_torchvision_for_conda_is_the_one_made_for_the_pinned_torch():
    torch, vision = pins("environment.yml")["torch"], pins("environment.yml")["torchvision"]
    assert int(vision.split(".")[1]) == int(torch.split(".")[1]) + 15  # 2.13 goes with 0.28


def test_the_oldest_python_is_the_same_everywhere():
    assert PROJECT["requires-python"] == ">=3.11"
    assert install.OLDEST == doctor.OLDEST_PYTHON == (3, 11)
    conda = re.search(r"python=(\S+)", (ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert SpecifierSet(PROJECT["requires-python"]).contains(conda[1])


def test_the_version_is_the_newest_of_the_changelog():
    newest = re.search(
        r"^## (\d+\.\d+\.\d+)",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert newest[1] == PROJECT["version"]


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """Return a project whose installs are counted instead of done, and can be told to fail."""
    project = Project(tmp_path)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "works", lambda venv: (venv / "bin").exists())
    monkeypatch.setattr("subprocess.check_call", project.make_venv)
    monkeypatch.setattr("subprocess.call", project.pip)
    return project


class Project:
    """Stands for `python -m venv` and pip, and records what pip was asked for."""

    def __init__(self, root):
        self.venv = root / ".venv"
        self.asked = []
        self.status = 0
        (root / "pyproject.toml").write_text("bounds")
        (root / "constraints.txt").write_text("pins")
        self.root = root

    def make_venv(self, command):
        (self.venv / "bin").mkdir()

    def pip(self, command, **_):
        if self.status == "killed":
            raise KeyboardInterrupt
        self.asked.append([str(word) for word in command[4:]])
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
    (setup.root / name).write_text("changed")
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


def test_an_unknown_option_is_refused(capsys):
    assert install.main(["--devel"]) == 2
    assert "expected nothing or --dev; got --devel" in capsys.readouterr().err


def test_an_old_python_and_one_without_venv_are_told_what_to_do():
    with pytest.raises(install.SetupError, match=r"Python 3\.11 or newer.*make setup PYTHON="):
        install.check_python((3, 10), has_venv=True)
    with pytest.raises(install.SetupError, match=r"no venv here.*apt install python3-venv"):
        install.check_python((3, 13), has_venv=None)
    install.check_python((3, 11), has_venv=True)


def test_a_broken_environment_is_recognised(tmp_path):
    assert not install.works(tmp_path)
    assert install.works(Path(sys.prefix))


def test_pins_leave_out_what_no_dependency_asks_for():
    assert "ruff" in make_pins.closure("mmcourse", ("dev",))
    assert "ruff" not in make_pins.closure("mmcourse")
    assert "colorama" not in make_pins.closure("mmcourse", ("dev",)) or sys.platform == "win32"
