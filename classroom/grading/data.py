"""The files that an exercise lets its answers read, and where they find them in the sandbox.

A path in `data` begins at the course's folder, the one that holds the package `mmcourse`:

    mmcourse/weights/tiny.safetensors    is found by the modules of mmcourse, as always
    exercises/07_using_clip/photos       is found as `photos`, in the working directory

A folder stands for all that lies in it. Leaves out code and notebooks, the answers among them.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import mmcourse
from classroom.grading.faults import BrokenError
from classroom.grading.limits import MEBIBYTE

ROOT = Path(str(mmcourse.__file__)).resolve().parents[1]
MOST = 32 * MEBIBYTE
"""Bytes that all the data of an exercise may have."""
PARTS = {"mmcourse": 2, "exercises": 3}
"""Where data may lie, and of how many parts its path is at least."""
CLOSED = frozenset({".py", ".pyc", ".ipynb"})


def files(data: Sequence[str]) -> dict[str, Path]:
    """Return every file that `data` stands for, by its path from the course's folder.

    Raises:
        BrokenError: for what is not there, lies elsewhere, is code or is too much.
    """
    found: dict[str, Path] = {}
    for name in data:
        path = ROOT / name
        inside = [one for one in (path, *path.rglob("*")) if one.is_file()]
        if not _may_be_listed(name) or not inside or not all(map(_is_open, inside)):
            raise BrokenError(
                "sandbox: expected data of an exercise to be files, none of them code or a "
                f"notebook, below mmcourse/ or a folder of exercises/ in {ROOT}; got {name!r}. "
                "Correct the exercise's `data`, or put the files there."
            )
        found |= {one.relative_to(ROOT).as_posix(): one for one in inside}
    size = sum(one.stat().st_size for one in found.values())
    if size > MOST:
        raise BrokenError(
            f"sandbox: expected at most {MOST >> 20} MB of data for an exercise; got "
            f"{size / MEBIBYTE:.1f} MB of {', '.join(data)}. Use fewer or smaller files."
        )
    return found


def place(path: str) -> str:
    """Return where the sandbox's folder has a file: in its "course", or on its "desk".

    >>> place("mmcourse/weights/tiny.safetensors"), place("exercises/07_using_clip/a/b.png")
    ('course/mmcourse/weights/tiny.safetensors', 'desk/a/b.png')
    """
    top, *rest = PurePosixPath(path).parts
    return "/".join(["course", top, *rest] if top == "mmcourse" else ["desk", *rest[1:]])


def _may_be_listed(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return ".." not in parts and len(parts) >= PARTS.get(parts[0] if parts else "", 1 << 10)


def _is_open(file: Path) -> bool:
    """Return whether a file is no code, and no link to somewhere else."""
    return file.suffix not in CLOSED and file.resolve().is_relative_to(ROOT)
