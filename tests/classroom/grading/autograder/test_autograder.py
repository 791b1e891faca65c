"""The zip for Gradescope: unpacked and started as Gradescope does, it writes the results."""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hostile.notebooks import notebook
from places import ROOT
from sandboxed import AS_ROOT, needs

from classroom.desk import commands
from classroom.grading.autograder import SCRIPTS, requirements, write_autograder

NAME = "02_cosine_similarity"
NOBODY = pwd.getpwnam("nobody")
FAKE = """#!/bin/sh
mkdir -p "$8/gradescope/x"
echo "{\\"uid\\": $(id -u), \\"groups\\": \\"$(id -G)\\", \\"home\\": \\"$HOME\\"}" \\
    > "$8/gradescope/x/results.json"
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "new" / "02.zip"
    assert commands.main(["gradescope", "02", "--out", str(path)], {}) == 0
    return path


def unpacked(packed, folder):
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "source")
    (folder / "submission").mkdir()
    return folder


def ran(folder, python, user):
    """Run it as Gradescope does, in a container whose user is `user`."""
    variables = {"AUTOGRADER": str(folder), "PYTHON": str(python), "GRADER": user}
    return subprocess.run(
        ["bash", folder / "source" / "run_autograder"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@needs("namespaces")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "score", "passed", "said"),
    [
        ("right", 13, 4, "graded"),
        ("wrong", 0, 0, "graded"),
        ("broken", 0, 0, "unreadable. the file is no notebook"),
    ],
)
def test_a_submission_is_graded(packed, tmp_path, work, score, passed, said):
    folder = unpacked(packed, tmp_path)
    names = ("l2_normalize", "cosine_matrix", "paired_cosine", "angle_degrees")
    content = {
        "right": (ROOT / "solutions" / NAME / f"{NAME}.ipynb").read_bytes(),
        "wrong": notebook("\n".join(f"def {name}(*_): return 0" for name in names)),
        "broken": b"{",
    }
    (folder / "submission" / "my answers.ipynb").write_bytes(content[work])
    own = pwd.getpwuid(os.geteuid()).pw_name
    done = ran(folder, sys.executable, own)
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    assert told["score"] == score
    assert [one["status"] for one in told["tests"]].count("passed") == passed
    assert sum(one["max_score"] for one in told["tests"]) == (0 if work == "broken" else 13)
    assert told["output"].startswith(f"{NAME}: {said}")
    assert sorted(path.name for path in (folder / "results").iterdir()) == ["results.json"]


@pytest.mark.skipif(not AS_ROOT, reason="NOT ROOT: only root becomes another user")
def test_root_grades_as_somebody_else_and_alone_writes_results(packed):
    with tempfile.TemporaryDirectory() as made:
        folder = unpacked(packed, Path(made))
        folder.chmod(0o755)
        secret = folder / "secret"
        secret.write_text("root's")
        (folder / "submission" / "x.ipynb").symlink_to(secret)
        python = folder / "python"
        python.write_text(FAKE)
        python.chmod(0o755)
        done = ran(folder, python, "nobody")
        assert done.returncode == 0, done.stderr
        results = folder / "results" / "results.json"
        told = json.loads(results.read_text())
        assert (told["uid"], told["groups"]) == (NOBODY.pw_uid, str(NOBODY.pw_gid))
        assert not Path(told["home"]).exists(), "everything is cleared away"
        assert results.stat().st_uid == results.parent.stat().st_uid == 0
        assert secret.stat().st_uid == 0, "a link gives nothing away"


@pytest.mark.parametrize("status", [2, 3])
def test_what_is_not_graded_has_no_results(packed, tmp_path, status):
    folder = unpacked(packed, tmp_path)
    (folder / "python").write_text(f"#!/bin/sh\necho why >&2\nexit {status}\n")
    (folder / "python").chmod(0o755)
    done = ran(folder, folder / "python", pwd.getpwuid(os.geteuid()).pw_name)
    assert (done.returncode, done.stderr) == (status, "why\n")
    assert not (folder / "results").exists()


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_are_bash_and_can_be_started(packed, script):
    with zipfile.ZipFile(packed) as archive:
        mode = archive.getinfo(script).external_attr >> 16
        source = archive.read(script)
    assert mode & 0o111 == 0o111
    assert source.startswith(b"#!/usr/bin/env bash\n")
    assert b"\r" not in source
    subprocess.run(["bash", "-n"], input=source, check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", "-"], input=source, check=True)


def test_every_package_that_is_installed_has_a_pin(packed):
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    with zipfile.ZipFile(packed) as archive:
        asked = archive.read("requirements.txt").decode().splitlines()
        assert archive.read("course/constraints.txt").decode() == pins
    assert asked == requirements(ROOT)
    names = [re.match(r"[\w.-]+", one)[0] for one in asked]
    assert "torch" in names
    assert [one for one in names if not re.search(rf"^{one}==\d", pins, re.MULTILINE)] == []


def test_the_zip_holds_the_course_and_no_solution(packed, tmp_path):
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
    assert {"setup.sh", "run_autograder", "course/classroom/grading/command.py"} <= names
    assert f"course/exercises/{NAME}/{NAME}.ipynb" in names
    assert not any("solutions" in one or "__pycache__" in one for one in names)
    again = write_autograder(NAME, ROOT, tmp_path / "again.zip")
    assert again.read_bytes() == packed.read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["99", "--out", "x.zip"], r"an exercise's number \(01, 02, .*got '99'"),
        (
            ["02_other", "--out", "x.zip"],
            r"expected 02_cosine_similarity or 02; got",
        ),
        (["02", "--out", "x.tar"], r"a file such as 02_cosine_similarity\.zip for --out"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path, capsys, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert commands.main(["gradescope", *words], {}) == 2
    assert re.search(message, capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []
