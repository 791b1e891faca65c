"""Answers that two or three students share but for names and layout, for a person to look at.

An answer's form is its syntax tree without comments, docstrings, annotations and layout, its
names numbered in the order of their first use. A long form that two or three share and the
course does not hand out is told; one that more share is the natural way to write it. Nothing
is judged. Leaves out lambdas, helpers beside the function, and what has been rearranged.
"""

import ast
import hashlib
import inspect
import textwrap
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from classroom.checks.question import Exercise, Question
from classroom.grading.faults import UnreadableError
from classroom.grading.intake import Submission
from classroom.grading.notebook import parse, read_beneath
from classroom.grading.results import Result

FEWEST_NODES = 40
MOST_STUDENTS = 3
MOST_READ, MOST_PARTS = 30_000, 20_000
"""Characters of a notebook's code that are read, the last ones first, and parts of a form."""
NAMES = {
    (ast.Name, "id"),
    (ast.arg, "arg"),
    (ast.FunctionDef, "name"),
    (ast.AsyncFunctionDef, "name"),
    (ast.ClassDef, "name"),
    (ast.ExceptHandler, "name"),
    (ast.alias, "asname"),
}
"""Where a name stands that its author chose."""
DROPPED = {"ctx", "annotation", "returns", "type_comment", "kind"}
UNPARSED = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What `ast.parse` raises for what is no Python, or more than it can hold."""
_Key = tuple[str, str, str]
"""An exercise, the number of a question, and the digest of a form."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, kw_only=True)
class NearCopies:
    """One form that a few share: the question, and each student with their source."""

    exercise: str
    number: str
    function: str
    nodes: int
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Form:
    """A definition's source, how many nodes its tree has, and a digest of its form."""

    source: str
    nodes: int
    digest: str


def near_copies(
    exercises: Sequence[Exercise],
    submissions: Iterable[Submission],
    results: Sequence[Result],
    solutions: Path | None = None,
) -> list[NearCopies]:
    """Return what two or three students share, the longest first.

    Args:
        exercises: what was asked.
        submissions: are read again, and used only where they are what was graded.
        results: of grading them.
        solutions: the folder of the course's own notebooks, if there is one.
    """
    shared: dict[_Key, list[tuple[str, Form]]] = defaultdict(list)
    for key, student, answer in _long_answers(exercises, submissions, results):
        shared[key].append((student, answer))
    ours = {key for each in exercises for key in _handed_out(each, solutions)}
    names = {q.number: q.function for each in exercises for q in each.questions}
    told = [
        NearCopies(
            exercise=key[0],
            number=key[1],
            function=names[key[1]],
            nodes=some[0][1].nodes,
            sources=tuple((student, one.source) for student, one in some),
        )
        for key, some in shared.items()
        if key not in ours and 2 <= len(some) <= MOST_STUDENTS
    ]
    return sorted(told, key=lambda one: (-one.nodes, one.exercise, one.number, one.sources))


def forms(sources: Sequence[str], names: Collection[str]) -> dict[str, Form]:
    r"""Return the forms of these names' last definitions in some cells, of those there are.

    Cells that are no Python are passed over, as is what goes beyond a reasonable length.

    >>> one = forms(["def f(x):  # double\n    return 2 * x"], ["f", "g"])
    >>> two = forms(["def f(value: int) -> int:\n    return (2*value)"], ["f"])
    >>> one["f"].digest == two["f"].digest, one["f"].nodes, list(one)
    (True, 8, ['f'])
    """
    found: dict[str, Form] = {}
    left = MOST_READ
    for source in reversed(sources):
        left -= len(source)
        if left < 0:
            break
        wanted = {name for name in names if name in source} - found.keys()
        found |= _defined(source, wanted) if wanted else {}
    return found


def _defined(source: str, names: Collection[str]) -> dict[str, Form]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a backslash too many
            tree = ast.parse(source)
        last = {node.name: node for node in tree.body if isinstance(node, Definition)}
        made = {name: _form(source, last[name]) for name in names if name in last}
    except UNPARSED:
        return {}
    return {name: one for name, one in made.items() if one}


def _form(source: str, node: Definition) -> Form | None:
    names: dict[str, int] = {}
    parts = list(islice(_parts(node, names), MOST_PARTS))
    if len(parts) == MOST_PARTS:
        return None
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    nodes = sum(part.startswith("<") for part in parts)
    return Form(ast.get_source_segment(source, node) or "", nodes, digest)


def _parts(node: ast.AST, names: dict[str, int]) -> Iterator[str]:
    """Yield a tree's nodes and values in order, with numbers in place of chosen names."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        node = ast.Assign(targets=[node.target], value=node.value)
    yield f"<{type(node).__name__}"
    for field, value in _values(node):
        if isinstance(value, ast.AST):
            yield from _parts(value, names)
        elif (type(node), field) in NAMES and value is not None:
            yield f"name {names.setdefault(value, len(names))}"
        else:
            yield f"{field} {value!r}"
    yield ">"


def _values(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield what a node holds, each with its field; a docstring is left out."""
    for field, value in ast.iter_fields(node):
        if field in DROPPED:
            continue
        values = value if isinstance(value, list) else [value]
        if field == "body" and isinstance(node, Definition):
            values = values[ast.get_docstring(node, clean=False) is not None :]
        yield from ((field, one) for one in values)


def _long_answers(
    exercises: Sequence[Exercise], submissions: Iterable[Submission], results: Sequence[Result]
) -> Iterator[tuple[_Key, str, Form]]:
    """Yield each answer that is long enough: what it would share, its student, its form."""
    asked = {each.name: each.questions for each in exercises}
    for result, sources in _read_again(submissions, results):
        answered = {one.number for one in result.questions if one.status != "not attempted"}
        wanted = {q.function: q.number for q in asked[result.exercise] if q.number in answered}
        for function, found in forms(sources, wanted).items():
            if found.nodes >= FEWEST_NODES:
                yield (result.exercise, wanted[function], found.digest), result.student, found


def _handed_out(exercise: Exercise, solutions: Path | None) -> Iterator[_Key]:
    """Yield the forms of the course's own answers: the references, and the solutions."""
    parts = (exercise.name, f"{exercise.name}.ipynb")
    try:
        cells = parse(read_beneath(solutions, parts)) if solutions else ()
    except (UnreadableError, OSError):  # they may be kept elsewhere
        cells = ()
    names = [question.function for question in exercise.questions]
    solved = forms([cell.source for cell in cells if cell.code], names)
    for question in exercise.questions:
        for found in (solved.get(question.function), _reference(question)):
            if found:
                yield exercise.name, question.number, found.digest


def _reference(question: Question) -> Form | None:
    try:
        source = textwrap.dedent(inspect.getsource(question.reference))
    except (OSError, TypeError):  # it was written where no source is kept
        return None
    name = getattr(question.reference, "__name__", "")
    return forms([source], [name]).get(name)


def _read_again(
    submissions: Iterable[Submission], results: Sequence[Result]
) -> Iterator[tuple[Result, list[str]]]:
    """Yield each result of a notebook that ran, with the sources of its code cells."""
    graded = {(one.student, one.exercise): one for one in results if one.questions}
    for submission in submissions:
        result = graded.get((submission.student, submission.exercise))
        if result is None or submission.read is None:
            continue
        try:
            content = submission.read()
            cells = parse(content)
        except UnreadableError:  # it was there a moment ago
            continue
        if hashlib.sha256(content).hexdigest() == result.digest:
            yield result, [cell.source for cell in cells if cell.code]
