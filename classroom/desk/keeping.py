"""How an old copy makes room for a new one, so that nothing is lost whatever else is running.

A copy's name is one that several commands may want, a kept name is one command's alone: it is
claimed with something empty, and the copy is moved onto that. A second name (`os.link`) and a
deletion would not do: what is deleted could by then be another command's new copy. The way
back is the other way round. Leaves out what a copy holds: a link is moved, not its target.
"""

import os
from contextlib import suppress
from pathlib import Path


def claim(root: Path, copy: Path) -> Path:
    """Return the first free name to keep a copy under, taken with something empty.

    Here and below, names are relative to `root`.

    Raises:
        OSError: nothing can be written beside the copy.
    """
    count = 1
    while True:
        kept = copy.with_name(f"{copy.stem}.kept-{count}{copy.suffix}")
        try:
            if _is_folder(root / copy):
                (root / kept).mkdir()
            else:
                (root / kept).open("xb").close()
        except FileExistsError:
            count += 1
        else:
            return kept


def keep(root: Path, copy: Path, kept: Path) -> bool:
    """Move a copy to the name that was claimed; return whether it was still there.

    Raises:
        OSError: the copy cannot be moved.
    """
    try:
        if os.name == "nt" and _is_folder(root / kept):
            (root / kept).rmdir()  # Windows moves a folder to a free name only
        (root / copy).replace(root / kept)
    except (FileNotFoundError, NotADirectoryError):  # taken, and perhaps made anew, by another
        _unclaim(root / kept)
        return False
    return True


def put_back(root: Path, copy: Path, kept: Path) -> Path:
    """Give an old copy its name back if that is free; return where the old copy is.

    A file on a disk without second names stays kept: moved, it could replace a new copy.
    """
    old, place = root / kept, root / copy
    with suppress(OSError):  # then it stays kept
        if os.path.lexists(place):
            _unclaim(old)
        elif _is_folder(old) or os.name == "nt":
            old.rename(place)  # refused where there are files by now
        else:
            os.link(old, place, follow_symlinks=False)
            old.unlink()
    return kept if os.path.lexists(old) else copy


def _unclaim(claimed: Path) -> None:
    """Delete a claim that nothing was moved to; what holds something stays."""
    with suppress(FileNotFoundError):
        if _is_folder(claimed):
            claimed.rmdir()
        elif not claimed.is_symlink() and claimed.lstat().st_size == 0:
            claimed.unlink()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
