"""What an index consists of, without the model that reads queries."""

from dataclasses import dataclass, fields
from typing import final

import numpy as np
from jaxtyping import Float

from mmcourse.retrieval.album.items import Item, Skipped, Stamp


@final
@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the file of an index holds.

    Args:
        features: a row for each item.
        items: their names.
        stamps: one for each item; None for what was no file.
        skipped: what was left out.
        fingerprint: of the model, or None.
        model_name: as its user calls it, or None.
        folder: the absolute path that items are relative to, or None.
        failed_stamps: of what was skipped; None for what is to be tried again, or is no file.
        readers: what read the files: others may read what was skipped.
    """

    features: Float[np.ndarray, "n dim"]
    items: tuple[Item, ...]
    stamps: tuple[Stamp | None, ...]
    skipped: tuple[Skipped, ...]
    fingerprint: str | None
    model_name: str | None
    folder: str | None
    failed_stamps: tuple[Stamp | None, ...] = ()
    readers: str | None = None

    def equals(self, other: "Stored") -> bool:
        """Return whether nothing differs, to the last bit."""
        names = [each.name for each in fields(self) if each.name != "features"]
        return all(getattr(self, name) == getattr(other, name) for name in names) and (
            np.array_equal(self.features, other.features)
        )
