"""Paint, and have each picture judged by who steered it and by who did not.

Writes mmcourse/small/tries.csv, which lesson 13 reads. Ten seeds, each with 42 prompts of its
own, two a kind: four tries of each at guidance 1 in 4 steps, of which one may choose; and one
at guidance 3 in 8 steps, as one would paint. About ten minutes on one core.

usage: python scripts/trying_runs.py [TRIES.csv]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from matching_runs import write
from measure_pictures import texts
from torch import Tensor

from mmcourse.clip import CLIP, tokenize
from mmcourse.clip.preprocess import normalize
from mmcourse.judge import NONE, NOUNS, Judge, load_judge
from mmcourse.rectified_flow import Painter, Wish, load_painter, single_wishes
from mmcourse.similarity import l2_normalize
from mmcourse.small.tries import STORED_TRIES, Try

SEEDS = range(10)
FIRST = 20_40
"""Prompts are drawn from here on: other ones than were measured for the manifest."""

SETTINGS = ((1.0, 4, 4), (3.0, 8, 1))
"""Guidance, steps, and how many tries of each prompt."""

THINGS = [noun for noun in NOUNS if noun != NONE]


def tries(
    painter: Painter, judge: Judge, guidance: float, steps: int, n: int, seed: int
) -> list[Try]:
    """Return what is found in n pictures of each prompt of a seed."""
    wishes = single_wishes(np.random.default_rng(FIRST + seed), 2)
    generator = torch.Generator().manual_seed(FIRST + seed)
    found = []
    for _ in range(n):
        pixels = painter.paint(
            texts(wishes), generator=generator, guidance=guidance, steps=steps
        )
        seen = judge.verdicts(pixels)
        for number, (wish, verdict, cosines) in enumerate(
            zip(wishes, seen, cosines_of_things(painter.reader, pixels, wishes), strict=True)
        ):
            asked = wish.wanted
            found.append(
                Try(
                    guidance,
                    steps,
                    seed,
                    number,
                    asked.kind,
                    verdict.kind,
                    int(verdict.colour == asked.colour),
                    THINGS[int(cosines.argmax())],
                    cosines[THINGS.index(asked.kind)].item(),
                )
            )
    return found


@torch.no_grad()
def cosines_of_things(model: CLIP, pixels: Tensor, wishes: Sequence[Wish]) -> Tensor:
    """Return each picture's cosine with its prompt, said of every kind of thing in turn."""
    images = l2_normalize(model.encode_image(normalize(pixels.numpy())))
    said = [wish.text.replace(wish.wanted.kind, thing) for wish in wishes for thing in THINGS]
    spoken = l2_normalize(model.encode_text(tokenize(said)))
    return torch.einsum("nd,nkd->nk", images, spoken.unflatten(0, (len(wishes), -1)))


def main(arguments: Sequence[str]) -> int:
    """Paint and write the table; return an exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("path", type=Path, nargs="?", default=STORED_TRIES)
    path = parser.parse_args(arguments).path
    painter, judge, found = load_painter(), load_judge(), []
    for seed in SEEDS:
        for setting in SETTINGS:
            found += tries(painter, judge, *setting, seed)
            print(len(found), flush=True)
        write(path, found, shared=8)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
