"""What is installed: the lists of packages, versions and pins agree everywhere."""

import re
import sys
import tomllib
from pathlib import Path

import install
import make_pins
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from places import ROOT

from classroom.desk import doctor

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
    if (file, requirement.name) == ("environment.yml", "clip-anytorch"):
        assert "clip-anytorch" not in pins(file)  # git's own `clip` owns the same folder there
    else:
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


def test_what_set_up_looks_for_is_what_pyproject_names():
    names = {install.normal(requirement.name) for requirement in direct()}
    assert install.requirements(dev=True) == names | {"mmcourse"}
    run_time = {install.normal(Requirement(line).name) for line in PROJECT["dependencies"]}
    assert install.requirements(dev=False) == run_time | {"mmcourse"}
    assert install.installed(Path(sys.prefix)) >= names


def test_pins_leave_out_what_no_dependency_asks_for():
    assert "ruff" in make_pins.closure("mmcourse", ("dev",))
    assert "ruff" not in make_pins.closure("mmcourse")
    assert "colorama" not in make_pins.closure("mmcourse", ("dev",)) or sys.platform == "win32"
