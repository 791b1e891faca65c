"""The learner's own copies of lessons and exercises, under `my/`.

`my/` mirrors the course: `my/notebooks/02_name.ipynb` is yours, `notebooks/02_name.ipynb`
the course's. A copy is made where there is none and is never written over; a link is a copy,
even while the disk that it points to is away. Commands that run at once take turns; where no
lock is to be had, they still take only names that are free. Leaves out taking a lesson's
later corrections into a copy that you have edited: ask for a fresh one.
"""

import errno
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from classroom.desk import keeping
from mmcourse.atomic import write_whole

ROOT = Path(__file__).resolve().parents[2]
"""The course's folder, where `notebooks/` and `my/` are."""

LOCK = Path("my", ".copies.lock")
TURN_SECONDS = 10.0
"""How long a command waits for another one that makes copies."""


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
        OSError: `my/` cannot be written, or another command does not let go of it.
    """
    known = originals(root)
    with _turn(root):
        return [made for original in known for made in _make_missing(root, original)]


def first_lesson(root: Path = ROOT) -> Path | None:
    """Return the learner's copy of the lowest-numbered lesson, relative to `root`."""
    lessons = [path for path in originals(root) if path.suffix == ".ipynb"]
    return Path("my") / lessons[0] if lessons else None


def fresh(number: str, root: Path = ROOT) -> list[tuple[Path, Path | None]]:
    """Make new copies of one lesson and its exercise.

    Returns (new copy, where the old one is kept now, or None if there was none) for each,
    relative to `root`. An old copy `02_name.ipynb` is kept as `02_name.kept-1.ipynb`, or
    `kept-2` and so on where that name is taken; of a link, the link itself is kept. Where no
    new copy can be made, the old one gets its name back.

    Args:
        number: the lesson's number, such as "02" or "2".
        root: the course's folder.

    Raises:
        ValueError: there is no such lesson.
        OSError: `my/` cannot be written, or another command does not let go of it.
    """
    known = originals(root)
    chosen = [path for path in known if number.isdecimal() and path.name[:2] == number.zfill(2)]
    if not chosen:
        numbers = ", ".join(sorted({path.name[:2] for path in known})) or "none yet"
        raise ValueError(f"fresh: expected a lesson's number ({numbers}); got {number!r}.")
    renewed: list[tuple[Path, Path | None]] = []
    with _turn(root), _telling(lambda: "".join(_old_copy_is(old) for _, old in renewed)):
        for original in chosen:
            renewed.append(_renew(root, original))
    return renewed


def make_folder(root: Path, folder: Path) -> None:
    """Make `folder`, relative to `root`, unless it is there; raise OSError if it cannot be."""
    try:
        (root / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error, _obstacle(root, folder)) from error
    if not os.access(root / folder, os.W_OK):
        raise _cannot_write(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _turn(root: Path) -> AbstractContextManager[object]:
    """Wait until no other command makes copies; our turn ends with the block or the process."""
    try:
        from filelock import FileLock  # not above: the desk starts where packages are broken

        (root / "my").mkdir(exist_ok=True)
        return FileLock(root / LOCK).acquire(timeout=TURN_SECONDS)
    except TimeoutError:
        raise OSError(
            f"copies: another command has been at work in my/ for {TURN_SECONDS:g} s. Let it "
            f"end, or stop it, and try again; if there is none, delete {LOCK.as_posix()}."
        ) from None
    except Exception:  # a broken package, a disk without locks: go on, free names are enough
        return nullcontext()


def _renew(root: Path, original: Path) -> tuple[Path, Path | None]:
    name = Path("my") / original
    with _naming(name):
        kept = keeping.claim(root, name) if os.path.lexists(root / name) else None
    with _telling(lambda: _old_copy_is(kept and keeping.put_back(root, name, kept))):
        with _naming(name):
            if kept and not keeping.keep(root, name, kept):
                kept = None
        _make(root, original)
    return name, kept


@contextmanager
def _telling(where: Callable[[], str]) -> Iterator[None]:
    """Add to what ends the block, Ctrl-C too, where the learner's old copies are."""
    try:
        yield
    except OSError as error:
        raise OSError(f"{error}{where()}") from error
    except BaseException as error:
        error.add_note(f"fresh: stopped.{where()}")
        raise


def _old_copy_is(place: Path | None) -> str:
    return f" Your old copy is {place.as_posix()}." if place else ""


def _make_missing(root: Path, original: Path) -> list[Path]:
    if not os.path.lexists(root / "my" / original):
        return _make(root, original)
    inside = [path for path in _files_in(root, original) if not _is_there(root, path)]
    return [made for path in inside for made in _make(root, path)]


def _is_there(root: Path, original: Path) -> bool:
    """Return whether a file has a copy, or may have one on a disk that is away."""
    above = [root / "my" / folder for folder in original.parents]
    away = any(folder.is_symlink() and not folder.exists() for folder in above)
    return away or os.path.lexists(root / "my" / original)


def _make(root: Path, original: Path) -> list[Path]:
    """Make a copy, whole or not at all; return its files, none where there is one by now."""
    copy = Path("my") / original
    make_folder(root, copy.parent)
    try:
        if (root / original).is_dir():
            return _make_whole(root, original)
        _make_file(root, original, root / copy)
    except FileExistsError:  # another command was faster
        return []
    return [copy]


def _make_whole(root: Path, original: Path) -> list[Path]:
    """Fill a folder that has another name; then it takes its own in one step."""
    files, copy = _files_in(root, original), root / "my" / original
    half = copy.with_name(f".{copy.name}.{secrets.token_hex(8)}.half")
    try:
        for path in files:
            _make_file(root, path, half / path.relative_to(original))
        with _naming(Path("my") / original):
            if files:
                half.rename(copy)  # never over files
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return [Path("my") / path for path in files]


def _make_file(root: Path, original: Path, place: Path) -> None:
    with _naming(Path("my") / original):
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy(root / original, place)


def _files_in(root: Path, folder: Path) -> list[Path]:
    files = (
        path.relative_to(root) for path in sorted((root / folder).rglob("*")) if path.is_file()
    )
    return [path for path in files if not any(part.startswith(".") for part in path.parts)]


def _copy(original: Path, place: Path) -> None:
    content = original.read_bytes()
    if original.suffix == ".ipynb":
        content = _unanswered(content.decode("utf-8")).encode("utf-8")
    write_whole("copies", place, content, replace=False)


def _unanswered(notebook: str) -> str:
    """Return a notebook without outputs: no answer may stand below its question."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Say of a block's errors which path could not be written, but for one that is there."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno == errno.ENOTEMPTY:
            raise FileExistsError(str(error)) from error
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError, obstacle: str = "") -> OSError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "Free some space" if full else "Make the folder my/ writable, or move it away"
    reason = obstacle or f"{error.strerror or error}. {remedy} and try again."
    return OSError(f"copies: cannot write {path.as_posix()}: {reason}")


def _obstacle(root: Path, folder: Path) -> str:
    """Return what stands where a folder must be, and what to do with it."""
    for place in [*reversed(folder.parents), folder]:
        here, named = root / place, place.as_posix()
        if here.is_symlink() and not here.exists():
            what, first = f"a link to {here.readlink()}, which is away", "Connect its disk"
        elif here.is_file():
            what, first = "a file where a folder must be", "Give it another name"
        else:
            continue
        return f"{named} is {what}. {first}, or move it away, and try again."
    return ""
