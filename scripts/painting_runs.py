"""Ask the painter's run which word it learnt when; writes mmcourse/small/paintings.csv.

The run has kept its weights at some of its steps (`train_flow.LOOKED_AT`); each paints the same
prompts from the same noise, and the judge says what is to be seen. Its loss is asked, too, on
the same lines each time: from noise to test drawings, whose captions it reads.

usage: python scripts/painting_runs.py [--folder FOLDER]
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import torch
from lessons import ROOT
from measure_pictures import drawn, fit_scenes, judged, texts
from torch import Tensor
from train_flow import BATCH, LOOKED_AT, said

from mmcourse import clip
from mmcourse.autoencoder import Autoencoder, as_images
from mmcourse.checkpoints import restore
from mmcourse.judge import load_judge
from mmcourse.rectified_flow import (
    FlowNet,
    Painter,
    flow_loss,
    read_prompts,
    single_wishes,
)  # fmt: skip
from mmcourse.small.paintings import STORED_PAINTINGS, Painting

SEED = 20_28
PER_KIND = 8
LINES = 400
"""From noise to a drawing each, on which the loss is asked."""


def looked_at(folder: Path, steps: int) -> Painting:
    """Return what the painter could do after some steps."""
    net = FlowNet()
    net.load_state_dict(torch.load(folder / f"flow-{steps:05d}.pt"))
    folded = restore(Autoencoder(), "autoencoder")
    painter = Painter(clip.load("tiny", "cpu")[0], net.eval(), folded)
    wishes = single_wishes(np.random.default_rng(SEED), PER_KIND)
    pixels = painter.paint(texts(wishes), generator=torch.Generator().manual_seed(SEED))
    found = judged(load_judge(), pixels, wishes)
    kind, colour, setting = (found[part][0] for part in ("kind", "colour", "setting"))
    return Painting(
        steps * BATCH, kind, colour, setting, len(wishes), round(loss_of(painter), 4)
    )


@torch.no_grad()
def loss_of(painter: Painter, lines: int = LINES) -> float:
    """Return the loss on test drawings of one thing, each with a caption."""
    rng, scenes = np.random.default_rng(SEED), fit_scenes(lines, 1, "test")
    clean = painter.autoencoder.encode(as_images(drawn(scenes)))
    condition = read_prompts(painter.reader, [said(scene, rng) for scene in scenes])

    def velocity(points: Tensor, times: Tensor) -> Tensor:
        return painter.net(points, times, condition)

    return flow_loss(velocity, clean, generator=torch.Generator().manual_seed(SEED)).item()


def main(arguments: list[str]) -> int:
    """Ask every moment that is kept, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "my" / "training")
    folder = parser.parse_args(arguments).folder
    with STORED_PAINTINGS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Painting._fields)
        for steps in LOOKED_AT:
            found = looked_at(folder, steps)
            print(steps, found, flush=True)
            writer.writerow(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
