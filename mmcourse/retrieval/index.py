"""An index: pictures encoded once, then found by text, by picture or by both.

As with CLIP's classifiers (arXiv 2103.00020, section 3.1.2), embeddings are computed once and
kept; a search is a product with a matrix. Leaves out looking at fewer rows (`approximate`).
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int, Num
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP, Preprocess
from mmcourse.retrieval.album.build import alone, make
from mmcourse.retrieval.album.encode import Preparing, encoder
from mmcourse.retrieval.album.file import read, write
from mmcourse.retrieval.album.fingerprint import check_fingerprint
from mmcourse.retrieval.album.items import Hit, Item
from mmcourse.retrieval.album.sources import gather
from mmcourse.retrieval.album.stored import Stored
from mmcourse.retrieval.exact import nearest_rows
from mmcourse.retrieval.queries import vector
from mmcourse.retrieval.vectors import in_memory, summed, unit_rows


@final
class Index:
    """Unit vectors of pictures, and their names; made by `build`, `open` or `from_features`."""

    @checked
    def __init__(
        self,
        stored: Stored,
        model: CLIP | None = None,
        preprocess: Preparing | None = None,
        path: Path | None = None,
    ) -> None:
        if model is not None and preprocess is None:
            preprocess = Preprocess(model.visual.input_resolution)
        self._stored, self._model, self._preprocess = stored, model, preprocess
        self.items, self.features, self.skipped = stored.items, stored.features, stored.skipped
        self.folder, self.model_name, self.path = stored.folder, stored.model_name, path

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Index({len(self):,} items, vectors of {self.features.shape[1]})"

    @classmethod
    @checked
    def build(  # noqa: PLR0913 - one flag for each thing that a caller decides
        cls,
        model: CLIP,
        preprocess: Preparing,
        source: Any,
        *,
        batch: int = 64,
        path: str | os.PathLike[str] | None = None,
        progress: bool = True,
        threads: int | None = None,
        model_name: str | None = None,
    ) -> "Index":
        """Return an index of a folder, of files, or of pictures.

        What cannot be read is listed in `skipped`, and stops nothing. With a path, the index is
        kept there, a build that was killed goes on where it was, and a file that the index
        knows, with the same size and time of last change, is not opened again. Resumed, with as
        many threads of torch and the same `batch`, an index is that of an undisturbed build,
        bit by bit. Brought up to date, its vectors are a fresh one's up to rounding, since how
        a model rounds depends on how many pictures it is given.

        Args:
            model: a CLIP in evaluation mode.
            preprocess: what makes a picture ready for it, as from `clip.load`.
            source: the path of a folder (see `folder`), a list of paths, Pillow pictures or
                uint8 arrays (height, width, 3), or one array of (n, height, width, 3).
            batch: how many pictures the model takes at a time.
            path: where the index is kept, such as `default_path(…)`, in a folder that is made
                if need be. Beside it lie an empty `.lock`, and a journal until all is done.
            progress: show a bar.
            threads: that decode; None takes one for each core, eight at most.
            model_name: what the file is to call the model. An index of the same name and
                other weights is built anew.

        Raises:
            TypeError: `source` is none of these.
            ValueError: there is no such folder, an array has another shape, the model is in
                training mode, or the file at `path` is damaged, another model's, or no index.
            BlockingIOError: another build is at work on `path`.
            OSError: the folder cannot be read, or nothing can be written at `path`.
        """
        by = encoder(model, preprocess, model_name, batch, threads, progress=progress)
        where = None if path is None else Path(path)
        return cls(make(by, gather(source), path=where), model, preprocess, where)

    @classmethod
    @checked
    def from_features(
        cls,
        features: Num[np.ndarray | Tensor, "n dim"],
        items: Iterable[Item] | None = None,
        *,
        model: CLIP | None = None,
        preprocess: Preparing | None = None,
    ) -> "Index":
        """Return an index of vectors that were computed elsewhere; they need not be unit.

        Args:
            features: a row for each item.
            items: their names; None takes the numbers of the rows.
            model: whose vectors they are; without one, only vectors can be looked for.
            preprocess: what makes a picture ready for it; None makes it from the model.

        Raises:
            TypeError: no array or tensor of real numbers, or an item neither text nor number.
            ValueError: a row is zero, NaN or infinite, or there are not as many items as rows.

        >>> index = Index.from_features(np.array([[3.0, 4.0], [0.0, 2.0]]), ["a", "b"])
        >>> index.search(np.array([0.0, 1.0]), k=1)
        [Hit(item='b', score=1.0)]
        """
        return cls(in_memory(features, items, model), model, preprocess)

    @classmethod
    @checked
    def open(
        cls,
        path: str | os.PathLike[str],
        model: CLIP | None = None,
        preprocess: Preparing | None = None,
        *,
        mapped: bool = False,
    ) -> "Index":
        """Return the index in a file, after checking all of it; nothing in it can run.

        Args:
            path: of the file.
            model: the one that it was built with; None allows to search for vectors alone.
            preprocess: as for `from_features`.
            mapped: leave the vectors on disk, which a search then reads: for more of them than
                memory holds. Only the rest is checked.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is no index, damaged, of another version, or of another model.
        """
        stored = read(Path(path), mapped=mapped)
        if model is not None:
            check_fingerprint(stored.fingerprint, model, f"{path} (by {stored.model_name})")
        return cls(stored, model, preprocess, Path(path))

    @checked
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index into a file, which appears whole or not at all.

        Raises:
            ValueError: there is a file that is no index.
            OSError: it cannot be written, or a build is at work on it.
        """
        with alone(Path(path)):
            write(Path(path), self._stored)

    @checked
    def update(
        self,
        source: Any = None,
        *,
        batch: int = 64,
        progress: bool = True,
        threads: int | None = None,
    ) -> "Index":
        """Return the index of what there is now; it is saved if this one has a file.

        Args:
            source: as for `build`; None takes the folder that was indexed.
            batch: as for `build`.
            progress: as for `build`.
            threads: as for `build`.

        Raises:
            ValueError: there is no source or no model; or as for `build`.
            OSError: as for `build`.
        """
        if self._model is None or self._preprocess is None:
            raise ValueError(
                "Index.update: a model must encode what is new; this index has none; pass it "
                "to Index.open."
            )
        if source is None and self.folder is None:
            raise ValueError(
                "Index.update: source must say what to look at, as this index is of no folder; "
                "pass the list it was built from."
            )
        mine = (self._model, self._preprocess, self.model_name)
        with speaking_as("Index.update", "Index.build"):
            by = encoder(*mine, batch, threads, progress=progress)
            current = gather(self.folder if source is None else source)
        stored = make(by, current, old=self._stored, path=self.path)
        return Index(stored, by.model, by.preprocess, self.path)

    @checked
    def vector(self, query: Any) -> Float[np.ndarray, " dim"]:
        """Return the unit vector that `search` looks for; takes and refuses what it does."""
        return self._vector("Index.vector", query)

    def _vector(self, operation: str, query: Any) -> Float[np.ndarray, " dim"]:
        dim = self.features.shape[1]
        return vector(operation, query, self._model, self._preprocess, dim=dim)

    @checked
    def search(self, query: Any, k: int = 10) -> list[Hit]:
        """Return the `k` items nearest to a query, the best first; all of them, if k is more.

        Among equal scores the lowest row comes first.

        Args:
            query: a text; a Pillow picture; the path of one, as a pathlib.Path, since a str is
                a text; a picture's uint8 array (height, width, 3); or a vector (dim,).
            k: how many at most.

        Raises:
            TypeError: `query` is none of these, or `k` no whole number.
            ValueError: a text is empty or too long, a file no picture, a vector zero, not
                finite or of another dim, there is no model, or `k` is below 1.
        """
        k = whole("Index.search", "k", k, least=1)
        query = self._vector("Index.search", query)
        scores, rows = nearest_rows(query[None], self.features, k)
        return [
            Hit(self.items[row], score)
            for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        ]

    @checked
    def search_many(
        self, queries: Num[np.ndarray | Tensor, "queries dim"], k: int = 10
    ) -> tuple[Float[np.ndarray, "queries found"], Int[np.ndarray, "queries found"]]:
        """Return the `k` highest cosines of each query, highest first, and their rows.

        Raises:
            TypeError: no array or tensor of real numbers, or `k` no whole number.
            ValueError: a query is zero, not finite or of another dim, or `k` is below 1.
        """
        k = whole("Index.search_many", "k", k, least=1)
        vectors = unit_rows("Index.search_many", queries, dim=self.features.shape[1])
        return nearest_rows(vectors, self.features, k)

    @checked
    def compose(
        self,
        *,
        image: Any = None,
        like: Item | None = None,
        plus: str | Sequence[str] = (),
        minus: str | Sequence[str] = (),
    ) -> Float[np.ndarray, " dim"]:
        """Return the direction of a picture, with texts added or taken away; all of length 1.

        Args:
            image: a picture, as for `search`.
            like: an item of this index, whose vector is used.
            plus: texts that are added.
            minus: texts that are taken away.

        Raises:
            TypeError: `image` is no picture.
            ValueError: nothing is passed or left, `like` is no item, or a part is refused.
        """
        plus, minus = ([each] if isinstance(each, str) else each for each in (plus, minus))
        if isinstance(image, str):
            raise TypeError(
                "Index.compose: image must be a picture, or the pathlib.Path of one; got the "
                f"text {image!r:.40}; a text goes to plus=."
            )
        added = [] if image is None else [self._vector("Index.compose", image)]
        if like is not None:
            if like not in self.items:
                raise ValueError(f"Index.compose: like must be an item; got {like!r}.")
            added.append(self.features[self.items.index(like)])
        added += [self._vector("Index.compose", text) for text in plus]
        return summed(added, [self._vector("Index.compose", text) for text in minus])
