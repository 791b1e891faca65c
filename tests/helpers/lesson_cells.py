"""The cells of a lesson as a reader meets them: code lines, words, claims."""

import ast
import io
import re
import tokenize
from functools import cache

import nbformat
from places import ROOT

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
EXEMPT = re.compile(r"^\||^## (Quiz|Reading)|<details>", re.MULTILINE)
"""Tables, quizzes, folded answers and reading lists may be long."""


@cache
def cells(path, kind):
    """Return the cells of a lesson that are "code" or "markdown"."""
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def tagged(cell, tag):
    """Return whether a cell has a tag."""
    return tag in cell.metadata.get("tags", [])


def code_lines(source):
    """Return how many lines hold code: no blanks, comments, docstrings, imports or claims."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    used = {
        line
        for token in tokens
        if token.type not in SILENT
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and _uncounted(node):
            used -= set(range(node.lineno, node.end_lineno + 1))
    return len(used)


def _uncounted(node):
    """Return whether a statement is an import, a claim, or a text alone, as a docstring is."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Constant) or is_claim(node)


def is_claim(node):
    """Return whether a statement calls `claim`."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "claim"
    )


def words(text):
    """Return how many words a text has; code and addresses have none, a formula is one."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "formula", text, flags=re.DOTALL)
    return len(re.findall(r"\S*\w\S*", text))
