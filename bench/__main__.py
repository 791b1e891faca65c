"""Measure what is asked for, or all; write the records, `RESULTS.md` and the figure.

usage: make bench [ARGS="ROW ... --large --accept"]

Rows are the files of `bench/rows`. `--large` adds what takes long. A row that falls more than a
tenth behind what is published of this machine keeps its published record, and the status is 1;
`--accept` publishes it all the same. Without a row, `bench/PRECISION.md` is measured, too.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import torch

from bench import figure, memory, page, precision, records
from bench.measure import LIMIT, OURS, Case, measure
from bench.records import Record
from bench.rows import names, row

RESULTS = records.KEPT.with_name("RESULTS.md")


def measured(name: str, *, large: bool) -> Iterator[Record]:
    """Yield the records of a row, as they are measured; a case without a peer gives one."""
    for number, case in enumerate(row(name).cases(large=large)):
        times = measure(case)
        peaks = dict.fromkeys(case.ways(), 0)
        if case.memory:
            peaks |= {way: memory.peak(name, number, way, large=large) for way in peaks}
        reached = times.ratio(LIMIT)[0] if case.limit else 0
        for peer in case.peers or {"": None}:
            ratio = times.ratio(peer) if peer else (0, 0, 0)
            yield Record(
                row=name,
                case=case.name,
                unit=case.unit,
                peer=peer,
                ours=case.count / times.fastest(OURS),
                theirs=case.count / times.fastest(peer) if peer else 0,
                times=ratio,
                limit=case.limit[0] if case.limit else "",
                of_limit=reached,
                our_memory=peaks[OURS],
                their_memory=peaks.get(peer, 0),
                machine=machine(case),
                date=f"{datetime.now(UTC):%Y-%m-%d}",
                command=f'make bench ARGS="{name}{" --large" if large else ""}"',
            )


def machine(case: Case) -> str:
    """Return what a case was measured on, without any name."""
    return precision.this_machine(case.device)


def parsed(words: list[str] | None) -> argparse.Namespace:
    """Return the chosen rows and flags."""
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(names())}")
    parser.add_argument("--large", action="store_true", help="add what takes long")
    parser.add_argument("--accept", action="store_true", help="publish what has fallen, too")
    chosen = parser.parse_args(words)
    if unknown := sorted(set(chosen.rows) - set(names())):
        parser.error(f"rows: expected some of {', '.join(names())}; got {', '.join(unknown)}.")
    return chosen


def main(words: list[str] | None = None) -> int:
    """Measure, compare with what is published, write; return an exit status."""
    chosen = parsed(words)
    torch.set_num_threads(1)
    kept, fallen = records.read(), []
    for name in chosen.rows or names():
        new = []
        for record in measured(name, large=chosen.large):
            print(page.line(record), end="", flush=True)
            new.append(record)
        behind = [] if chosen.accept else list(records.fallen(kept, new))
        fallen += behind
        kept = kept if behind else records.joined(kept, new)
        records.write(kept)
    RESULTS.write_text(page.page(kept), encoding="utf-8")
    figure.draw(kept)
    if not chosen.rows:
        precision.main(["--again"])
    for line in fallen:
        print(f"bench: fell behind: {line}", file=sys.stderr)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
