"""Count how much of each module refuses something, and how much does what it is there for.

A line refuses if it belongs to a `raise`, to an `if` that does nothing but raise, to a call of
`boundary`, or to a private function that only does these. Comments, docstrings, blank lines and
imports are no lines of code.

usage: python scripts/refusal_shares.py [MODULE ...]
"""

import ast
import sys
from pathlib import Path

from lessons import ROOT

MODULES = (
    "similarity.py",
    "fusion.py",
    "attention_maps.py",
    "audio",
    "zeroshot",
    "losses",
    "tokenizer",
    "metrics",
)
"""Entries of mmcourse that are asked about by default: those that lessons teach first."""

ASKING = ("whole", "real", "scalar", "require_finite", "require_pairs", "checked")


def share(entry: Path) -> tuple[int, int]:
    """Return how many lines of a file or folder refuse, and how many there are."""
    files = [entry] if entry.is_file() else sorted(entry.rglob("*.py"))
    counts = [_counted(file.read_text(encoding="utf-8")) for file in files]
    return sum(one for one, _ in counts), sum(all_ for _, all_ in counts)


def _counted(text: str) -> tuple[int, int]:
    tree = ast.parse(text)
    code = _code(tree, text)
    refusing: set[int] = set()
    for node in ast.walk(tree):
        if _refuses(node):
            refusing |= _lines(node)
    for node in tree.body:  # a private function whose body does nothing else
        if isinstance(node, ast.FunctionDef) and node.name.startswith(
            ("_", "require_", "check_")
        ):
            body = set().union(*map(_lines, node.body)) & code
            if body and len(body & refusing) >= 0.6 * len(body):
                refusing |= _lines(node)
    return len(refusing & code), len(code)


def _refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.If):
        return not node.orelse and all(isinstance(one, ast.Raise) for one in node.body)
    if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
        called = node.value.func
        return isinstance(called, ast.Name) and called.id.startswith(
            ("_require", "_check", *ASKING)
        )
    return False


def _lines(node: ast.AST) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _code(tree: ast.Module, text: str) -> set[int]:
    without: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            without |= _lines(node)
    lines = enumerate(text.splitlines(), start=1)
    filled = {number for number, line in lines if line.strip() and line.strip()[0] != "#"}
    return filled - without


def table(names: tuple[str, ...]) -> str:
    """Return a line for each entry: how many lines refuse, of how many, and the share."""
    rows = []
    for name in names:
        refusing, lines = share(ROOT / "mmcourse" / name)
        rows.append(f"{name:<20}{refusing:>5} of {lines:>5}  {refusing / lines:>4.0%}")
    return "\n".join(rows)


def main(names: list[str]) -> int:
    """Print the table; return an exit status."""
    missing = [name for name in names if not (ROOT / "mmcourse" / name).exists()]
    if missing:
        print(f"refusal_shares: expected entries of mmcourse; got {missing}.", file=sys.stderr)
        return 2
    print(table(tuple(names) or MODULES))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
