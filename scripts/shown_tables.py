"""Tables that lessons show of data that is kept: written into their cells by record_cells.

`07-half-table` is `bench/precision.csv`, in short; `07-published` and `07-published-photos`
are `docs/published.toml`, as is `09-published`.
"""

import sys
from collections.abc import Callable

import make_published
from lessons import ROOT

sys.path.insert(0, str(ROOT))
from bench import precision
from bench.precision import Row

UNITS = {"cpu": "one CPU core", "cuda": "a GPU"}


def half_table() -> str:
    """Return batch 1 and the fastest of every kind of number, then how photos are read."""
    rows = precision.read()
    lines = [
        f"| On | Numbers | Batch | Pictures a second | MB | {precision.PHOTOS:,} photos |",
        "|---|---|---|---|---|---|",
        *(_encoded(row) for row in chosen(rows)),
        "",
        f"| Reading, on | A photo | Photos a second | {precision.PHOTOS:,} photos |",
        "|---|---|---|---|",
        *(_read(row) for row in rows if row.device == "read"),
    ]
    told = sorted({f"{row.machine}, {row.date}" for row in rows})
    return "\n".join(lines) + f"\n\n*Measured on {'; '.join(told)}.*"


def chosen(rows: list[Row]) -> list[Row]:
    """Return for each device and kind of number the line of batch 1, and the fastest."""
    kinds = dict.fromkeys((row.device, row.dtype) for row in rows if row.device != "read")
    found = []
    for kind in kinds:
        those = [row for row in rows if (row.device, row.dtype) == kind]
        fastest = max(those, key=lambda row: row.per_second)
        found += [row for row in those if row.batch == 1 or row is fastest]
    return found


def _encoded(row: Row) -> str:
    memory = row.weights_mb + row.peak_mb
    return (
        f"| {UNITS[row.device]} | {row.dtype} | {row.batch} | {row.per_second:,.1f} "
        f"| {memory:,.0f} | {precision.told(row)} |"
    )


def _read(row: Row) -> str:
    how = {"whole": "whole", "draft": "`at_least=224`"}[row.dtype]
    return f"| one CPU core | {how} | {row.per_second:,.1f} | {precision.told(row)} |"


def published_table() -> str:
    """Return the released models' numbers."""
    return make_published.models_table(make_published.data())


def later_table() -> str:
    """Return the numbers of later models."""
    return make_published.later_table(make_published.data())


def photos_table() -> str:
    """Return ViT-B/32's cosines of the eight photos."""
    return make_published.photos_table(make_published.data())


TABLES: dict[str, Callable[[], str]] = {
    "07-half-table": half_table,
    "07-published": published_table,
    "07-published-photos": photos_table,
    "09-published": later_table,
}
"""What makes each cell."""
