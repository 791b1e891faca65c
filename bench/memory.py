"""Measure the peak of memory that one way takes, in a process of its own.

usage: python -m bench.memory ROW CASE WAY [--large]   (prints bytes)

What there was before, the data and the packages, is not counted.
"""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from bench.measure import Case, Way
from bench.rows import row

STATUS = Path("/proc/self/status")
GIVEN_BACK = {"MALLOC_MMAP_THRESHOLD_": str(1 << 16)}
"""What makes glibc give back memory at once, so that none is kept for the next tensor."""


def peak(name: str, case: int, way: str, *, large: bool) -> int:
    """Return the bytes that a way takes at its peak, measured in another process."""
    command = [sys.executable, "-m", "bench.memory", name, str(case), way]
    command += ["--large"] if large else []
    environment = {**os.environ, **GIVEN_BACK}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return int(done.stdout)


def taken(way: Way) -> int:
    """Return the bytes that this process takes at its peak while it does something."""
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    way()
    return _resident("VmHWM") - before


def taken_on_gpu(way: Way) -> int:
    """Return the same for the memory of a GPU."""
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    way()
    return torch.cuda.max_memory_allocated() - before


def _resident(name: str) -> int:
    """Return a size of this process in bytes; Linux alone tells it."""
    for line in STATUS.read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"memory: {STATUS} must tell {name}; it does not.")


def chosen(name: str, number: int, *, large: bool) -> Case:
    """Return a case of a row by its place."""
    return next(islice(row(name).cases(large=large), number, None))


def main(words: list[str]) -> None:
    """Measure what is named, and print it."""
    torch.set_num_threads(1)
    name, number, way, *more = words
    case = chosen(name, int(number), large=bool(more))
    with threadpool_limits(limits=1):
        take = taken if case.device == "cpu" else taken_on_gpu
        print(take(case.ways()[way]))


if __name__ == "__main__":
    main(sys.argv[1:])
