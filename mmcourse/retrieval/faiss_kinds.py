"""faiss's own indexes by kind: empty, and filled with vectors.

Leaves out how they are asked (`approximate`) and kept (`faiss_files`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, get_args

import numpy as np

Kind = Literal["flat", "half", "ivf", "pq", "hnsw"]

LINKS = 32
"""To neighbours, that each row of "hnsw" has on each level; twice as many on the lowest."""

PER_LIST = 39
"""Rows that a centre must be learnt from at least, for faiss not to warn."""

LEARNT_FROM = 64
"""Rows that a centre is learnt from at most: more take longer, and move it little."""

PIECES = 256
"""That a byte can tell apart; as many rows are needed to learn them."""


def filled(kind: Kind, features: np.ndarray, lists: int, seed: int) -> Any:
    """Return an index of faiss that holds vectors, its centres learnt from them."""
    inner = _empty(kind, features.shape[1], lists, seed)
    most = LEARNT_FROM * max(lists, PIECES)
    inner.train(features[:: max(1, len(features) // most)])
    inner.add(features)
    return inner


def usual_lists(rows: int) -> int:
    """Return into how many lists so many rows are sorted: 4 √n, or fewer of a small index."""
    return max(1, min(round(4 * rows**0.5), rows // PER_LIST))


def require_kind(kind: str, rows: int) -> None:
    """Refuse a kind that there is not, and too few rows to learn from.

    Raises:
        ValueError: it is so.
    """
    if kind not in get_args(Kind):
        raise ValueError(
            f"FaissIndex.build: kind must be one of {', '.join(get_args(Kind))}; got {kind!r}."
        )
    least = {"ivf": 1, "pq": PIECES}.get(kind, 0)
    if rows < least:
        raise ValueError(
            f"FaissIndex.build: {kind!r} must have {least} rows to learn from; got "
            f"{rows}; use 'flat', or Index itself."
        )


@contextmanager
def using(count: int | None) -> Iterator[None]:
    """Let faiss use so many threads for a while; None changes nothing."""
    faiss = library()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(before if count is None else count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def library() -> Any:
    """Return faiss.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import faiss
    except ImportError as error:
        raise ImportError(
            "FaissIndex: faiss must be installed; it is not; `pip install faiss-cpu` adds it, "
            'as does the extra: pip install -e ".[scale]". Index needs none.'
        ) from error
    return faiss


def _empty(kind: Kind, dim: int, lists: int, seed: int) -> Any:
    """Return an index of faiss with nothing in it."""
    faiss = library()
    product = faiss.METRIC_INNER_PRODUCT
    if kind == "flat":
        return faiss.IndexFlatIP(dim)
    if kind == "half":
        return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_bf16, product)
    if kind == "hnsw":
        return faiss.IndexHNSWFlat(dim, LINKS, product)
    centres = faiss.IndexFlatIP(dim)
    if kind == "ivf":
        inner = faiss.IndexIVFFlat(centres, dim, lists, product)
    else:
        width = next(width for width in (8, 4, 2, 1) if dim % width == 0)
        inner = faiss.IndexIVFPQ(centres, dim, lists, dim // width, 8, product)
        inner.pq.cp.seed = seed
    inner.cp.seed = seed
    return inner
