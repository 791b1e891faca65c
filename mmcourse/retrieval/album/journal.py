"""What a build has done so far, so that one that is killed goes on there.

One file beside the index, to which each batch adds a record: two lengths, a checksum, the files
in it and their vectors. A record that was cut short ends what is read, and is written over.
Leaves out what is no file, because nothing would say whether it is still the same.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, final

import numpy as np

from mmcourse.retrieval.album.encode import Batch
from mmcourse.retrieval.album.items import Stamp
from mmcourse.retrieval.album.sources import Entry

Outcome: TypeAlias = tuple[str, Stamp, np.ndarray | str]
"""Path and stamp of a file, and its vector or why it has none."""

SUFFIX = ".mmcourse-journal"
KIND = "mmcourse journal 1"
HEAD = struct.Struct("<QII")
"""Bytes of JSON, bytes of vectors, checksum of both."""


@final
class Journal:
    """The journal of one index; it must be kept from other processes."""

    def __init__(self, index: Path, *, fingerprint: str, dim: int) -> None:
        """Open the journal beside an index, or start one there.

        Raises:
            OSError: it cannot be written.
        """
        self.path = index.with_name(index.name + SUFFIX)
        self._dim = dim
        self._start = {"kind": KIND, "fingerprint": fingerprint, "dim": dim}
        self._file = self.path.open("a+b")
        self._size = self.path.stat().st_size

    def replay(self) -> Iterator[Outcome]:
        """Yield what is known of each file, and forget what no model of this kind wrote."""
        self._file.seek(0)
        end = 0
        for number, (files, vectors) in enumerate(self._records()):
            if number == 0 and files != self._start:
                break
            if number:
                yield from _outcomes(files, vectors)
            end = self._file.tell()
        self._file.truncate(end)
        if not end:
            self._write(self._start, b"")

    def add(self, entries: Sequence[Entry], batch: Batch) -> None:
        """Note what became of some files."""
        files = [
            [entry.item, entry.stamp, reason]
            for entry, reason in zip(entries, batch.reasons, strict=True)
        ]
        self._write(files, batch.vectors.astype("<f4").tobytes())

    def close(self) -> None:
        """Leave the journal for the next build."""
        self._file.close()

    def remove(self) -> None:
        """Close the journal and throw it away: the index holds what it held."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _write(self, said: Any, vectors: bytes) -> None:
        text = json.dumps(said).encode("ascii")
        self._file.write(HEAD.pack(len(text), len(vectors), zlib.crc32(text + vectors)))
        self._file.write(text + vectors)
        self._file.flush()

    def _records(self) -> Iterator[tuple[Any, np.ndarray]]:
        """Yield the JSON and the vectors of each whole record."""
        while len(head := self._file.read(HEAD.size)) == HEAD.size:
            text, vectors, checksum = HEAD.unpack(head)
            if text + vectors > self._size:
                return
            payload = self._file.read(text + vectors)
            if len(payload) != text + vectors or zlib.crc32(payload) != checksum:
                return
            numbers = np.frombuffer(payload, "<f4", vectors // 4, offset=text)
            yield json.loads(payload[:text]), numbers.reshape(-1, self._dim)


def _outcomes(files: Any, vectors: np.ndarray) -> Iterator[Outcome]:
    rows = iter(vectors)
    for path, stamp, reason in files:
        yield path, (stamp[0], stamp[1], stamp[2]), next(rows) if reason is None else reason
