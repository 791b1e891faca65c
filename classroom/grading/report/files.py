"""Write a file whole or not at all, under a name that no student can choose."""

import hashlib
import re
from pathlib import Path

from mmcourse.atomic import write_whole


def write(path: Path, text: str) -> None:
    """Write a text; whoever reads meanwhile sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole("grade", path, text.encode(errors="replace"))


def file_name(student: str) -> str:
    """Return a file name for a student: readable, portable, and nobody else's.

    >>> file_name("../ada")
    'ada-60088279'
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40] or "student"
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
