"""Write constraints.txt: the exact version of every package that the course installs.

Walks from mmcourse and its `dev` extra through what each package requires, and takes the
version that this environment holds. Leaves out packages that no dependency asks for, and
those that only another system needs (such as `colorama` on Windows): pip is free there.

usage: make pins
"""

import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
HEADER = """\
# Exact versions of everything the course installs, run time and checks alike.
# Written by `make pins` from .venv; to move a version, install it there first:
#   .venv/bin/python -m pip install --upgrade NAME && make pins && make test
"""


def canonical(name: str) -> str:
    """Return a package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(name: str, extras: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the version of every package that `name` with these extras installs."""
    versions: dict[str, str] = {}
    visited: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [(canonical(name), extras)]
    while waiting:
        package, wanted = waiting.pop()
        if (package, wanted) in visited:
            continue
        visited.add((package, wanted))
        found = metadata.distribution(package)
        versions[package] = found.version.partition("+")[0]
        for line in found.requires or ():
            requirement = Requirement(line)
            if needed(requirement, wanted):
                inner = tuple(sorted(requirement.extras))
                waiting.append((canonical(requirement.name), inner))
    del versions[canonical(name)]
    return versions


def needed(requirement: Requirement, extras: tuple[str, ...]) -> bool:
    """Return whether a requirement applies on this system with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def main() -> int:
    """Write the file; return an exit status."""
    pins = closure("mmcourse", ("dev",))
    lines = [f"{name}=={version}\n" for name, version in sorted(pins.items())]
    (ROOT / "constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"constraints.txt: {len(lines)} packages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
