"""Grading submissions, beside `nbgrader autograde` on the same notebooks.

Both start from nothing, with one job, and run the same cells, the tests that nbgrader needs
included. Starting the sandbox and importing torch in it are part of ours.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from bench.made import version
from bench.measure import Case
from classroom.checks.question import Exercise
from classroom.grading import Limits, Settings, grade
from classroom.grading.sandbox import choose
from tests.helpers.hostile.toy import NUMPY, RIGHT, RIGHT_TORCH, TORCH

TITLE = "Grading from nothing, `mmcourse grade`, one job"
STUDENTS, LARGE = 6, 30
SEED = 0

NUMPY_TESTS = {
    "unit_rows": """
rng = np.random.default_rng()
for shape in ((1, 2), (3, 5), (7, 2), (5, 3)):
    a = rng.normal(size=shape)
    assert np.allclose(unit_rows(a), a / np.linalg.norm(a, axis=1, keepdims=True))
""",
    "softmax": """
rng = np.random.default_rng()
for x in (np.zeros(2), rng.normal(size=(5, 7)), rng.normal(size=(3, 4)) * 1e4):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    assert np.allclose(softmax(x), e / e.sum(axis=-1, keepdims=True))
""",
}
TORCH_TESTS = {
    "pooled": """
x, mask = torch.randn(3, 5, 7), torch.ones(3, 5)
assert torch.allclose(pooled(x, mask), x.mean(1), atol=1e-6)
""",
    "Doubling": """
x = torch.randn(3, 5)
assert torch.allclose(Doubling(5)(x), x * 2 + 5)
""",
}


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one case a kind of exercise."""
    students = LARGE if large else STUDENTS
    cells = [RIGHT[0], RIGHT[1], RIGHT[3]]
    yield case("numpy alone", NUMPY, cells, NUMPY_TESTS, "numpy as np", students)
    yield case("torch", TORCH, list(RIGHT_TORCH), TORCH_TESTS, "torch", students)


def case(
    what: str,
    exercise: Exercise,
    cells: Sequence[str],
    tests: dict[str, str],
    module: str,
    students: int,
) -> Case:
    """Return the grading of so many right submissions."""
    made = tempfile.TemporaryDirectory()  # lives as long as the ways that name it
    course, reports = Path(made.name), count()
    _hand_in(course, exercise.name, cells, tests, module, students)
    return Case(
        name=f"{students} submissions, {what}",
        unit="submissions/s",
        count=students,
        ours=lambda: _grade(Path(made.name), exercise, f"report-{next(reports)}", students),
        peers={
            f"{version('nbgrader')}, `autograde`": lambda: _nbgrader(
                course, "autograde", exercise.name, "--force"
            )
        },
    )


def _grade(course: Path, exercise: Exercise, report: str, students: int) -> None:
    settings = Settings(seed=SEED, backend=choose(), limits=Limits(), jobs=1)
    results = grade([exercise], course / "submitted", course / report, settings)
    full = [one.points == one.maximum for one in results]
    if len(full) != students or not all(full):
        raise RuntimeError(f"bench: expected {students} right submissions; got {results[0]}.")


def _hand_in(
    course: Path,
    name: str,
    cells: Sequence[str],
    tests: dict[str, str],
    module: str,
    students: int,
) -> None:
    """Write an assignment that nbgrader knows, and right answers to it."""
    source = _notebook(cells, tests, module)
    _write(course / "source" / name / f"{name}.ipynb", source)
    _nbgrader(course, "generate_assignment", name)
    for student in range(students):
        place = course / "submitted" / f"student{student:02}" / name / f"{name}.ipynb"
        _write(place, source)


def _notebook(cells: Sequence[str], tests: dict[str, str], module: str) -> dict[str, object]:
    made = [_cell(f"answer-{at}", cell, solution=True) for at, cell in enumerate(cells)]
    for function, test in tests.items():
        made.append(_cell(f"test-{function}", f"import {module}\n{test}", solution=False))
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, *, solution: bool) -> dict[str, object]:
    role = {
        "grade": not solution,
        "grade_id": name,
        "locked": not solution,
        "points": 1,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name.replace("_", "-"),
        "metadata": {"nbgrader": role},
        "outputs": [],
        "source": source,
    }


def _write(path: Path, notebook: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _nbgrader(course: Path, *words: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"bench: nbgrader {words[0]} failed: {ran.stderr[-1000:]}")
