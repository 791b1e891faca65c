"""How a worker starts without bubblewrap: real paths, and Landlock or nothing around it.

Landlock lets a submission read the files of its exercise's modules and write one folder.
"none" is for students who are trusted, and keeps nobody from anything.
"""

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAMES = "names:"
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/proc/cpuinfo")
"""Without the last, torch copies no weights."""


def plan(folder: Path, packages: Mapping[str, Path]) -> dict[str, Any]:
    """Return what the worker needs to know: where modules lie, what may be read or written."""
    places = sorted({str(path.parents[name.count("/")]) for name, path in packages.items()})
    (folder / "home").mkdir()
    library = sysconfig.get_paths()["stdlib"]
    libraries = (str(path) for path in Path(library).iterdir() if "-packages" not in path.name)
    own = (str(folder / "room"), str(folder / "course"))
    return {
        "paths": [*places, str(folder / "course")],
        "folder": str(folder / "work"),
        "files": str(folder / "desk"),
        "readable": [
            *(NAMES + place for place in (*places, library)),
            *(str(path) for path in packages.values()),
            *(path for path in SYSTEM if not Path(path, "python3").exists()),
            *(str(path) for path in _system_libraries()),
            *libraries,
            *own,
        ],
    }


def variables(folder: Path) -> dict[str, str]:
    """Return the few environment variables that a worker gets."""
    home = str(folder / "home")
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **one, "HOME": home, "IPYTHONDIR": f"{home}/.ipython", "MPLBACKEND": "Agg"}


def _system_libraries() -> list[Path]:
    """Return what /usr/lib holds besides Python packages, the course perhaps among them."""
    root = Path("/usr/lib")
    if not Path(root, "python3").exists() or sys.platform != "linux":
        return []
    return [path for path in root.iterdir() if not path.name.startswith("python")]
