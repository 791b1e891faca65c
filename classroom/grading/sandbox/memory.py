"""How much memory a tree of processes holds, which no single process's limit says.

Shared mappings count too, and what the kernel keeps to find the pages: an empty terabyte takes
two gigabytes of that. Files in the sandbox's folders have limits of their own. Reads /proc;
where there is none, nothing is watched.
"""

from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")
COUNTED = ("RssAnon", "RssShmem", "VmPTE", "VmSwap")


def held(root: int) -> int:
    """Return the bytes that a process and all that came from it hold in memory."""
    return sum(_fields(PROC / str(one) / "status", *COUNTED) for one in tree(root))


def free() -> int:
    """Return the bytes that the machine can still give; a very large number if unknown."""
    return _fields(PROC / "meminfo", "MemAvailable") or 1 << 60


def tree(root: int) -> list[int]:
    """Return a process and its descendants."""
    children = defaultdict(list)
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if entry.name.isdigit():
            parent = _parent(entry)
            children[parent].append(int(entry.name))
    found = [root]
    for one in found:
        found += children[one]
    return found


def _parent(entry: Path) -> int:
    try:  # the name of a program may hold spaces and brackets
        return int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):  # it has ended meanwhile
        return -1


def _fields(file: Path, *names: str) -> int:
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return 0
    rows = (line.split() for line in lines if line.partition(":")[0] in names)
    return sum(int(row[1]) for row in rows) * 1024
