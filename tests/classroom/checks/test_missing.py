"""Why a notebook defines no function: the cell that should do it stopped."""

import pytest

from classroom.checks.missing import why_missing

SYNTAX = "SyntaxError: expected ':', in line 1: def f(x)"


@pytest.mark.parametrize(
    "source",
    ["def f(x)", "class f:", "  async def f(x):", "x = 1\ndef  f(y):", "f = lambda: 1"],
)
def test_the_cell_that_should_define_it_is_told(source):
    why, tried = why_missing("f", [("a = 1", None), (source, SYNTAX)])
    assert why == f"code cell 2, which should define it, stopped: {SYNTAX}"
    assert tried


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [("def f(x): return x", None)],
        [("def f2(x)", SYNTAX)],
        [("print(f(3))", "NameError: f")],
        [("x == f == 3", SYNTAX)],
    ],
)
def test_a_cell_that_defines_something_else_is_not_blamed(cells):
    why, tried = why_missing("f", cells)
    assert why == "the notebook defines no function or class of this name."
    assert not tried
