"""How search grows with the album, as measured once for lesson 09.

`scripts/measure_search.py` has stored it beside this file. Leaves out the indexes themselves:
a million vectors take 2 GB and a quarter of an hour to build.
"""

from pathlib import Path
from typing import NamedTuple

from mmcourse.boundary.signature import checked
from mmcourse.small.tables import rows

STORED_SEARCHES = Path(__file__).with_name("searches.csv")


class Searched(NamedTuple):
    """One kind of index, of so many vectors of 512 numbers, asked with so much effort.

    Args:
        vectors: how many there are.
        kind: "exact" is `Index`; the others are `FaissIndex`'s.
        probes: lists or places that a question looks at; 0 where it looks at all.
        recall: share of the exact ten that is found.
        ms: milliseconds of one core for a question, in the median of at most 200.
        memory: bytes, opened into memory.
        mapped: bytes that it takes opened by memory map; 0 where it was not.
        built: seconds of one core to build it; 0 for "exact", which is never built.
    """

    vectors: int
    kind: str
    probes: int
    recall: float
    ms: float
    memory: int
    mapped: int
    built: float


@checked
def stored_searches(path: Path = STORED_SEARCHES) -> list[Searched]:
    """Return what `scripts/measure_search.py` has written.

    Raises:
        ValueError: the file holds something else.
    """
    kinds = (int, str, int, float, float, int, int, float)
    return [
        Searched(*row)
        for row in rows("stored_searches", path, Searched._fields, kinds, "measure_search.py")
    ]
