"""Search that does not look at every number, by faiss: for millions of vectors.

Five of its indexes (Johnson, Douze and Jégou, arXiv 1702.08734), behind the calls of `Index`:

- `"flat"` looks at every row; exact but for rounding, and what the others are measured by.
- `"half"` looks at every row, but keeps the upper 16 of 32 bits of each number (bfloat16).
  What may be among the best by these is compared again in full, so that it is exact, too.
- `"ivf"` sorts rows into lists around centres, and looks only into the lists nearest to a
  query (an inverted file).
- `"pq"` does that too, and keeps one byte for every 8 numbers instead of 32: the number of the
  nearest of 256 typical pieces (product quantisation).
- `"hnsw"` links rows to their neighbours and walks along the links (arXiv 1603.09320).

Needs the extra `scale`. Leaves out GPUs.
"""

import os
from pathlib import Path
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.retrieval.album.items import Hit
from mmcourse.retrieval.exact import best_of_rows
from mmcourse.retrieval.faiss_files import read, write
from mmcourse.retrieval.faiss_kinds import LINKS, Kind, filled, require_kind, using, usual_lists
from mmcourse.retrieval.index import Index
from mmcourse.retrieval.vectors import unit_rows

PROBES = {"ivf": 8, "pq": 8, "hnsw": 64}
"""What `probes` is where nobody says; the other kinds have none."""

HALF = 2.0**-7 + 1e-4
"""How far a cosine of upper 16 bits may be off: either vector by 2⁻⁸ of itself, and sums."""


@final
class FaissIndex:
    """What faiss made of the vectors of an `Index`, which still reads queries.

    `probes` and `again`, as for `build`, may be set anew at any time.
    """

    @checked
    def __init__(
        self,
        index: Index,
        kind: Kind,
        inner: Any,
        count: int | None = None,
        probes: int | None = None,
        again: int = 0,
    ) -> None:
        self.index, self.kind, self.again = index, kind, again
        self.probes = PROBES.get(kind, 0) if probes is None else probes
        self._inner, self._threads = inner, count

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    @checked
    def build(  # noqa: PLR0913 - one flag for each thing that a caller decides
        cls,
        index: Index,
        kind: Kind = "ivf",
        *,
        lists: int | None = None,
        probes: int | None = None,
        again: int = 0,
        seed: int = 0,
        threads: int | None = None,
    ) -> "FaissIndex":
        """Return an approximate index of the same vectors; the same again from the same seed.

        Args:
            index: an exact one, which is kept beside it.
            kind: "flat", "half", "ivf", "pq" or "hnsw".
            lists: into which rows are sorted; None takes 4 √n, or fewer of a small index.
            probes: how many lists a search looks into, or how many rows one of "hnsw" keeps in
                mind; more finds more, and takes longer. None takes 8, or 64 of "hnsw".
            again: so many times k rows are found by "pq" and then compared in full; 0 takes
                the order and the scores of compressed vectors.
            seed: of the centres.
            threads: that faiss uses; None leaves that to faiss. "hnsw" is the same again only
                with one.

        Raises:
            ImportError: faiss is not installed.
            ValueError: `kind` is another, a number is out of range, or there are too few rows
                to learn from: 1 for "ivf", 256 for "pq".
        """
        require_kind(kind, len(index))
        _check("FaissIndex.build", threads=threads, probes=probes, again=again)
        lists = usual_lists(len(index)) if lists is None else lists
        lists = whole("FaissIndex.build", "lists", lists, least=1, most=max(1, len(index)))
        with using(threads):
            inner = filled(kind, index.features, lists, seed)
        return cls(index, kind, inner, threads, probes, again)

    @classmethod
    @checked
    def open(
        cls,
        path: str | os.PathLike[str],
        index: Index,
        *,
        mapped: bool = True,
        probes: int | None = None,
        again: int = 0,
        threads: int | None = None,
    ) -> "FaissIndex":
        """Return what `save` wrote; faiss does not suspect a file, so open only your own.

        Args:
            path: of the file.
            index: the exact one that it was built of, as from `Index.open(…, mapped=True)`.
            mapped: leave the file on disk, of which a search reads what it looks at.
            probes: as for `build`.
            again: as for `build`.
            threads: as for `build`.

        Raises:
            ImportError: faiss is not installed.
            FileNotFoundError: there is no such file.
            ValueError: it is no such index, is of another one, or a number is out of range.
        """
        _check("FaissIndex.open", threads=threads, probes=probes, again=again)
        inner, kind = read(Path(path), index, mapped=mapped)
        return cls(index, kind, inner, threads, probes, again)

    @checked
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what faiss made into a file, which appears whole or not at all.

        The exact vectors and the names are not in it: save the `Index` beside it.

        Raises:
            OSError: it cannot be written.
        """
        write(Path(path), self._inner, self.kind, self.index)

    @property
    def bytes_per_vector(self) -> int:
        """What a row takes in memory: its code, and its number in a list, or its links."""
        more = {"ivf": 8, "pq": 8, "hnsw": 4 * 2 * LINKS}
        code = 4 * self.index.features.shape[1]
        code = code if self.kind == "hnsw" else int(self._inner.code_size)
        return code + more.get(self.kind, 0)

    @checked
    def search(self, query: Any, k: int = 10) -> list[Hit]:
        """Return about the `k` items nearest to a query, the best first; perhaps fewer.

        Scores are cosines; those of "pq" are of vectors that were compressed, unless `again`.

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
        if self.kind == "half":
            return self._exactly(vectors, k)
        if self.again:
            found = self._found(vectors, min(len(self), self.again * k))[1]
            return best_of_rows(vectors, self.index.features, found, k)
        scores, rows = self._found(vectors, k)
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

    def _exactly(self, vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return what exact search does: more are fetched until none can have been missed.

        What was not fetched is at most as near as the last that was, but for rounding.
        """
        fetched = 4 * k
        while True:
            near, rows = self._found(vectors, min(len(self), fetched))
            scores, best = best_of_rows(vectors, self.index.features, rows, k)
            if fetched >= len(self) or bool((scores[:, -1] > near[:, -1] + HALF).all()):
                return scores, best
            fetched *= 4

    def _found(self, vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return what faiss finds."""
        if self.kind == "hnsw":
            self._inner.hnsw.efSearch = self.probes
        elif self.kind in PROBES:
            self._inner.nprobe = self.probes
        with using(self._threads):
            return self._inner.search(vectors, k)


def _check(operation: str, **numbers: int | None) -> None:
    """Refuse numbers that say how to search; None leaves one to us."""
    for name, number in numbers.items():
        if number is not None:
            whole(operation, name, number, least=0 if name == "again" else 1)
