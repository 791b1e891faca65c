"""Where the index of a folder is kept: in the user's cache, never in the folder."""

import hashlib
import os
import re
import sys
from pathlib import Path

from mmcourse.boundary.signature import checked
from mmcourse.home import from_home
from mmcourse.retrieval.album.file import SUFFIX


@checked
def default_path(folder: str | os.PathLike[str], model_name: str) -> Path:
    """Return where the index of a folder by a model belongs; nothing is made there yet.

    In `XDG_CACHE_HOME` or `~/.cache`, on macOS `~/Library/Caches`, on Windows `LOCALAPPDATA`.
    The name begins with the folder's and the model's; a hash of the folder's real path keeps
    two folders of one name apart, and two ways to one folder together.

    Raises:
        FileNotFoundError: the user has no home folder, and none of these is set.

    >>> default_path("photos/", "ViT-B/32").name[:16]
    'photos-vit-b-32-'
    """
    real = os.path.realpath(folder)
    key = hashlib.sha256(os.fsencode(real) + b"\0" + os.fsencode(model_name)).hexdigest()[:16]
    readable = f"{_plain(os.path.basename(real))}-{_plain(model_name)}".strip("-")  # noqa: PTH119
    return folder_of_indexes() / f"{readable}-{key}{SUFFIX}"


def folder_of_indexes() -> Path:
    """Return where all of them are kept.

    Raises:
        FileNotFoundError: as for `default_path`.
    """
    return _cache() / "mmcourse" / "indexes"


def _cache() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) if local else _in_home("~/AppData/Local")
    if sys.platform == "darwin":
        return _in_home("~/Library/Caches")
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))  # a relative one is to be ignored
    return chosen if chosen.is_absolute() else _in_home("~/.cache")


def _in_home(path: str) -> Path:
    remedy = "set XDG_CACHE_HOME or HOME, or name the index's file (--index PATH)"
    return from_home("default_path", path, remedy)


def _plain(name: str) -> str:
    """Return a name that every file system takes and every shell prints."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[-32:]
