"""A zip that Gradescope takes as an autograder: the course, and two scripts that start it.

Read `setup.sh` first, which prepares Gradescope's container, then `run_autograder`, which
grades one submission in it. Gradescope describes both:
https://gradescope-autograders.readthedocs.io/en/latest/specs/. Leaves out the solutions.
"""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mmcourse.atomic import write_whole

HERE = Path(__file__).parent
SCRIPTS = ("setup.sh", "run_autograder")
PACKAGES = ("classroom", "mmcourse")
OLDEST = (1980, 1, 1, 0, 0, 0)
RUNNABLE, READABLE = 0o100755 << 16, 0o100644 << 16


def write_autograder(exercise: str, root: Path, target: Path) -> Path:
    """Write the zip for an exercise of the course in `root`; the same course, the same bytes.

    Raises:
        ValueError: if the file is not to be called .zip, or is a folder.
        OSError: if it cannot be written.
    """
    if target.suffix.lower() != ".zip" or target.is_dir():
        raise ValueError(
            f"gradescope: expected a file such as {exercise}.zip for --out; got {target}."
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _members(exercise, root):
            info = zipfile.ZipInfo(name, OLDEST)
            info.external_attr = RUNNABLE if name in SCRIPTS else READABLE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole("gradescope", target, stream.getvalue())
    return target


def requirements(root: Path) -> list[str]:
    """Return what the course needs of packages; `constraints.txt` has the pins."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return list(project["project"]["dependencies"])


def _members(exercise: str, root: Path) -> Iterator[tuple[str, bytes]]:
    for name in SCRIPTS:
        yield name, (HERE / name).read_bytes()
    yield "exercise", f"{exercise}\n".encode()
    yield "requirements.txt", "".join(f"{one}\n" for one in requirements(root)).encode()
    yield "course/notebooks/README", b"Lessons are left out: grading needs none.\n"
    for name in ("pyproject.toml", "constraints.txt"):
        yield f"course/{name}", (root / name).read_bytes()
    for folder in (*PACKAGES, f"exercises/{exercise}"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"course/{path.relative_to(root).as_posix()}", path.read_bytes()
