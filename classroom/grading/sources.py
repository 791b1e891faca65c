"""What marks depend on, as one short text: it changes when a check or a comparison does.

Read are the files in which a question's functions are written, with all that those import
from the same package, and the data of the exercises: a corrected reference, harness, case or
picture never leaves an old mark standing. Leaves out other packages, whose versions stand in
`report.json`.
"""

import ast
import functools
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from classroom.checks.question import Exercise, Question
from classroom.grading.data import files

CLASSROOM = Path(__file__).parents[1]
RULES = tuple(
    CLASSROOM / name
    for name in (
        "comparison.py",
        "checks/calls.py",
        "checks/cases.py",
        "checks/judge.py",
        "grading/asking.py",
        "grading/runner.py",
        "grading/worker/harness.py",
    )
)
"""The files that say how answers are asked for and compared."""


def digest(exercises: Sequence[Exercise]) -> str:
    """Return what changes when a reference, harness, case, tolerance, rule or file does.

    Raises:
        BrokenError: for data that is not there.
    """
    questions = [question for each in exercises for question in each.questions]
    numbers = [(q.number, q.rtol, q.atol) for q in questions]
    found = hashlib.sha256(repr((numbers, [tuple(e.modules) for e in exercises])).encode())
    data = files([name for each in exercises for name in each.data])
    found.update(repr(sorted(data)).encode())
    for file in sorted({*RULES, *_files(_modules(questions)), *data.values()}):
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


def _modules(questions: Iterable[Question]) -> set[str]:
    """Return the modules of the questions' functions that belong with their cases."""
    cases = {_module(one.cases) for q in questions for one in q.properties}
    tops = {name.partition(".")[0] for name in cases}
    others = {
        _module(one)
        for q in questions
        for one in (q.reference, q.harness, q.measure)
        if one is not None
    }
    return cases | {name for name in others if name.partition(".")[0] in tops}


def _module(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(inspect.unwrap(function), "__module__", ""))


def _files(modules: Iterable[str]) -> set[Path]:
    """Return the files of modules, and of what they import from the same package."""
    waiting = [
        (Path(file), name)
        for name in modules
        if (file := getattr(sys.modules.get(name), "__file__", None))
    ]
    seen: set[Path] = set()
    while waiting:
        file, name = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        depth = name.count(".") + (file.name == "__init__.py")
        top = name.partition(".")[0]
        for used in _imports(file):
            path = file.parents[depth].joinpath(*used.split("."))
            if used.partition(".")[0] == top:
                places = (path.with_suffix(".py"), path / "__init__.py")
                waiting += [(place, used) for place in places if place.is_file()]
    return seen


def _imports(file: Path) -> Iterator[str]:
    """Yield every name that a file's imports may mean as a module's."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
