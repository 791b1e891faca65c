"""The rows of an index while it is built: filled in any order, then closed up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import final

import numpy as np

from mmcourse.retrieval.album.encode import Batch
from mmcourse.retrieval.album.items import Skipped, Stamp
from mmcourse.retrieval.album.journal import Outcome
from mmcourse.retrieval.album.sources import Source
from mmcourse.retrieval.album.stored import Stored

PASSING = ("no file", "one that memory has no room for")
"""How reasons begin that may be gone at the next try, though the file is the same."""


@final
class Table:
    """A row for each entry of a source, to be filled in any order."""

    def __init__(self, source: Source, dim: int) -> None:
        self.source = source
        self._features = np.empty((len(source.entries), dim), np.float32)
        self._reasons: list[str | None] = [None] * len(source.entries)
        self._done = np.zeros(len(source.entries), bool)
        self._known: frozenset[Skipped] = frozenset()
        self._places: dict[object, list[int]] = defaultdict(list)
        for place, entry in enumerate(source.entries):
            if entry.stamp is not None:
                self._places[entry.item, entry.stamp].append(place)

    def take_over_all(self, old: Stored, readers: str) -> None:
        """Fill the rows of all files that an older index knows, vectors and failures."""
        self._known = frozenset(old.skipped)
        for item, stamp, vector in zip(old.items, old.stamps, old.features, strict=True):
            if stamp is not None:
                self.take_over((str(item), stamp, vector))
        if old.readers == readers:
            for failed, stamp in zip(old.skipped, old.failed_stamps, strict=True):
                if stamp is not None:
                    self.take_over((str(failed.path), stamp, failed.reason))

    def take_over(self, outcome: Outcome) -> None:
        """Fill the rows of a file, if it is in the source and has not changed."""
        path, stamp, result = outcome
        for place in self._places.get((path, stamp), ()):
            self._fill(place, result)

    def left(self) -> list[int]:
        """Return the places that are not filled yet, rising."""
        return np.flatnonzero(~self._done).tolist()

    def fill(self, places: Sequence[int], batch: Batch) -> None:
        """Fill the rows of entries that were encoded."""
        rows = iter(batch.vectors)
        for place, reason in zip(places, batch.reasons, strict=True):
            self._fill(place, next(rows) if reason is None else reason)

    def stored(self, *, fingerprint: str, model_name: str | None, readers: str) -> Stored:
        """Return the rows that have a vector, in order, and what was skipped."""
        entries = self.source.entries
        kept = [place for place, reason in enumerate(self._reasons) if reason is None]
        for row, place in enumerate(kept):  # in place: there may be gigabytes
            if row != place:
                self._features[row] = self._features[place]
        skipped = self._skipped()
        return Stored(
            features=self._features[: len(kept)],
            items=tuple(entries[place].item for place in kept),
            stamps=tuple(entries[place].stamp for place in kept),
            skipped=tuple(each for each, _ in skipped),
            failed_stamps=tuple(stamp for _, stamp in skipped),
            fingerprint=fingerprint,
            model_name=model_name,
            folder=self.source.folder,
            readers=readers,
        )

    def _skipped(self) -> list[tuple[Skipped, Stamp | None]]:
        """Return what has no vector, by path, with stamps where it is not to be retried."""
        found: list[tuple[Skipped, Stamp | None]] = [
            (each, None) for each in self.source.skipped
        ]
        for entry, reason in zip(self.source.entries, self._reasons, strict=True):
            if reason is not None:
                lasting = not reason.startswith(PASSING)
                found.append((Skipped(entry.item, reason), entry.stamp if lasting else None))
        found.sort(key=lambda each: _by_path(each[0]))
        return [(replace(each, remembered=each in self._known), stamp) for each, stamp in found]

    def _fill(self, place: int, result: np.ndarray | str) -> None:
        self._done[place] = True
        if isinstance(result, str):
            self._reasons[place] = result
        else:
            self._features[place] = result


def _by_path(skipped: Skipped) -> tuple[bool, str | int]:
    return isinstance(skipped.path, str), skipped.path
