"""What captioning prints: a line for each picture, or JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from mmcourse.terminal import printable

NOT_SURE = "not sure"


@final
@dataclass(frozen=True, kw_only=True)
class Captioned:
    """What is said of one file, or why nothing can be.

    Args:
        path: as it was typed.
        guess: the caption, said or not.
        confidence: the captioner's probability that all of it is right.
        said: whether that is enough.
        distance: from the middle of the drawn world; the border is at 1.
        reason: why the file could not be read.
    """

    path: str
    guess: str = ""
    confidence: float = 0.0
    said: bool = False
    distance: float = 0.0
    reason: str | None = None

    @property
    def foreign(self) -> bool:
        """Whether the picture lies beyond the border."""
        return self.distance > 1


def as_line(one: Captioned, foreign: str) -> str:
    """Return what people read of one picture.

    >>> as_line(Captioned(path="a.png", guess="a red cat", confidence=0.97, said=True), "no")
    'a.png: a red cat (0.97)'
    """
    if one.foreign:
        said = foreign
    else:
        said = f"{one.guess if one.said else NOT_SURE} ({one.confidence:.2f})"
    return f"{printable(one.path)}: {said}"


def as_text(found: Sequence[Captioned], threshold: float) -> str:
    """Return all as JSON; see the docstring of `mmcourse.caption`."""
    return json.dumps(
        {
            "threshold": threshold,
            "captions": [
                {
                    "path": one.path,
                    "caption": one.guess if one.said and not one.foreign else None,
                    "confidence": round(one.confidence, 6),
                    "guess": one.guess,
                    "foreign": one.foreign,
                    "distance": round(one.distance, 6),
                }
                for one in found
                if one.reason is None
            ],
            "skipped": [
                {"path": one.path, "reason": one.reason}
                for one in found
                if one.reason is not None
            ],
        }
    )
