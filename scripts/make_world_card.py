"""Measure the drawn world and write the numbers into docs/world.md.

usage: python scripts/make_world_card.py [--check]     (exit 1 if the page is stale)
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mmcourse.world import PLANTED_BIAS, Scene, Thing, sample_scene

PAGE = Path(__file__).parents[1] / "docs" / "world.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->"
SCENES_PER_SPLIT = {"train": 20_000, "test": 5_000}


def main() -> int:
    """Rewrite the page's measured part; with --check only say whether it is fresh."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if stale")
    check = parser.parse_args().check
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    fresh = before + BEGIN + measured() + END + rest.split(END)[1]
    if check:
        if page != fresh:
            print("docs/world.md is stale: run python scripts/make_world_card.py")
        return int(page != fresh)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def measured() -> str:
    """Return the tables of frequencies, measured on freshly sampled scenes."""
    rng = np.random.default_rng(0)
    drawn = {
        split: [sample_scene(rng, split=split) for _ in range(count)]
        for split, count in SCENES_PER_SPLIT.items()
    }
    train = drawn["train"]
    rows = {
        "layout": shares(scene.layout for scene in train),
        "number of objects": shares(len(scene.objects) for scene in train),
        "setting": shares(scene.setting for scene in train),
        "kind": shares(thing.kind for thing in things(train)),
        "colour": shares(thing.colour for thing in things(train)),
    }
    table = "".join(f"| {name} | {text} |\n" for name, text in rows.items())
    return (
        f"Measured on {len(train):,} training scenes (generator seed 0), in per cent; "
        "several alike count once.\n\n"
        f"| Fact | Share |\n|---|---|\n{table}\n" + bias_table(drawn) + "\n"
    )


def bias_table(drawn: dict[str, list[Scene]]) -> str:
    """Return the planted bias as two conditional shares, per split."""
    kind, colour, _ = PLANTED_BIAS
    lines = [
        "Planted bias:\n",
        f"| Split | {colour}, given a {kind} | {kind}, given something {colour} |",
        "|---|---|---|",
    ]
    for split, scenes in drawn.items():
        is_kind = [thing for thing in things(scenes) if thing.kind == kind]
        is_colour = [thing for thing in things(scenes) if thing.colour == colour]
        both = sum(thing.colour == colour for thing in is_kind)
        lines.append(f"| {split} | {both / len(is_kind):.1%} | {both / len(is_colour):.1%} |")
    return "\n".join(lines) + "\n"


def things(scenes: Iterable[Scene]) -> list[Thing]:
    """Return the objects of some scenes, of those alike in a scene only the first."""
    first = [
        scene.objects[:1] if scene.layout == "group" else scene.objects for scene in scenes
    ]
    return [thing for group in first for thing in group]


def shares(values: Iterable[object]) -> str:
    """Return each value with its share in per cent, the most frequent first."""
    counts = Counter(values)
    total = sum(counts.values())
    return ", ".join(f"{value} {100 * n / total:.1f}" for value, n in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
