"""The wheel: installed outside any checkout it is whole, and says what needs the course."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import browsing
import pytest
from PIL import Image
from places import ROOT

from mmcourse.world import render, sample_scene

pytestmark = pytest.mark.slow
PACKAGES = ("classroom", "mmcourse")
COMMANDS = ("lab", "fresh", "check", "grade", "gradescope", "doctor", "search", "draw")
LISTING = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
PIP, OFFLINE = (sys.executable, "-m", "pip"), ("--no-deps", "--no-index")
KEPT = {"capture_output": True, "text": True}
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="grading needs Linux")
RIGHT = """
from numpy import linalg, maximum
from classroom import check
check("02.1", lambda x, eps=1e-12: x / maximum(linalg.norm(x, axis=1, keepdims=True), eps))
"""


class Installed(NamedTuple):
    """A wheel, the files it was made of, and where it is installed; `stand` is empty."""

    wheel: Path
    source: Path
    packages: Path
    programs: Path
    stand: Path

    def run(self, program, *words, ends=(0,)):
        return run(self.stand, self.programs / program, *words, ends=ends)


def run(stand, *command, ends=(0,)):
    """Return how a command ended that knows nothing of this environment and this home."""
    home = stand.parent / "home"
    env = {**browsing.bare_environment(home), "XDG_CACHE_HOME": str(home / "cache")}
    ended = subprocess.run(command, cwd=stand, env=env, check=False, **KEPT)
    assert ended.returncode in ends, f"{ended.args}\n{ended.stdout}{ended.stderr}"
    return ended


def copy_repository(target):
    """Copy what git knows or would take, so that neither build/ nor my/ is among it."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    listed = subprocess.run(LISTING, cwd=ROOT, check=False, **KEPT)
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr}")
    for name in listed.stdout.split("\0"):
        if (ROOT / name).is_file():  # git lists what was deleted, too
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the wheel, installed where our third-party packages are seen, our course not."""
    folder = tmp_path_factory.mktemp("wheel")
    stand, source, environment = folder / "stand", folder / "source", folder / "environment"
    stand.mkdir()
    copy_repository(source)
    run(stand, *PIP, "wheel", *OFFLINE, "--no-build-isolation", "-w", folder, source)
    (wheel,) = folder.glob("*.whl")
    venv.create(environment, symlinks=sys.platform != "win32")
    base = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", base))
    programs = Path(sysconfig.get_path("scripts", "venv", base))
    run(stand, *PIP, "--python", programs / "python", "install", *OFFLINE, wheel)
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "ours.pth").write_text("\n".join(sorted(ours)))  # no .pth in there is read
    return Installed(wheel, source, packages, programs, stand)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_the_one_of_the_wheel(package, installed):
    found = installed.run("python", "-c", f"import {package}; print({package}.__file__)").stdout
    assert Path(found.strip()) == installed.packages / package / "__init__.py"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_every_file_of_a_package_and_no_other(package, installed):
    files = (path for path in (installed.source / package).rglob("*") if path.is_file())
    expected = {path.relative_to(installed.source).as_posix() for path in files}
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = {name for name in wheel.namelist() if name.startswith(f"{package}/")}
    assert held == expected | {f"{package}/py.typed"}


@pytest.mark.parametrize("name", ["tiny", "tiny-bag", "tiny-hard", "tiny-vit"])
def test_a_shipped_model_loads(name, installed):
    installed.run("python", "-c", f"from mmcourse import clip; clip.load({name!r})")


def test_all_stored_runs_are_read(installed):
    _, *rows = (installed.source / "mmcourse/small/runs.csv").read_text().splitlines()
    count = "from mmcourse import small; print(len(small.stored_runs()))"
    assert installed.run("python", "-c", count).stdout == f"{len(rows)}\n"


def test_a_right_answer_passes_its_check(installed):
    assert "all 10 cases passed" in installed.run("python", "-c", RIGHT).stdout


def test_a_search_finds_the_pictures_of_a_folder(installed, tmp_path, rng):
    for name in ("a.png", "b.png", "c.png"):
        Image.fromarray(render(sample_scene(rng))).save(tmp_path / name)
    said = installed.run("mmcourse", "search", tmp_path, "a red cat", "--json").stdout
    assert json.loads(said)["model"] == "tiny"
    found = sorted(one["path"] for one in json.loads(said)["results"])
    assert found == ["a.png", "b.png", "c.png"]


@pytest.mark.parametrize(
    "words", ["lab", "fresh 02", "check", "grade x --out y", "gradescope 02 --out x.zip"]
)
def test_a_command_without_the_course_says_in_one_line_what_to_do(words, installed):
    ended = installed.run("mmcourse", *words.split(), ends=(1,))
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{words.split()[0]}: expected the course's folder")
    assert line.endswith("Install from a clone of the course: pip install --editable .")


@pytest.mark.parametrize("command", ["fresh", "check", pytest.param("grade", marks=LINUX)])
def test_a_command_helps_without_the_course(command, installed):
    said = installed.run("mmcourse", command, "--help").stdout
    assert said.startswith(f"usage: python -m mmcourse {command} ")


def test_the_release_workflows_trial_passes(installed):
    source = (installed.source / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(source)["project"]["version"]
    smoke = ROOT / "scripts" / "smoke.py"
    said = installed.run("python", "-X", "utf8", "-I", smoke, version).stdout
    assert said.startswith(f"mmcourse {version} works in ")


def test_help_lists_every_command(installed):
    said = installed.run("mmcourse", "--help").stdout
    assert set(COMMANDS) <= set(re.findall(r"^    (\w+)", said, re.MULTILINE))


def test_the_doctor_prints_its_table(installed):
    ended = installed.run("mmcourse", "doctor", ends=(0, 1))
    assert ended.stdout.startswith("looked at "), ended.stderr
    assert ended.stderr == ""
