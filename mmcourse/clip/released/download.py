"""A release's file by name: where OpenAI's package keeps it, and the very one they published.

A file goes by its final name only once its SHA-256 is right, and is hashed again each time it
is asked for, as in OpenAI's `clip.load`. Differs from theirs: a cut download is continued
(`transfer`), two processes do not write into each other's file, and whoever has no network is
told how to put the file there by hand. Leaves out any model but the releases.
"""

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.checkpoints import sha256
from mmcourse.clip.released.releases import Release
from mmcourse.clip.released.transfer import drop, size, transfer
from mmcourse.home import from_home
from mmcourse.locked import attempt

CACHE = "~/.cache/clip"
"""The folder of OpenAI's package."""


def download(
    release: Release,
    folder: str | os.PathLike[str] = CACHE,
    *,
    timeout: float = 20,
    pauses: Sequence[float] = (1, 2, 4),
) -> Path:
    """Return a release's file, after fetching it if it is not there yet.

    Nothing is written but the file, and beside it `.partial` and `.partial.etag`, which are
    gone when it is whole, and an empty `.lock`, which stays.

    Args:
        release: one of `releases.RELEASES`.
        folder: where it is kept; made if it is missing.
        timeout: seconds without a byte after which a try counts as cut.
        pauses: seconds between tries that bring nothing new.

    Raises:
        ConnectionError: it is not there, and its address cannot be reached or refuses.
        ValueError: what came has another SHA-256; it was removed.
        OSError: it cannot be kept there, because there is no space, say.
    """
    remedy = "set HOME to a folder that can be written, or name another as download_root"
    path = from_home("download", folder, remedy) / release.file
    try:
        if _is_right(path, release):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            if not _is_right(path, release):  # another process may have fetched it meanwhile
                _warn_of_another(path, release)
                _fetch(release, path, timeout, pauses)
    except ConnectionError:
        raise
    except OSError as error:
        raise OSError(
            error.errno,
            f"download: {release.file} must be kept in {path.parent}; {error.strerror or error}"
            f"{f': {error.filename}' if error.filename else ''}; mend that, or name another "
            "folder as download_root.",
        ) from error
    return path


def _is_right(path: Path, release: Release) -> bool:
    """Return whether a file is the release's; a folder of its name cannot be."""
    return path.exists() and sha256(path) == release.sha256


def _warn_of_another(path: Path, release: Release) -> None:
    if path.exists():
        warnings.warn(
            f"download: {path} must have the SHA-256 {release.sha256}; it has another, so it "
            f"is not used; fetching OpenAI's {release.name} in its place.",
            stacklevel=4,
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from fetching the same file; one that dies lets go."""
    place = path.with_name(f"{path.name}.lock")
    if (lock := attempt(place)) is None:
        tqdm.write(f"waiting for another process that fetches {path.name} …", file=sys.stderr)
        lock = FileLock(place)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _fetch(release: Release, path: Path, timeout: float, pauses: Sequence[float]) -> None:
    """Fetch a file under another name, and give it its own once it is whole."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        in_one_piece = transfer(release.url, partial, timeout=timeout, pauses=pauses)
        if not in_one_piece and sha256(partial) != release.sha256:
            drop(partial)  # its beginning was of something else
            transfer(release.url, partial, timeout=timeout, pauses=pauses)
    except ConnectionError as error:
        raise ConnectionError(_by_hand(release, path, partial, error)) from error
    if (found := sha256(partial)) != release.sha256:
        count = size(partial)
        drop(partial)
        raise ValueError(
            f"download: {release.url} must give a file whose SHA-256 is {release.sha256}; got "
            f"{count:,} bytes with {found}, which were removed; a proxy may have answered in "
            "its place, or have cut it: try again, or another network."
        )
    partial.replace(path)
    drop(partial)


def _by_hand(release: Release, path: Path, partial: Path, error: ConnectionError) -> str:
    """Return what to do without a connection."""
    kept, there = size(partial), path.exists()
    return (
        f"download: OpenAI's {release.name} must come from {release.url}; {error}. By hand: "
        f"fetch this address where there is a network, and put the file at {path}; it has "
        f"about {release.size / 1e6:.0f} MB, and the SHA-256 {release.sha256}."
        + (f" {kept / 1e6:.0f} MB came so far; the next call goes on there." if kept else "")
        + (" The file that is there has another SHA-256 and is not used." if there else "")
    )
