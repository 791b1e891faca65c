"""What listening prints: a line for each three seconds, or JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from mmcourse.terminal import printable

if TYPE_CHECKING:
    from mmcourse.ears import Part

NOT_SURE = "not sure"


@final
@dataclass(frozen=True, kw_only=True)
class Listened:
    """What is heard in one file, or why nothing can be.

    Args:
        path: as it was typed.
        parts: of three seconds each.
        reason: why the file could not be heard.
    """

    path: str
    parts: "tuple[Part, ...]" = ()
    reason: str | None = None


def as_lines(one: Listened, threshold: float, foreign: str) -> list[str]:
    """Return what people read of one recording; times stand there only if it has several parts.

    Args:
        one: of which something was heard.
        threshold: least probability of a sentence that is said.
        foreign: what is said of another world.
    """
    lines = []
    for part in one.parts:
        guess = part.guess if part.confidence >= threshold else NOT_SURE
        said = foreign if part.foreign else f"{guess} ({part.confidence:.2f})"
        when = f" {part.begin:g}-{part.end:g} s" if len(one.parts) > 1 else ""
        lines.append(f"{printable(one.path)}{when}: {said}")
    return lines


def as_text(found: Sequence[Listened], threshold: float) -> str:
    """Return all as JSON; see the docstring of `mmcourse.listen`.

    >>> as_text([], 0.5)
    '{"threshold": 0.5, "recordings": [], "skipped": []}'
    """
    return json.dumps(
        {
            "threshold": threshold,
            "recordings": [
                {"path": one.path, "parts": [_part(part, threshold) for part in one.parts]}
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


def _part(part: "Part", threshold: float) -> dict[str, object]:
    said = part.confidence >= threshold and not part.foreign
    return {
        "begin": round(part.begin, 3),
        "end": round(part.end, 3),
        "caption": part.guess if said else None,
        "confidence": round(part.confidence, 6),
        "guess": part.guess,
        "foreign": part.foreign,
        "distance": round(part.distance, 6),
    }
