"""The page `RESULTS.md`, made of the records."""

from collections.abc import Sequence
from itertools import groupby

from bench.measure import ROUNDS
from bench.records import Record
from bench.rows import row

HEAD = f"""# Side by side

Written by `make bench`; do not edit. `make bench ARGS="search loss"` measures these rows
alone; `ARGS=--large` adds what takes long. "Times" says how many times faster ours is than the
peer, in the median of {ROUNDS} rounds in which all take turns, and between which values the
rounds lay. Above 1 we are faster. Rates are per second of CPU time on one core (on a GPU, on
the clock), each way's fastest round. "Of the limit" is the share of what this machine could
reach if it did only what cannot be spared, which each table names. Memory is the peak of a
process of its own, beside the data.

![Times faster than each peer, with the spread of the rounds](results.png)
"""
TABLE = """
| What | Ours | Peer | Peer's | Times | Of the limit | Memory, MB: ours, peer's |
|---|---|---|---|---|---|---|
"""


def page(records: Sequence[Record]) -> str:
    """Return the page: one table a row."""
    tables = (table(name, list(some)) for name, some in groupby(records, lambda one: one.row))
    return HEAD + "".join(tables)


def table(name: str, records: Sequence[Record]) -> str:
    """Return the table of one row, with its title, its limit and where it was measured."""
    limits = sorted({one.limit for one in records if one.limit})
    told = f"\nThe limit: {'; '.join(limits)}.\n" if limits else ""
    if note := getattr(row(name), "NOTE", ""):
        told += f"\n{note}\n"
    lines = "".join(map(line, records))
    where = sorted({f"{one.machine}, {one.date}: `{one.command}`" for one in records})
    return (
        f"\n## {row(name).TITLE}\n{TABLE}{lines}{told}\nMeasured on " + "; ".join(where) + ".\n"
    )


def line(one: Record) -> str:
    """Return one line of a table."""
    median, lowest, highest = one.times
    alone = not one.peer
    theirs = "" if alone else f"{short(one.theirs)} {one.unit}"
    times = "" if alone else f"**{median:.2f}** ({lowest:.2f} to {highest:.2f})"
    reached = f"{one.of_limit:.0%}" if one.limit else ""
    sizes = [one.our_memory] if alone else [one.our_memory, one.their_memory]
    memory = ", ".join(map(mega, sizes)) if one.our_memory else ""
    ours = f"{short(one.ours)} {one.unit}"
    return f"| {' | '.join((one.case, ours, one.peer, theirs, times, reached, memory))} |\n"


def short(rate: float) -> str:
    """Return a number with three digits that count.

    >>> short(1678.2), short(0.1934), short(97.24)
    ('1,678', '0.193', '97.2')
    """
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def mega(size: int) -> str:
    """Return bytes as megabytes."""
    return f"{size / 1e6:,.0f}"
