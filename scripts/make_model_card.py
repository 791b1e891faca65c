"""Write what the manifest says of the shipped models into docs/tiny.md, docs/applications.md.

usage: python scripts/make_model_card.py [--check]     (exit 1 if the page is stale)
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from mmcourse.checkpoints import Entry, manifest
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.metrics import accuracy_interval

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, APPLICATIONS = DOCS / "tiny.md", DOCS / "applications.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->"
ROWS = {
    "kind": "which of 21 kinds, one thing in the picture",
    "colour": "which of 11 colours, its kind given",
    "scene": "which of 13 settings",
    "count": "one, two, three or four alike, their kind given",
    "held-out kind": "which kind, in a colour it never had in training",
    "held-out colour": "which colour, where kind and colour never met in training",
    "hard kind": "which kind, where the thing is tiny, faded or partly hidden",
    "full image to text R@1": "picture finds its full caption among 256",
    "full text to image R@1": "full caption finds its picture among 256",
    "ordinary image to text R@1": "picture finds its ordinary caption among 256",
    "ordinary text to image R@1": "ordinary caption finds its picture among 256",
    "binding": "which of two things has which colour",
    "left-right": "which of two things is on the left",
    "above-below": "which of two things is above",
    "a bus suits yellow": 'a bus is nearer to "a photo of a bus" in yellow than otherwise',
    "other kinds suit yellow": "the same of every other kind and its name",
}
"""What each metric asks, in the order of the table."""

CHANCE = {
    "kind": 1 / 21, "colour": 1 / 11, "scene": 1 / 13, "count": 1 / 4,
    "held-out kind": 1 / 21, "held-out colour": 1 / 11, "hard kind": 1 / 21,
    "full image to text R@1": 1 / 256, "full text to image R@1": 1 / 256,
    "ordinary image to text R@1": 1 / 256, "ordinary text to image R@1": 1 / 256,
    "binding": 1 / 2, "left-right": 1 / 2, "above-below": 1 / 2,
    "a bus suits yellow": 1 / 2, "other kinds suit yellow": 1 / 2,
}  # fmt: skip


def applications() -> str:
    """Return the tables of what is no CLIP: how each was made, and what it can do."""
    clips = manifest("CLIP")
    models = {name: entry for name, entry in manifest().items() if name not in clips}
    lines = _made(models)
    for name, entry in models.items():
        lines += ["", f"### `{name}`: {entry.model}", "", "| Share of | Measured | Of |"]
        lines.append("|---|---|---|")
        for metric, (_, answers) in entry.metrics.items():
            lines.append(f"| {metric} | {_cell(entry, metric)} | {answers:,} |")
    return "\n".join([*lines, ""])


def measured() -> str:
    """Return the tables: how each model was made, and what it can do."""
    models = manifest("CLIP")
    head = f"| Asked | Chance | {' | '.join(f'`{name}`' for name in models)} |"
    rows = [
        f"| {asked} | {_share(CHANCE[metric])} | "
        + " | ".join(_cell(entry, metric) for entry in models.values())
        + " |"
        for metric, asked in ROWS.items()
    ]
    table = [head, f"|---|---|{'---|' * len(models)}", *rows]
    return "\n".join([*_made(models), "", *table, ""])


def _made(models: Mapping[str, Entry]) -> list[str]:
    """Return a table of how models were made."""
    return [
        "| Model | File | Made by | Seed | On | Minutes |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{name}` | {_megabytes(name)} | `{entry.command}` | {entry.seed} | "
            f"{entry.device} | {entry.minutes:.0f} |"
            for name, entry in models.items()
        ),
    ]


def _cell(entry: Entry, metric: str) -> str:
    share, answers = entry.metrics[metric]
    interval = accuracy_interval(round(share * answers), answers)
    low, high = _share(interval.low), _share(interval.high)
    return f"{_share(share)} ({low} to {high})"


def _share(share: float) -> str:
    return f"{100 * share:.1f}"


def _megabytes(name: str) -> str:
    return f"{(WEIGHTS / f'{name}.safetensors').stat().st_size / 1e6:.1f} MB"


def main() -> int:
    """Rewrite what is measured on both pages; with --check only say whether they are fresh."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if stale")
    check = parser.parse_args().check
    stale = False
    for path, tables in ((PAGE, measured()), (APPLICATIONS, applications())):
        page = path.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        fresh = before + BEGIN + tables + END + rest.split(END)[1]
        if check and page != fresh:
            print(f"docs/{path.name} is stale: run python scripts/make_model_card.py")
            stale = True
        elif not check:
            path.write_text(fresh, encoding="utf-8")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
