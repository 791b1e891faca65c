"""Measure how search grows: memory, time and recall, of every kind of index and several sizes.

Vectors are made up: so many clusters that each has 1,000 rows, in which rows spread over 32
directions that all clusters share; 512 numbers each. Texts and photos differ from that, so the
shapes of the curves count, not the numbers. Each kind is built and asked in a process of its
own, so that memory is its own. A query at a time, on one thread.

usage: python scripts/measure_search.py --rows 10000 100000 1000000 --at FOLDER
       (7 GB of disk for a million; writes mmcourse/small/searches.csv, and from it the table
       in docs/scale.md)
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from matching_runs import write

from mmcourse.retrieval import Index
from mmcourse.retrieval.approximate import FaissIndex
from mmcourse.small.searches import STORED_SEARCHES, Searched, stored_searches

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- search -->\n", "<!-- /search -->\n"
ENOUGH = 0.95
DIM, SPREAD, PER_CLUSTER, QUERIES, K = 512, 32, 1000, 200, 10
PROBES = {
    "exact": (0,),
    "half": (0,),
    "ivf": (1, 2, 4, 8, 16, 32, 64),
    "pq": (1, 4, 16, 64),
    "hnsw": (16, 32, 64, 128, 256),
}
AGAIN = 10
"""Of "pq": a hundred are found by their codes, and ten of these by their vectors."""


def vectors(rows: int, clusters: int, rng: np.random.Generator) -> np.ndarray:
    """Return vectors of the same clusters for every generator."""
    fixed = np.random.default_rng(0)
    centres = _unit(fixed.standard_normal((clusters, DIM), dtype=np.float32))
    directions = _unit(fixed.standard_normal((SPREAD, DIM), dtype=np.float32))
    made = np.empty((rows, DIM), np.float32)
    for start in range(0, rows, 10_000):
        some = min(10_000, rows - start)
        spread = rng.standard_normal((some, SPREAD), dtype=np.float32) @ directions
        noise = rng.standard_normal((some, DIM), dtype=np.float32)
        made[start : start + some] = (
            centres[rng.integers(clusters, size=some)] + _unit(spread) + 0.3 * _unit(noise)
        )
    return made


def make(rows: int, place: Path) -> None:
    """Write the exact index, the queries and their exact answers."""
    clusters = max(1, rows // PER_CLUSTER)
    index = Index.from_features(vectors(rows, clusters, np.random.default_rng(1)))
    index.save(place / "exact.safetensors")
    asked = vectors(QUERIES, clusters, np.random.default_rng(2))
    asked = _unit(asked)
    np.savez(place / "asked.npz", asked=asked, found=index.search_many(asked, K)[1])


def build(kind: str, place: Path) -> dict[str, Any]:
    """Build one kind of index, unless it is there; return the seconds that it took."""
    took = place / f"{kind}.json"
    if not took.exists():
        exact = Index.open(place / "exact.safetensors", mapped=True)
        started = process_time()
        FaissIndex.build(exact, kind, threads=1).save(place / f"{kind}.faiss")
        took.write_text(json.dumps({"built": process_time() - started}), encoding="utf-8")
    return json.loads(took.read_text(encoding="utf-8"))


def measure(kind: str, place: Path) -> dict[str, Any]:
    """Return what one kind of index takes, opened into memory."""
    exact = Index.open(place / "exact.safetensors", mapped=kind != "exact")
    saved = np.load(place / "asked.npz")
    curve = []
    memory = _memory()
    index: Any = exact
    if kind != "exact":
        again = AGAIN if kind == "pq" else 0
        file = place / f"{kind}.faiss"
        index = FaissIndex.open(file, exact, mapped=False, again=again, threads=1)
        memory = _memory() - memory
    else:
        memory = exact.features.nbytes
    for probes in PROBES[kind]:
        if probes:
            index.probes = probes
        curve.append(_asked(index, saved["asked"], saved["found"]) | {"probes": probes})
    return {"memory": memory, "curve": curve}


def mapped_memory(kind: str, place: Path) -> dict[str, Any]:
    """Return what an index opened by memory map adds, once it was asked."""
    exact = Index.open(place / "exact.safetensors", mapped=True)
    before = _memory()
    index = FaissIndex.open(place / f"{kind}.faiss", exact, threads=1)
    index.search_many(np.load(place / "asked.npz")["asked"], K)
    return {"mapped_memory": _memory() - before}


def main() -> None:
    """Measure all kinds at all sizes, and write down what was found after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000])
    parser.add_argument("--kinds", nargs="+", default=list(PROBES))
    parser.add_argument("--at", type=Path, default=Path("runs/search"))
    parser.add_argument("--alone", nargs=2)
    chosen = parser.parse_args()
    if chosen.alone:
        what, kind = chosen.alone
        call = {"build": build, "mapped": mapped_memory, "measure": measure}[what]
        print(json.dumps(call(kind, chosen.at)))
        return
    for rows in chosen.rows:
        place = chosen.at / str(rows)
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "asked.npz").exists():
            make(rows, place)
        for kind in chosen.kinds:
            found: dict[str, Any] = {}
            if kind != "exact":
                found |= _alone("build", kind, place) | _alone("mapped", kind, place)
            found |= _alone("measure", kind, place)
            note(rows, kind, found)
            print(rows, kind, json.dumps(found), flush=True)
    write_table()


def table(measured: Sequence[Searched]) -> str:
    """Return a line for each size and kind: the least effort that finds enough."""
    lines = [
        "| vectors | kind | memory, MB | by map, MB | built, CPU s | probes | ms | recall@10 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for _, some in groupby(measured, lambda one: (one.vectors, one.kind)):
        one = enough(list(some))
        cells = [
            f"{one.vectors:,}",
            f"`{one.kind}`" if one.kind != "exact" else "`Index`",
            f"{one.memory / 1e6:,.0f}",
            f"{one.mapped / 1e6:,.0f}" if one.mapped else "–",
            f"{one.built:.1f}" if one.built else "–",
            str(one.probes or "–"),
            f"{one.ms:.2f}",
            f"{one.recall:.3f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def enough(curve: Sequence[Searched]) -> Searched:
    """Return the least effort that finds 95 %, or as much as any."""
    most = max(one.recall for one in curve)
    return next(one for one in curve if one.recall >= min(ENOUGH, most))


def write_table(page: Path = PAGE) -> None:
    """Write the table, and this machine, into the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = (
        f"{_processor()}, one thread; Python {platform.python_version()}, "
        f"faiss-cpu {version('faiss-cpu')}, numpy {version('numpy')}"
    )
    said = f"{table(stored_searches())}\n*{machine}.*\n"
    page.write_text(before + BEGIN + said + END + after, encoding="utf-8")


def note(vectors: int, kind: str, found: dict[str, Any], file: Path = STORED_SEARCHES) -> None:
    """Write down what one kind takes, in place of what was known of it."""
    known = stored_searches(file) if file.exists() else []
    kept = [one for one in known if (one.vectors, one.kind) != (vectors, kind)]
    kept += [
        Searched(
            vectors,
            kind,
            point["probes"],
            round(point["recall"], 4),
            round(point["ms"], 3),
            found["memory"],
            0 if kind == "exact" else found["mapped_memory"],
            0.0 if kind == "exact" else round(found["built"], 2),
        )
        for point in found["curve"]
    ]
    order = list(PROBES)
    kept.sort(key=lambda one: (one.vectors, order.index(one.kind), one.probes))
    write(file, kept, shared=len(Searched._fields))


def _asked(index: Any, asked: np.ndarray, expected: np.ndarray) -> dict[str, float]:
    """Return recall at ten, and the median of the milliseconds that a query takes."""
    times, shares = [], []
    for query, rows in zip(asked, expected, strict=True):
        started = process_time()
        found = index.search_many(query[None], K)[1][0]
        times.append(1e3 * (process_time() - started))
        shares.append(np.isin(rows, found).mean())
        if len(times) >= 20 and sum(times) > 20_000:
            break
    return {"recall": float(np.mean(shares)), "ms": float(np.median(times))}


def _memory() -> int:
    """Return the bytes of this process that no file holds."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return 1024 * int(found["RssAnon"].split()[0])


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def _alone(what: str, kind: str, place: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--alone", what, kind, "--at", str(place)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
