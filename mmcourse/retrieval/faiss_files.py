"""An index of faiss in a file, of which a search reads what it looks at.

A file is what faiss writes, and behind it a line of JSON that says which vectors it is of. So
an index of one album is not taken for another's, whose rows have other names. faiss reads
without suspicion, unlike `album.file`: open only what you wrote.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from mmcourse.atomic import whole_file
from mmcourse.retrieval.faiss_kinds import Kind, library
from mmcourse.retrieval.index import Index

FORMAT = "mmcourse faiss 1"
LONGEST_NOTE = 1000
"""Bytes; ours has some hundred."""

SAMPLED = 1024
"""Rows that tell one index's vectors from another's."""


def write(path: Path, inner: Any, kind: Kind, index: Index) -> None:
    """Write an index of faiss and the note behind it; the file appears whole or not at all.

    Raises:
        OSError: it cannot be written there.
    """
    faiss = library()
    note = json.dumps({"format": FORMAT, "kind": kind, "of": mark(index)}).encode()
    with whole_file("FaissIndex", path) as file:
        faiss.write_index(inner, faiss.PyCallbackIOWriter(file.write))
        file.write(note + len(note).to_bytes(8, "little"))


def read(path: Path, index: Index, *, mapped: bool) -> tuple[Any, Kind]:
    """Return the index of faiss in a file, and its kind; mapped, its vectors stay on disk.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no such index, or of other vectors.
    """
    if not path.is_file():
        raise FileNotFoundError(f"FaissIndex.open: expected a file at {path}; found none.")
    note = _note(path)
    if note.get("of") != mark(index):
        raise ValueError(
            f"FaissIndex.open: {path} must be of the vectors and items of this index; got one "
            "of others; build it again."
        )
    faiss, kind = library(), note["kind"]
    in_lists = kind in ("ivf", "pq")  # faiss maps these in a way of their own
    flag = faiss.IO_FLAG_MMAP if in_lists else faiss.IO_FLAG_MMAP_IFC
    return faiss.read_index(str(path), flag if mapped else 0), kind


def mark(index: Index) -> str:
    """Return what tells an index from others: its shape, its items and a sample of its rows."""
    said = hashlib.sha256(repr((index.features.shape, index.items)).encode("utf-8", "replace"))
    rows = np.linspace(0, max(0, len(index) - 1), min(SAMPLED, len(index))).astype(np.int64)
    said.update(np.ascontiguousarray(index.features[rows]).tobytes())
    return said.hexdigest()


def _note(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 8))
        length = int.from_bytes(file.read(8), "little")
        file.seek(max(0, end - 8 - min(length, LONGEST_NOTE)))
        try:
            note = json.loads(file.read(min(length, LONGEST_NOTE)))
        except ValueError:
            note = None
    if not isinstance(note, dict) or note.get("format") != FORMAT:
        raise ValueError(
            f"FaissIndex.open: {path} must be a file that FaissIndex.save wrote, and whole; "
            "got something else; build it again."
        )
    return note
