"""Train a small CLIP at nine temperatures with five seeds, and store what came of it.

Lesson 04 shows the table. About three minutes on one core. Numbers differ a little from machine
to machine: rounding grows in training.

usage: python scripts/temperature_runs.py [FILE.csv]
"""

import csv
import io
import sys
from pathlib import Path

import torch

from mmcourse.atomic import write_whole
from mmcourse.data import Pairs
from mmcourse.small import TEMPERATURES, TemperatureRun, temperature_pictures, temperature_run
from mmcourse.small.temperatures import STEPS, STORED

SEEDS = range(5)


def write(
    path: Path,
    practice: Pairs,
    exam: Pairs,
    *,
    temperatures: tuple[float, ...] = TEMPERATURES,
    seeds: range = SEEDS,
    steps: int = STEPS,
) -> None:
    """Run all, and write one row each; the file appears only when it is whole."""
    runs = [
        temperature_run(practice, exam, temperature, seed=seed, steps=steps)
        for temperature in temperatures
        for seed in seeds
    ]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TemperatureRun._fields)
    table.writerows([run.temperature, run.seed, *_rounded(run)] for run in runs)
    write_whole("temperature_runs", path, text.getvalue().encode())


def _rounded(run: TemperatureRun) -> list[str]:
    return [f"{number:.4f}" for number in (run.first_loss, run.last_loss, run.accuracy)]


if __name__ == "__main__":
    torch.set_num_threads(1)
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else STORED, *temperature_pictures())
