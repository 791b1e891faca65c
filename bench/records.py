"""What was measured, kept in `results.json`: one record a case, a peer and a device.

A new measurement takes the old one's place; what was measured on a device that is not here
stays, with its date.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = Path(__file__).with_name("results.json")
TENTH = 0.9
"""A ratio below this share of the published one is a fall."""


@dataclass(frozen=True)
class Record:
    """One case beside one peer.

    Args:
        row: the file of `bench/rows`.
        case: what is done.
        unit: what is counted.
        peer: whom it is measured beside, with the version.
        ours: per second, in the fastest round.
        theirs: the same of the peer.
        times: how many times faster ours is: median, lowest, highest of the rounds.
        limit: what the machine itself must do for it; empty where there is no such thing.
        of_limit: the share of the limit's rate that ours reaches, in the median round, or 0.
        our_memory: bytes at the peak; 0 where it is not told.
        their_memory: the same of the peer.
        machine: what it was measured on.
        date: when.
        command: what measures it again.
    """

    row: str
    case: str
    unit: str
    peer: str
    ours: float
    theirs: float
    times: tuple[float, float, float]
    limit: str
    of_limit: float
    our_memory: int
    their_memory: int
    machine: str
    date: str
    command: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what a newer record takes the place of; a peer's newer version is the same."""
        return self.row, self.case, self.peer.rpartition(" ")[0], self.machine


def read(path: Path = KEPT) -> list[Record]:
    """Return all records."""
    if not path.exists():
        return []
    kept = json.loads(path.read_text(encoding="utf-8"))
    return [Record(**{**one, "times": tuple(one["times"])}) for one in kept]


def write(records: Sequence[Record], path: Path = KEPT) -> None:
    """Write all records."""
    text = json.dumps([asdict(one) for one in records], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def joined(old: Sequence[Record], new: Sequence[Record]) -> list[Record]:
    """Return the old records, the new ones in the place of their like, by row."""
    fresh = {one.key: one for one in new}
    kept = [fresh.pop(one.key, one) for one in old]
    return sorted([*kept, *fresh.values()], key=lambda one: one.row)


def fallen(old: Sequence[Record], new: Sequence[Record]) -> Iterator[str]:
    """Yield, in words, what is more than a tenth behind what is published of this machine."""
    published = {one.key: one for one in old}
    for one in new:
        before = published.get(one.key)
        if before is not None and one.times[0] < TENTH * before.times[0]:
            yield (
                f"{one.row}: {one.case}, beside {one.peer}: "
                f"published {before.times[0]:.2f} times, now {one.times[0]:.2f}"
            )
