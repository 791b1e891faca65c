"""One address into one file, going on where an earlier try was cut.

A cut transfer leaves its bytes in the file; the next asks for the rest by a range request
(RFC 9110, section 14), and gets it only of the same version, by If-Range, where the server
names versions (ETag). The standard library does the talking: it follows redirects and honours
the environment's proxies, and none of the HTTP packages that are installed anyway resumes a
file by itself. Leaves out whether the bytes are the right ones (`download`).
"""

import errno
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import final
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from tqdm.auto import tqdm  # type: ignore[import-untyped]

PIECE = 1 << 16
"""Bytes that are read at a time: no more are lost by a cut."""

PASSING = (408, 425, 429, 500, 502, 503, 504)
"""The refusals of a server after which trying again makes sense (RFC 9110, section 15)."""


def transfer(url: str, file: Path, *, timeout: float, pauses: Sequence[float]) -> bool:
    """Fill a file from an address, and return whether all of it came in one piece.

    A try that fails is followed by another after a pause; one that brought something on
    starts the pauses anew. Where nothing was reached at all, there is no second try.

    Args:
        url: the address.
        file: what it holds already counts as the beginning. An error leaves what came.
        timeout: seconds without a byte that count as a cut.
        pauses: seconds before the second try, the third, …

    Raises:
        ConnectionError: the address was not reached, refuses, or cuts every time.
        OSError: the file cannot be written, or there is no space; what came is then dropped.
    """
    at_first = furthest = size(file)
    left = iter(pauses)
    while True:
        try:
            return _receive(url, file, timeout)
        except _CutError as cut:
            if size(file) > furthest:
                furthest, left = size(file), iter(pauses)
            pause = next(left, None) if cut.passing or furthest > at_first else None
            if pause is None:
                raise ConnectionError(str(cut)) from cut
        time.sleep(pause)


def drop(file: Path) -> None:
    """Remove a file that was filled in part, if it is there, and what is known of it."""
    file.unlink(missing_ok=True)
    _tag(file).unlink(missing_ok=True)


def size(file: Path) -> int:
    """Return how many bytes a file has, 0 if there is none."""
    return file.stat().st_size if file.exists() else 0


@final
class _CutError(Exception):
    """A try that did not bring all; `passing` if another might."""

    def __init__(self, reason: object, *, passing: bool) -> None:
        super().__init__(str(reason) or type(reason).__name__)
        self.passing = passing


def _tag(file: Path) -> Path:
    """Return the file that holds the name of the version that another one holds a part of."""
    return file.with_name(f"{file.name}.etag")


def _version(file: Path) -> str | None:
    """Return the name of the version that a file holds a part of, if it is noted and whole."""
    noted = _tag(file).read_text(encoding="latin-1") if _tag(file).exists() else ""
    return noted if re.fullmatch(r'"[!#-~\x80-\xff]*"', noted) else None


def _receive(url: str, file: Path, timeout: float) -> bool:
    """Receive what a file lacks, and return whether that was all of it."""
    have = size(file)
    response = _ask(url, file, have, timeout)
    if response is None:
        return False
    with response:
        start, total = _range(response)
        if start not in (0, have):
            drop(file)
            raise _CutError("the server sent another part than the one asked for", passing=True)
        if total is not None:
            _check_space(file.parent, total - have)
        if start == 0:
            _begin(file, response.headers.get("ETag", ""))
        _write(response, file, start, total)
    if total is not None and size(file) != total:
        raise _CutError(f"cut after {size(file):,} of {total:,} bytes", passing=True)
    return start == 0


def _ask(url: str, file: Path, have: int, timeout: float) -> HTTPResponse | None:
    """Return the answer to a request for what a file lacks, None if it lacks nothing."""
    request = Request(url, headers={"User-Agent": "mmcourse"})
    if have:
        request.add_header("Range", f"bytes={have}-")
        if version := _version(file):
            request.add_header("If-Range", version)
    try:
        # A new one each time: urlopen keeps the proxies of its first call for ever.
        return build_opener().open(request, timeout=timeout)
    except HTTPError as error:
        error.close()
        if have and error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return None  # nothing lies beyond; whether it is right, the hash tells
        raise _CutError(
            f"the server answers {error.code} {error.reason}", passing=error.code in PASSING
        ) from error
    except URLError as error:  # no name, no route, no certificate
        raise _CutError(error.reason, passing=False) from error
    except (OSError, HTTPException) as error:
        raise _CutError(error, passing=True) from error


def _range(response: HTTPResponse) -> tuple[int, int | None]:
    """Return the first byte that an answer holds, and how many the whole has, if it says so."""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        said = re.fullmatch(
            r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", "")
        )
        if said is None:
            return -1, None
        return int(said[1]), None if said[2] == "*" else int(said[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _begin(file: Path, version: str) -> None:
    """Empty a file, and note which version its bytes will be of, if that can be compared."""
    drop(file)
    if version.startswith('"'):  # W/"…" names content that is only much the same
        _tag(file).write_text(version, encoding="latin-1")


def _check_space(folder: Path, needed: int) -> None:
    if needed > shutil.disk_usage(folder).free:
        raise _no_space(folder, needed)


def _no_space(folder: Path, needed: int | None) -> OSError:
    free = f"{shutil.disk_usage(folder).free / 1e6:.1f} MB are free"
    more = "" if needed is None else f", {needed / 1e6:.1f} MB are needed"
    return OSError(errno.ENOSPC, f"no space left: {free}{more}")


def _write(response: HTTPResponse, file: Path, start: int, total: int | None) -> None:
    """Append an answer's bytes to a file, under a progress bar."""
    # None shows it on a terminal and in a notebook, and writes it into no file or pipe.
    bar = tqdm(
        total=total, initial=start, unit="B", unit_scale=True, desc=file.stem, disable=None
    )
    try:
        with bar, file.open("ab") as out:
            for piece in _pieces(response):
                out.write(piece)
                bar.update(len(piece))
    except OSError as error:
        drop(file)  # a full disk is given back what it had
        if error.errno == errno.ENOSPC:
            raise _no_space(file.parent, total) from error
        raise


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := response.read(PIECE):
            yield piece
    except (OSError, HTTPException) as error:
        raise _CutError(error, passing=True) from error
