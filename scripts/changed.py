"""Which tests belong to what has changed, found by where files stand.

`tests/` is laid out as the tree that it tests: the tests of `mmcourse/losses/clip.py` are
`tests/mmcourse/losses/test_clip*.py`, or, where there are none, all of that folder, or the
folder's own `tests/mmcourse/test_losses*.py`. Leaves out what else a change may break: the
whole of `make test` knows.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from lessons import ROOT

EXERCISE = re.compile(r"(?:classroom/checks/|tests/helpers/answers/)ex(\d\d)")
ABOUT_THE_REPOSITORY = ("tests/test_packaging.py", "tests/test_repository.py")
"""What tests a file that is no module: a page, a notebook, a setting."""


def changed_files(root: Path = ROOT) -> list[str]:
    """Return what differs from the last commit, or from origin's main where that is behind.

    Raises:
        ValueError: there is no git, or this is no checkout.
    """
    base = _git(root, "merge-base", "HEAD", "origin/main") or ["HEAD"]
    differ = _git(root, "diff", "--name-only", "--diff-filter=d", *base)
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    if differ is None or new is None:
        raise ValueError(f"changed: expected a git checkout; got {root}; use make test.")
    return sorted({*differ, *new})


def find_tests(files: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return the test files of some files, and the files themselves for their doctests."""
    found: set[str] = set()
    for name in files:
        path = PurePosixPath(name)
        if path.parts[0] == "tests":
            found |= {name} if path.name.startswith("test_") else _users(path.stem, root)
            found |= {"tests"} if path.name == "conftest.py" else set()
        elif path.suffix == ".py" and path.parts[0] in ("classroom", "mmcourse", "scripts"):
            found |= _beside(path, root)
            if path.parts[0] != "scripts":
                found.add(name)
        elif path.parts[0] in ("exercises", "solutions"):
            found |= {"tests/exercises", f"tests/classroom/checks/test_ex{path.name[:2]}.py"}
        else:
            found.update(ABOUT_THE_REPOSITORY)
    return sorted(name for name in found if (root / name).exists())


def find_exercises(files: Iterable[str]) -> list[str]:
    """Return the numbers of the exercises whose checks, or answers to them, are among files.

    >>> find_exercises(["classroom/checks/ex02_a/b.py", "tests/helpers/answers/ex07.txt", "x"])
    ['02', '07']
    """
    found = (EXERCISE.match(name) for name in files)
    return sorted({one[1] for one in found if one})


def _beside(path: PurePosixPath, root: Path) -> set[str]:
    """Return the tests of a module: by its name, else of its folder, else of the one above."""
    while len(path.parts) > 1:
        folder = root / "tests" / path.parent
        own = sorted(folder.glob(f"test_{path.stem}*.py")) or sorted(folder.glob("test_*.py"))
        if own:
            return {one.relative_to(root).as_posix() for one in own}
        path = path.parent
    return set()


def _users(helper: str, root: Path) -> set[str]:
    """Return the tests that import a helper."""
    return {
        one.relative_to(root).as_posix()
        for one in (root / "tests").rglob("test_*.py")
        if f"from {helper}" in (text := one.read_text(encoding="utf-8"))
        or f"import {helper}" in text
    }


def _git(root: Path, *words: str) -> list[str] | None:
    """Return the lines that git answers with, or None where it fails."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return None if done.returncode else done.stdout.splitlines()
