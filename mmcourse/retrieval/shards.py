"""Several indexes searched as if they were one: an album in parts, each on a disk of its own.

Every part is asked for its k best, and the k best of these are kept: what is among the k best
of all is among the k best of its part. Exact where the parts are. Leaves out asking the parts
at the same time, and on other machines.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.retrieval.album.items import Hit
from mmcourse.retrieval.approximate import FaissIndex
from mmcourse.retrieval.index import Index


@final
class Shards:
    """A list of indexes, exact or of faiss, that are searched together.

    A row is counted from the first row of the first part.
    """

    @checked
    def __init__(self, parts: Sequence[Index | FaissIndex]) -> None:
        dims = {_exact(part).features.shape[1] for part in parts}
        if len(dims) != 1:
            raise ValueError(
                "Shards: parts must be indexes of vectors of one length; got "
                f"{sorted(dims) if dims else 'none'}; build them by the same model."
            )
        self.parts = tuple(parts)
        self._starts = list(accumulate(map(len, parts), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    @checked
    def search(self, query: Any, k: int = 10) -> list[Hit]:
        """Return the `k` items nearest to a query, the best first, of whichever part.

        Args:
            query: as for `Index.search`; the first part's model reads it.
            k: how many at most.

        Raises:
            ValueError: as `Index.search`.
        """
        k = whole("Shards.search", "k", k, least=1)
        with speaking_as("Shards.search", "Index.vector"):
            vector = _exact(self.parts[0]).vector(query)
        scores, rows = self.search_many(vector[None], k)
        return [
            Hit(self._item(row), score)
            for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True)
            if row >= 0
        ]

    @checked
    def search_many(
        self, queries: Float[np.ndarray | Tensor, "queries dim"], k: int = 10
    ) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
        """Return the `k` highest cosines of each query, highest first, and their rows.

        Among equal scores the lowest row comes first. Where too few were found, the row is -1
        and the score -1.

        Raises:
            ValueError: as `Index.search_many`.
        """
        k = whole("Shards.search_many", "k", k, least=1)
        with (
            speaking_as("Shards.search_many", "Index.search_many"),
            speaking_as("Shards.search_many", "FaissIndex.search_many"),
        ):
            found = [part.search_many(queries, k) for part in self.parts]
        scores = np.concatenate([of_part for of_part, _ in found], axis=1)
        rows = np.concatenate(
            [
                np.where(of_part < 0, -1, of_part + start)
                for (_, of_part), start in zip(found, self._starts, strict=False)
            ],
            axis=1,
        )
        order = np.argsort(np.where(rows < 0, np.inf, -scores), axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def _item(self, row: int) -> str | int:
        part = int(np.searchsorted(self._starts, row, side="right")) - 1
        return _exact(self.parts[part]).items[row - self._starts[part]]


def _exact(part: Index | FaissIndex) -> Index:
    return part.index if isinstance(part, FaissIndex) else part
