"""From a source to an index: what is known is taken over, and the rest is encoded.

A file is known by its path, its size and the time of its last change; one that could not be
read, too, until something else reads here (`images.readers`). What is left is encoded
in batches in the order of the source, so that a build that was killed ends up with the same
numbers, to the last bit, as one that was not: each finished batch is in the journal as a whole,
and the others are cut as before. Leaves out how files are decoded (`encode`) and searched.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.images import readers
from mmcourse.locked import attempt
from mmcourse.retrieval.album.encode import Encoder, encode
from mmcourse.retrieval.album.file import OtherVersionError, read, refuse_other, write
from mmcourse.retrieval.album.fingerprint import fingerprint
from mmcourse.retrieval.album.journal import Journal
from mmcourse.retrieval.album.sources import Source
from mmcourse.retrieval.album.stored import Stored
from mmcourse.retrieval.album.table import Table


def make(
    by: Encoder, source: Source, *, old: Stored | None = None, path: Path | None = None
) -> Stored:
    """Return what a source holds, without encoding what `old` knows.

    With a path it is kept there, and what that file or the journal of a build that was killed
    knows is not encoded either.

    Raises:
        ValueError: there is a damaged index, another model's, or something else.
        BlockingIOError: another build is at work there.
        OSError: nothing can be written there.
    """
    mark = fingerprint(by.model)
    if path is not None:
        with alone(path):
            return _make_file(by, source, old, path, mark)
    table = begun(by, source, old)
    _encode_left(by, table, None)
    return table.stored(fingerprint=mark, model_name=by.model_name, readers=readers())


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep others from writing an index at the same path; a process that dies lets go.

    Raises:
        ValueError: there is a file that is no index.
        BlockingIOError: another one is at it.
        OSError: nothing can be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_other(path)
    lock = attempt(path.with_name(f"{path.name}.lock"))
    if lock is None:
        raise BlockingIOError(
            f"Index: {path} must have one writer at a time; another build is at work on it; "
            "wait for it, or name another file."
        )
    try:
        yield
    finally:
        lock.release()


def _make_file(
    by: Encoder, source: Source, old: Stored | None, path: Path, mark: str
) -> Stored:
    there = reusable(path, by, mark)
    table = begun(by, source, old or there)
    dim = by.model.text_projection.shape[1]
    # Other readers may read what these could not, so that their journal is another's.
    journal = Journal(path, fingerprint=f"{mark} {readers()}", dim=dim)
    with closing(journal):
        for outcome in journal.replay():
            table.take_over(outcome)
        _encode_left(by, table, journal)
        stored = table.stored(fingerprint=mark, model_name=by.model_name, readers=readers())
        if there is None or not stored.equals(there):
            write(path, stored)
    journal.remove()
    return stored


def begun(by: Encoder, source: Source, old: Stored | None) -> Table:
    """Return the rows of a source, with those filled that an older index has."""
    table = Table(source, by.model.text_projection.shape[1])
    if old is not None:
        table.take_over_all(old, readers())
    return table


def _encode_left(by: Encoder, table: Table, journal: Journal | None) -> None:
    """Encode what is not known yet, and note it in the journal."""
    left = table.left()
    entries = [table.source.entries[place] for place in left]
    batches = encode(by, entries)
    bar = tqdm(
        total=len(left), unit="picture", desc="Encoding", disable=not (by.progress and left)
    )
    with closing(batches), closing(bar):
        for start, batch in zip(range(0, len(left), by.batch), batches, strict=True):
            some = slice(start, start + by.batch)
            table.fill(left[some], batch)
            if journal is not None and all(entry.stamp for entry in entries[some]):
                journal.add(entries[some], batch)
            bar.update(len(batch.reasons))


def reusable(path: Path, by: Encoder, mark: str) -> Stored | None:
    """Return the index at a path, or None if there is none or it is outdated as a whole."""
    if not path.exists():
        return None
    try:
        stored = read(path)
    except OtherVersionError:
        return None
    if stored.fingerprint == mark:
        return stored
    if by.model_name is None or stored.model_name != by.model_name:
        raise ValueError(
            f"Index.build: {path} must be free, or an index by the same model; got one by "
            f"{stored.model_name or 'another'}; remove it, or name another file."
        )
    return None
