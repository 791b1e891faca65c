"""Cells run statement by statement: what is skipped, what ends one, what stays Python."""

import builtins
import sys

import pytest

from classroom.grading.worker.cells import Cells


@pytest.fixture
def cells(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(builtins, "_", None, raising=False)
    made = Cells()
    yield made
    if made._runner:
        made._runner.close()


ABSENT = {
    "import nowhere": "line 1: import nowhere",
    "import math, nowhere as no": "line 1: import nowhere as no",
    "from math import sin, nothing": "line 1: from math import nothing",
    "import sys\nfrom nowhere import *": "line 2: from nowhere import *",
    "from . import near": "line 1: from . import near",
    "%matplotlib inline": "line 1: %matplotlib inline",
    "\n\n!pip install x": "line 3: !pip install x",
    "!pip install x \\\n  y": "line 1: !pip install x    y",
    "%pip install x": "line 1: %pip install x",
    "files = !ls": "line 1: !ls",
    "%timeit 1 + 1": "line 1: %timeit 1 + 1",
    "sys?": "line 1: %pinfo sys",
    "if True:\n    %matplotlib inline": "line 1: %matplotlib inline",
    "from IPython import get_ipython\nget_ipython().run_line_magic('gui', 'qt')": (
        "line 2: %gui qt"
    ),
    "import nowhere as no\nno.use()": "line 2: no.use() (name 'no' is not defined)",
    "import nowhere as no\na, b = no.pair()\na.show()": (
        "line 3: a.show() (name 'a' is not defined)"
    ),
}


@pytest.mark.parametrize("source", ABSENT)
def test_what_is_not_here_is_skipped_and_told_and_the_rest_counts(cells, source):
    assert cells.run(f"{source}\nrest = 7", 1) is None
    assert cells.skipped[-1] == ABSENT[source]
    assert cells.space["rest"] == 7


def test_of_one_import_the_names_that_are_there_count(cells):
    assert cells.run("import math, nowhere, sys\nfrom math import nothing, pi", 1) is None
    assert {"math", "sys", "pi"} <= cells.space.keys()
    assert cells.skipped == ["line 1: import nowhere", "line 2: from math import nothing"]


def test_a_function_that_needs_a_missing_name_says_it(cells):
    cells.run("import nowhere as no\ndef f(x):\n    return no.sum(x)", 1)
    with pytest.raises(NameError, match="'no' is not defined"):
        cells.space["f"](3)


def test_a_name_that_no_skipped_line_would_have_bound_ends_the_cell(cells):
    error = cells.run("import nowhere as no\nother.use()\nrest = 7", 1)
    assert isinstance(error, NameError)
    assert "rest" not in cells.space


def test_an_import_within_a_statement_is_python_s(cells):
    guarded = "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None"
    assert cells.run(guarded, 1) is None
    assert cells.space["nowhere"] is None
    error = cells.run("if True:\n    import nowhere", 2)
    assert isinstance(error, ModuleNotFoundError)
    assert cells.skipped == []


@pytest.mark.parametrize("magic", ["%%time", "\n%%capture out\n%%time", "%%prun -q"])
def test_a_magic_over_python_loses_its_line_alone(cells, magic):
    line = magic.count("\n") + 2
    assert cells.run(f"{magic}\nimport nowhere\nx = 3", 1) is None
    assert cells.skipped == [f"line {line}: import nowhere"]
    assert cells.space["x"] == 3


@pytest.mark.parametrize("magic", ["bash", "html", "writefile a.py", "timeit"])
def test_a_magic_over_anything_else_loses_the_cell(cells, magic):
    assert cells.run(f"%%{magic}\nx = 3", 1) is None
    assert cells.skipped == [f"line 1: the whole cell, %%{magic.split()[0]}"]
    assert "x" not in cells.space


def test_what_is_timed_runs(cells):
    assert cells.run("%time x = 3\ny = %time x + 1", 1) is None
    assert (cells.space["x"], cells.space["y"], cells.skipped) == (3, 4, [])


PYTHON = {
    "await": "import asyncio\nawait asyncio.sleep(0)\nx = 3",
    "async for": "async def f():\n    yield 3\nasync for x in f(): pass",
    "an indented cell": "    x = 3\n",
    "an older prompt": ">>> x = 3\n",
    "percents in texts": "x = 3\ns = '''\n%matplotlib inline\n!ls\n'''\nassert '!ls' in s",
    "a percent that goes on": "x = (7\n% 4)",
    "a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    n: int\nx = A(3).n"
    ),
    "its source": (
        "import inspect\ndef f():\n    return 3\nx = int(inspect.getsource(f).split()[-1])"
    ),
    "a later annotation": "from __future__ import annotations\ndef f(a: Later): pass\nx = 3",
    "display": "display(1)\nx = 3",
    "sys.exit in a function": "import sys\ndef f(): sys.exit()\nx = 3",
    "other line ends": "y = 1\r\nx = y + 2\r\n",
}


@pytest.mark.parametrize("name", PYTHON)
def test_python_runs_as_it_is(cells, name):
    assert cells.run(PYTHON[name], 1) is None
    assert cells.skipped == []
    assert cells.space["x"] == 3


def test_a_future_import_holds_for_the_cells_below(cells):
    cells.run("from __future__ import annotations", 1)
    assert cells.run("def f(a: Later): pass", 2) is None
    assert cells.space["f"].__annotations__ == {"a": "Later"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n\ndef f(:\n    pass", r"invalid syntax \(code cell 3, line 3\)"),
        ("x = 1\n%time 1\nreturn 3", r"'return' outside function \(code cell 3, line 3\)"),
    ],
)
def test_a_syntax_error_skips_its_cell_whole(cells, source, said):
    error = cells.run(source, 3)
    assert isinstance(error, SyntaxError)
    with pytest.raises(SyntaxError, match=said):
        raise error
    assert "x" not in cells.space


@pytest.mark.parametrize(
    "above",
    ["\n\n%matplotlib\n", "%%time\n\n\n", "!ls \\\n  -l\nx = 1\n", "import nowhere\n#\n#\n"],
)
def test_lines_are_those_of_the_cell(cells, above, capsys):
    assert isinstance(cells.run(f"{above}1 / 0\nrest = 7", 5), ZeroDivisionError)
    assert 'File "code cell 5", line 4, in <module>\n    1 / 0' in capsys.readouterr().err
    assert "rest" not in cells.space


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("3", "3\n"),
        ("3\nx = 4", ""),
        ("for i in (1, 2): i", ""),
        ("None", ""),
        ("'a'", "'a'\n"),
    ],
)
def test_the_last_value_is_shown(cells, source, printed, capsys):
    assert cells.run(source, 1) is None
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    "source", ["import sys; sys.exit(2)", "raise KeyboardInterrupt", "raise GeneratorExit"]
)
def test_nothing_that_a_cell_raises_passes(cells, source):
    assert isinstance(cells.run(source, 1), BaseException)
    assert cells.run("x = 3", 2) is None


def test_what_is_told_is_bounded(cells):
    many = "\n".join(f"import nowhere{index}" for index in range(50))
    cells.run(f"{many}\nimport {'n' * 5000}", 1)
    assert len(cells.skipped) == 20
    cells.run(f"import {'n' * 5000}", 2)
    assert len(cells.skipped[0]) == 200
