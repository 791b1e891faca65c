"""Try an installed mmcourse, which must be no checkout's: import, help, version, a search.

usage: ENVIRONMENT/bin/python -X utf8 -I scripts/smoke.py 1.0.0
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]


def main(version: str) -> int:
    """Try what is installed; return 0, or raise at the first thing that is not so."""
    import numpy as np
    from PIL import Image

    import classroom
    import mmcourse
    from mmcourse.world import Scene, Thing, render

    for package in (mmcourse, classroom):
        place = Path(str(package.__file__)).resolve()
        require(
            COURSE not in place.parents, f"{place} is the checkout's, not the installed one"
        )
    require(run("--version") == f"mmcourse {version}\n", "--version says another edition")
    require("search" in run("--help"), "--help does not list search")
    with tempfile.TemporaryDirectory() as folder:
        for kind, colour in (("bus", "red"), ("boat", "blue"), ("house", "red")):
            thing = Thing(kind=kind, colour=colour, size=0.35, position=(0.5, 0.6))
            picture = render(Scene(setting="plain", objects=(thing,)), 128)
            Image.fromarray(np.asarray(picture)).save(Path(folder) / f"{kind}.png")
        said = run("search", folder, "a red bus", "--model", "tiny", "--json")
    best = json.loads(said)["results"][0]["path"]
    require(best == "bus.png", f"a red bus is not found first, but {best}")
    print(f"mmcourse {version} works in {sys.prefix}")
    return 0


def run(*words: str) -> str:
    """Return what a command prints; -I is deaf to PYTHONUTF8, and -X utf8 is not."""
    command = [sys.executable, "-X", "utf8", "-I", "-m", "mmcourse", *words]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def require(so: bool, otherwise: str) -> None:  # noqa: FBT001
    """Raise SystemExit with a word where something is not so."""
    if not so:
        raise SystemExit(f"smoke: {otherwise}.")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
