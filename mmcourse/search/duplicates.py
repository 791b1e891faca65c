"""The same file under several names, found once: one name stands for the others.

Copies have one vector, up to rounding, so that they stand side by side in the order of a
search; whether they are copies, their bytes tell. Leaves out pictures that only look alike.
"""

import filecmp
import os
from collections.abc import Sequence
from typing import TypeAlias

from mmcourse.retrieval import Hit

CLOSE = 1e-5
"""Scores of copies differ by rounding alone."""

Folded: TypeAlias = tuple[Hit, tuple[str, ...]]
"""A result, and the names of its copies."""


def folded(hits: Sequence[Hit], folder: str) -> list[Folded]:
    """Return the results of a search, each file once, the best first.

    Args:
        hits: results, the best first.
        folder: that their paths are relative to.
    """
    groups: list[list[Hit]] = []
    for hit in hits:
        near = (each for each in reversed(groups) if each[0].score - hit.score < CLOSE)
        same = next((each for each in near if _same(each[0], hit, folder)), None)
        if same is None:
            groups.append([hit])
        else:
            same.append(hit)
    return [_named(group) for group in groups]


def _named(group: Sequence[Hit]) -> Folded:
    """Return the copy that lies in the fewest folders, then by name, and the others' names."""
    first, *others = sorted(group, key=lambda hit: (str(hit.item).count("/"), str(hit.item)))
    return first, tuple(str(each.item) for each in others)


def _same(one: Hit, other: Hit, folder: str) -> bool:
    first, second = (os.path.join(folder, str(each.item)) for each in (one, other))  # noqa: PTH118
    try:
        return filecmp.cmp(first, second, shallow=False)
    except OSError:  # gone since it was found
        return False
