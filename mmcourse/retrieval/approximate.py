"""Search that does not look at every row, by faiss: for millions of vectors.

Three of its indexes (Johnson, Douze and Jégou, arXiv 1702.08734), behind the calls of `Index`:

- `"flat"` looks at every row; exact but for rounding, and what the others are measured by.
- `"ivf"` sorts rows into lists around centres, and looks only into the lists nearest to a
  query (an inverted file).
- `"pq"` does that too, and keeps one byte for every 8 numbers instead of 32: the number of the
  nearest of 256 typical pieces (product quantisation).

Needs the extra `scale`, and is the only file that does. Leaves out GPUs and files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, final, get_args

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.retrieval.album.items import Hit
from mmcourse.retrieval.index import Index
from mmcourse.retrieval.vectors import unit_rows

Kind = Literal["flat", "ivf", "pq"]

PER_LIST = 39
"""Rows that a centre must be learnt from at least, for faiss not to warn."""

PIECES = 256
"""That a byte can tell apart; as many rows are needed to learn them."""


@final
class FaissIndex:
    """What faiss made of the vectors of an `Index`, which still reads queries."""

    @checked
    def __init__(self, index: Index, kind: Kind, inner: Any, threads: int | None) -> None:
        self.index, self.kind = index, kind
        self._inner, self._threads = inner, threads

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    @checked
    def build(
        cls,
        index: Index,
        kind: Kind = "ivf",
        *,
        lists: int | None = None,
        probes: int = 8,
        seed: int = 0,
        threads: int | None = None,
    ) -> "FaissIndex":
        """Return an approximate index of the same vectors; the same again from the same seed.

        Args:
            index: an exact one, which is kept beside it.
            kind: "flat", "ivf" or "pq".
            lists: into which rows are sorted; None takes 4 √n, or fewer of a small index.
            probes: how many lists a search looks into; more finds more, and takes longer.
            seed: of the centres.
            threads: that faiss uses; None leaves that to faiss.

        Raises:
            ImportError: faiss is not installed.
            ValueError: `kind` is another, a number is out of range, or there are too few rows
                to learn from: 1 for "ivf", 256 for "pq".
        """
        _check(kind, len(index))
        if threads is not None:
            whole("FaissIndex.build", "threads", threads, least=1)
        usual = max(1, min(round(4 * len(index) ** 0.5), len(index) // PER_LIST))
        lists = usual if lists is None else lists
        lists = whole("FaissIndex.build", "lists", lists, least=1, most=max(1, len(index)))
        probes = whole("FaissIndex.build", "probes", probes, least=1)
        inner = _empty(kind, index.features.shape[1], lists, seed)
        with _threads(threads):
            inner.train(index.features)
            inner.add(index.features)
        if kind != "flat":
            inner.nprobe = min(probes, lists)
        return cls(index, kind, inner, threads)

    @property
    def bytes_per_vector(self) -> int:
        """What a row takes in memory: its code, and in a list its number of 8 bytes."""
        code = int(self._inner.code_size)
        return code if self.kind == "flat" else code + 8

    @checked
    def search(self, query: Any, k: int = 10) -> list[Hit]:
        """Return about the `k` items nearest to a query, the best first; perhaps fewer.

        Scores are cosines; those of "pq" are of vectors that were compressed.

        Args:
            query: as for `Index.search`.
            k: how many at most.

        Raises:
            ValueError: as `Index.search`.
        """
        with (
            speaking_as("FaissIndex.search", "Index.vector"),
            speaking_as("FaissIndex.search", "FaissIndex.search_many"),
        ):
            scores, rows = self.search_many(self.index.vector(query)[None], k)
        return [
            Hit(self.index.items[row], score)
            for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True)
            if row >= 0
        ]

    @checked
    def search_many(
        self, queries: Float[np.ndarray | Tensor, "queries dim"], k: int = 10
    ) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
        """Return about the `k` highest cosines of each query, highest first, and their rows.

        Where too few were found, the row is -1 and the score -1.

        Raises:
            ValueError: as `Index.search_many`.
        """
        k = min(whole("FaissIndex.search_many", "k", k, least=1), len(self))
        vectors = unit_rows("FaissIndex.search_many", queries, dim=self.index.features.shape[1])
        if not k or not len(vectors):
            shape = (len(vectors), k)
            return np.empty(shape, np.float32), np.empty(shape, np.int64)
        with _threads(self._threads):
            scores, rows = self._inner.search(vectors, k)
        return scores.clip(-1, 1), rows

    @checked
    def measured_recall(
        self, queries: Float[np.ndarray | Tensor, "queries dim"], k: int = 10
    ) -> float:
        """Return the share of the exact `k` nearest rows that are found, from 0 to 1.

        Raises:
            ValueError: as `Index.search_many`; or there is no query or no row.
        """
        _, exact = self.index.search_many(queries, k)
        if not exact.size:
            raise ValueError(
                "FaissIndex.measured_recall: there must be queries and rows; got "
                f"{exact.shape}."
            )
        _, found = self.search_many(queries, k)
        both = (np.intersect1d(*pair).size for pair in zip(exact, found, strict=True))
        return sum(both) / exact.size


def _check(kind: str, rows: int) -> None:
    if kind not in get_args(Kind):
        raise ValueError(
            f"FaissIndex.build: kind must be one of {', '.join(get_args(Kind))}; got {kind!r}."
        )
    least = {"flat": 0, "ivf": 1, "pq": PIECES}[kind]
    if rows < least:
        raise ValueError(
            f"FaissIndex.build: {kind!r} must have {least} rows to learn from; got "
            f"{rows}; use 'flat', or Index itself."
        )


def _empty(kind: Kind, dim: int, lists: int, seed: int) -> Any:
    """Return an index of faiss with nothing in it."""
    faiss = _faiss()
    if kind == "flat":
        return faiss.IndexFlatIP(dim)
    centres = faiss.IndexFlatIP(dim)
    if kind == "ivf":
        inner = faiss.IndexIVFFlat(centres, dim, lists, faiss.METRIC_INNER_PRODUCT)
    else:
        width = next(width for width in (8, 4, 2, 1) if dim % width == 0)
        inner = faiss.IndexIVFPQ(
            centres, dim, lists, dim // width, 8, faiss.METRIC_INNER_PRODUCT
        )
        inner.pq.cp.seed = seed
    inner.cp.seed = seed
    return inner


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """Let faiss use so many threads for a while; None changes nothing."""
    faiss = _faiss()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(before if count is None else count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _faiss() -> Any:
    try:
        import faiss
    except ImportError as error:
        raise ImportError(
            "FaissIndex: faiss must be installed; it is not; `pip install faiss-cpu` adds it, "
            'as does the extra: pip install -e ".[scale]". Index needs none.'
        ) from error
    return faiss
