"""Half precision, batch size and memory: what encoding takes, and `bench/PRECISION.md`.

usage: python -m bench.precision [--again]

Every line is measured in a process of its own and written down at once; what is there for this
machine is not measured again, unless told to. A GPU is measured where torch finds one. What a
machine has no line for, the page does not say.
"""

import csv
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import torch

ROWS = Path(__file__).with_name("precision.csv")
PAGE = Path(__file__).with_name("PRECISION.md")
PHOTOS = 10_000

HEAD = f"""# Half precision, batch size, memory

Written by `make bench`, or alone by `python -m bench.precision`; do not edit. The image tower
has the sizes of ViT-B/32, and weights that are drawn: speed does not ask what they are. On a
CPU, a second is one of work on **one core**; with several cores at work, divide. Other work on
the machine makes it a little slower even so. On a GPU it is one on the clock. Memory is that of
the image tower's weights, and what a batch takes beside them at its peak. The last column is
what {PHOTOS:,} pictures take.
"""

ENCODING = f"""
| Device | Numbers | Batch | Pictures a second | Weights, MB | Beside them, MB | {PHOTOS:,} |
|---|---|---|---|---|---|---|
"""

READING = f"""
Reading comes before: a JPEG of 12 million pixels is decoded, made small and normalised, on one
core. "Whole" decodes every pixel, "draft" is `open_rgb(path, at_least=224)`.

| Read | Photos a second | {PHOTOS:,} |
|---|---|---|
"""

NO_GPU = """
No GPU has been measured. `make bench` adds its lines where torch finds one.
"""


@dataclass(frozen=True)
class Row:
    """What was measured of one way to encode or to read."""

    device: str
    dtype: str
    batch: int
    per_second: float
    weights_mb: float
    peak_mb: float
    machine: str
    date: str

    def minutes(self) -> float:
        """Return how long PHOTOS take."""
        return PHOTOS / self.per_second / 60

    def same(self, way: tuple[str, str, int], machine: str) -> bool:
        """Return whether this is the line of that way on that machine."""
        return (self.device, self.dtype, self.batch, self.machine) == (*way, machine)


def ways(*, gpu: bool) -> Iterator[tuple[str, str, int]]:
    """Yield what is measured: device, numbers and batch, or how photos are read."""
    yield from (("read", how, 1) for how in ("whole", "draft"))
    for dtype in ("float32", "bfloat16", "float16"):
        yield from (("cpu", dtype, batch) for batch in (1, 8, 32, 128))
        if gpu:
            yield from (("cuda", dtype, batch) for batch in (1, 8, 64, 512))


def read(path: Path = ROWS) -> list[Row]:
    """Return the lines that were measured."""
    if not path.exists():
        return []
    kinds = {field.name: field.type for field in fields(Row)}
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Row(**{name: kinds[name](value) for name, value in line.items()})
            for line in csv.DictReader(file)
        ]


def write(rows: list[Row], path: Path = ROWS) -> None:
    """Write all lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file, [field.name for field in fields(Row)], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def measured(way: tuple[str, str, int], machine: str) -> Row:
    """Return the line of one way, measured in a process of its own."""
    command = [sys.executable, "-m", "bench.encoding", *map(str, way)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {name: round(value, 2) for name, value in json.loads(done.stdout).items()}
    return Row(*way, **found, machine=machine, date=f"{datetime.now(UTC):%Y-%m-%d}")


def this_machine(device: str) -> str:
    """Return what a line was measured on, without any name."""
    if device == "cuda":
        return f"{torch.cuda.get_device_name()}, torch {torch.__version__}"
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    kind = names[0] if names else platform.processor() or "CPU"
    return f"{kind} ({platform.machine()}, {os.cpu_count()} cores), torch {torch.__version__}"


def told(row: Row) -> str:
    """Return how long PHOTOS take, in words.

    >>> (
    ...     told(Row("cpu", "float32", 1, 10.0, 0, 0, "", "")),
    ...     told(Row("", "", 1, 1e3, 0, 0, "", "")),
    ... )
    ('17 min', '10 s')
    """
    minutes = row.minutes()
    return f"{minutes:,.0f} min" if minutes >= 2 else f"{60 * minutes:,.0f} s"


def page(rows: list[Row]) -> str:
    """Return the page that says what was measured."""
    encoded = [row for row in rows if row.device != "read"]
    text = HEAD + ENCODING + "".join(map(_encoded, encoded))
    text += READING + "".join(map(_read, (row for row in rows if row.device == "read")))
    if all(row.device != "cuda" for row in rows):
        text += NO_GPU
    machines = sorted({f"{row.machine}, {row.date}" for row in rows})
    return text + "\nMeasured on " + "; ".join(machines) + ".\n"


def _encoded(row: Row) -> str:
    sizes = f"{row.weights_mb:,.0f} | {row.peak_mb:,.0f}"
    rate = f"{row.per_second:,.1f}"
    return f"| {row.device} | {row.dtype} | {row.batch} | {rate} | {sizes} | {told(row)} |\n"


def _read(row: Row) -> str:
    return f"| {row.dtype} | {row.per_second:,.1f} | {told(row)} |\n"


def main(words: list[str]) -> None:
    """Measure what is missing, and write lines and page."""
    if words not in ([], ["--again"]):
        raise SystemExit(f"precision: takes --again or nothing; got {' '.join(words)}.")
    rows = read()
    for way in ways(gpu=torch.cuda.is_available()):
        machine = this_machine(way[0])
        if not words and any(row.same(way, machine) for row in rows):
            continue
        rows = [row for row in rows if not row.same(way, machine)]
        rows.append(measured(way, machine))
        write(rows)
        print(rows[-1], flush=True)
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
