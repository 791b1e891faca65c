"""Run a notebook's cells, statement by statement, and go on without what is not here.

An import that fails, what needs it, and what is IPython's own (magics, shell lines) are
skipped and told; any other exception ends its cell, as in a notebook. Top-level `await`
works. Leaves out pictures, history, and shell commands. Everything here lies in the
student's process, and defends nothing.
"""

import __future__

import ast
import asyncio
import copy
import inspect
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from functools import reduce
from types import CodeType, ModuleType, TracebackType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display

from .protocol import CELL

MOST_SKIPPED = 20
MOST_LINE = 200
PYTHON_BELOW = frozenset({"time", "capture", "prun"})
"""Cell magics whose cell defines in a notebook what it would without them."""
CONTINUED = re.compile(r"^([ \t]*[%!].*)\\\n(.*)", re.MULTILINE)
"""A magic that goes on in the next line."""
FEATURES = [getattr(__future__, name).compiler_flag for name in __future__.all_feature_names]


class Cells:
    """The names that the cells share, and how one more cell runs."""

    def __init__(self) -> None:
        main = ModuleType("__main__")
        sys.modules["__main__"] = main  # where dataclasses, among others, look names up
        self.space = vars(main)
        self.space["display"] = display
        self._magics = _Magics(self)
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._absent: set[str] = set()  # names that skipped statements would have bound
        self._runner: asyncio.Runner | None = None
        self._line = 0
        self.skipped: list[str] = []

    def run(self, source: str, number: int) -> BaseException | None:
        """Run the cell of that number; return what ended it, or None.

        What was skipped stands in `skipped` afterwards.
        """
        self.skipped, self._line = [], 1
        try:
            for statement, code in self._compiled(source, f"{CELL}{number}"):
                self._line = statement.lineno
                self._do(statement, code)
        except BaseException as error:
            _print(error)
            return error
        return None

    def skip(self, what: str) -> None:
        """Note that something on the line that runs was not done."""
        told = f"line {self._line}: {what}"[:MOST_LINE]
        if len(self.skipped) < MOST_SKIPPED and told not in self.skipped:
            self.skipped.append(told)

    def _compiled(self, source: str, name: str) -> list[tuple[ast.stmt, CodeType]]:
        """Return the statements of a cell, all of them compiled before the first one runs."""
        source = self._without_cell_magic(source)
        statements = [one for whole in _parsed(source, name) for one in _split(whole)]
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        shown = [one for one in statements[-1:] if isinstance(one, ast.Expr)]
        return [(one, self._code(one, name, shown=one in shown)) for one in statements]

    def _code(self, statement: ast.stmt, name: str, *, shown: bool) -> CodeType:
        """Return a statement's code, which prints its value if that is to be shown."""
        tree = ast.Interactive([statement]) if shown else ast.Module([statement], [])
        mode = "single" if shown else "exec"
        code: CodeType = compile(tree, name, mode, self._flags, dont_inherit=True)
        used = (flag for flag in FEATURES if code.co_flags & flag)
        self._flags = reduce(int.__or__, used, self._flags)
        return code

    def _do(self, statement: ast.stmt, code: CodeType) -> None:
        self.space["get_ipython"] = lambda: self._magics
        try:
            waiting = eval(code, self.space)
            if code.co_flags & inspect.CO_COROUTINE:
                self._runner = self._runner or asyncio.Runner()
                self._runner.run(waiting)
        except Exception as error:
            lacking = type(error) is NameError and error.name in self._absent
            if not (lacking or isinstance(statement, (ast.Import, ast.ImportFrom))):
                raise
            written = linecache.getline(code.co_filename, statement.lineno).strip()
            self.skip(f"{written} ({error})" if lacking else ast.unparse(statement))
            self._absent |= set(_bound(statement))

    def _without_cell_magic(self, source: str) -> str:
        """Return a cell whose magic's line is empty; nothing of it where it is not Python."""
        while found := re.match(r"\s*%%(\w+).*", source):
            if found[1] not in PYTHON_BELOW:
                self.skip(f"the whole cell, %%{found[1]}")
                return ""
            above = found[0].count("\n")
            source = "\n" * above + source[found.end() :]
        return source


class _Magics:
    """What `get_ipython()` returns: magics and shell commands do nothing, and are told."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def run_line_magic(self, name: str, line: str, *_: object) -> object:
        if name != "time":
            self._cells.skip(f"%{name} {line}".strip())
            return None
        try:
            code = compile(line, "%time", "eval")
        except SyntaxError:
            code = compile(line, "%time", "exec")
        return eval(code, self._cells.space)

    def system(self, command: str) -> None:
        self._cells.skip(f"!{command}")

    def getoutput(self, command: str) -> list[str]:
        self._cells.skip(f"!{command}")
        return []


def _parsed(source: str, name: str) -> list[ast.stmt]:
    """Return the statements of a cell, those of IPython as calls of `get_ipython()`."""
    try:
        return ast.parse(source, name).body
    except SyntaxError:
        pass
    while CONTINUED.search(source):  # else the lines below would count as others
        source = CONTINUED.sub(r"\1 \2\n", source)
    above = len(source) - len(source.lstrip("\n"))
    manager: Any = TransformerManager
    return ast.parse("\n" * above + manager().transform_cell(source), name).body


def _split(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement, or one import for each name that it imports."""
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield statement
        return
    for alias in statement.names:
        one = copy.copy(statement)
        one.names = [alias]
        yield one


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement would have bound."""
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name


def _print(error: BaseException) -> None:
    """Print an exception from the first frame on that is the student's."""
    trace: TracebackType | None = error.__traceback__
    while trace and not trace.tb_frame.f_code.co_filename.startswith(CELL):
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace)
