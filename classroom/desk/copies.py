"""The learner's own copies of lessons and exercises, under `my/`.

`my/` mirrors the course: `my/notebooks/02_name.ipynb` is yours, `notebooks/02_name.ipynb`
the course's. A copy is made where there is none and is never written over. Leaves out
taking a lesson's later corrections into a copy that you have edited: ask for a fresh one.
"""

import errno
import json
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The course's folder, where `notebooks/` and `my/` are."""


def is_course(folder: Path) -> bool:
    """Return whether a folder is the course's: a clone of the repository, with its lessons."""
    return (folder / "notebooks").is_dir()


def no_course(operation: str, folder: Path) -> str:
    """Return what to say where an operation needs the course's folder and has another."""
    return (
        f"{operation}: expected the course's folder, with notebooks/ in it; got {folder}. "
        "Install from a clone of the course: pip install --editable ."
    )


def originals(root: Path = ROOT) -> list[Path]:
    """Return the lessons (files) and exercises (folders), relative to `root`, in order.

    Raises:
        ValueError: `root` is not the course's folder.
    """
    if not is_course(root):
        raise ValueError(no_course("copies", root))
    found = [*root.glob("notebooks/[0-9][0-9]_*.ipynb"), *root.glob("exercises/[0-9][0-9]_*")]
    return sorted((path.relative_to(root) for path in found), key=lambda path: path.name)


def make_missing(root: Path = ROOT) -> list[Path]:
    """Copy into `my/` what is not there yet; return the new files, relative to `root`.

    Raises:
        OSError: `my/` cannot be written.
    """
    return [made for original in originals(root) for made in _copy_missing(root, original)]


def first_lesson(root: Path = ROOT) -> Path | None:
    """Return the learner's copy of the lowest-numbered lesson, relative to `root`."""
    lessons = [path for path in originals(root) if path.suffix == ".ipynb"]
    return Path("my") / lessons[0] if lessons else None


def fresh(number: str, root: Path = ROOT) -> list[tuple[Path, Path | None]]:
    """Make new copies of one lesson and its exercise.

    Returns (new copy, where the old one is kept now, or None if there was none) for each,
    relative to `root`. An old copy `02_name.ipynb` is kept as `02_name.kept-1.ipynb`, or
    `kept-2` and so on where that name is taken.

    Args:
        number: the lesson's number, such as "02" or "2".
        root: the course's folder.

    Raises:
        ValueError: there is no such lesson.
        OSError: `my/` cannot be written.
    """
    known = originals(root)
    chosen = [path for path in known if number.isdecimal() and path.name[:2] == number.zfill(2)]
    if not chosen:
        numbers = ", ".join(sorted({path.name[:2] for path in known})) or "none yet"
        raise ValueError(f"fresh: expected a lesson's number ({numbers}); got {number!r}.")
    return [_renew(root, original) for original in chosen]


def make_folder(root: Path, folder: Path) -> None:
    """Make `folder`, relative to `root`, unless it is there; raise OSError if it cannot be."""
    try:
        (root / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    if not os.access(root / folder, os.W_OK):
        raise _cannot_write(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _renew(root: Path, original: Path) -> tuple[Path, Path | None]:
    copy = Path("my") / original
    kept = _free_name(root, copy) if (root / copy).exists() else None
    if kept:
        try:
            (root / copy).rename(root / kept)
        except OSError as error:
            raise _cannot_write(copy, error) from error
    try:
        _copy_missing(root, original)
    except OSError:
        if kept:  # nothing is taken away where nothing can be given
            (root / kept).rename(root / copy)
        raise
    return copy, kept


def _free_name(root: Path, copy: Path) -> Path:
    count = 1
    while (root / (name := copy.with_name(f"{copy.stem}.kept-{count}{copy.suffix}"))).exists():
        count += 1
    return name


def _copy_missing(root: Path, original: Path) -> list[Path]:
    whole = [original] if (root / original).is_file() else _files_in(root, original)
    missing = [path for path in whole if not (root / "my" / path).exists()]
    for path in missing:
        copy = Path("my") / path
        make_folder(root, copy.parent)
        try:
            _copy(root / path, root / copy)
        except OSError as error:
            raise _cannot_write(copy, error) from error
    return [Path("my") / path for path in missing]


def _files_in(root: Path, folder: Path) -> list[Path]:
    files = (
        path.relative_to(root) for path in sorted((root / folder).rglob("*")) if path.is_file()
    )
    return [path for path in files if not any(part.startswith(".") for part in path.parts)]


def _copy(original: Path, copy: Path) -> None:
    half = copy.with_name(f".{copy.name}.half")  # a copy cut short never looks like a whole one
    if original.suffix == ".ipynb":
        half.write_text(_unanswered(original.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copyfile(original, half)
    half.rename(copy)


def _unanswered(notebook: str) -> str:
    """Return a notebook without outputs: no answer may stand below its question."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _cannot_write(path: Path, error: OSError) -> OSError:
    reason = error.strerror or str(error)
    return OSError(
        f"copies: cannot write {path.as_posix()}: {reason}. "
        "Make the folder my/ writable, or move it away and try again."
    )
