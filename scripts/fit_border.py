"""Find the border of the drawn world, by which foreign pictures are told; ships it.

The world's mean and spread in every direction come from pictures of the training split, the
border itself from others for validation: each as it was drawn, resized, as a JPEG and padded.
What then lies beyond it, of pictures for the test, is `make_foreign_page.py`'s to say.

usage: python scripts/fit_border.py
"""

import sys
from collections.abc import Iterator

import numpy as np
import torch
from altered import ALTERATIONS
from jaxtyping import Float
from PIL import Image
from shipping import processor
from stopwatch import Stopwatch
from torch import Tensor
from tqdm.auto import tqdm

from mmcourse import checkpoints, clip
from mmcourse.checkpoints.weights import WEIGHTS
from mmcourse.clip.preprocess import preprocess
from mmcourse.foreign import Border, textures
from mmcourse.world import STYLES, render, sample_scene
from mmcourse.world.scenes.randomness import pick

SEED = 20_29
NAME = "border"
FIT, CHOSEN, TESTED = 2000, 750, 200
"""Pictures, each of which is seen in every alteration."""

INSIDE = 0.985
"""Share of the pictures for validation that lie within the border."""

FLAT = 0.7
"""Share of pictures in the ordinary style; the others are of any."""

SHRUNK = 0.001
"""How far the correlations are moved towards none (Ledoit and Wolf's shrinkage, fixed)."""


def world_pictures(
    n: int, seed: int, split: str, style: str | None = None
) -> Iterator[dict[str, Image.Image]]:
    """Yield pictures of the world at 64 to 224 pixels, each as whatever becomes of it."""
    rng = np.random.default_rng([SEED, seed])
    for _ in range(n):
        chosen = "flat" if rng.random() < FLAT else pick(rng, STYLES)
        scene = sample_scene(rng, split=split, style=style or chosen)
        picture = Image.fromarray(render(scene, 64 + int(161 * rng.random())))
        yield {name: alter(picture, rng) for name, alter in ALTERATIONS.items()}


def numbers_of(model: clip.CLIP, pictures: list[Image.Image]) -> Float[Tensor, "n numbers"]:
    """Return what pictures are made of, as `tiny` sees them."""
    images = torch.stack([preprocess(picture, 64) for picture in pictures])
    return textures(model, images)


def all_numbers(model: clip.CLIP, n: int, seed: int, split: str) -> Float[Tensor, "m numbers"]:
    """Return the numbers of n pictures in every alteration."""
    shown = tqdm(world_pictures(n, seed, split), total=n, desc=split)
    return torch.cat([numbers_of(model, [*each.values()]) for each in shown])


def fitted(numbers: Float[Tensor, "n numbers"], shrunk: float = SHRUNK) -> Border:
    """Return a border of which only the edge is not yet known."""
    numbers = numbers.double()
    mean, spread = numbers.mean(0), numbers.std(0).clamp(min=0.01)
    correlations = torch.corrcoef(numbers.T).nan_to_num()
    correlations.fill_diagonal_(1)
    correlations = (1 - shrunk) * correlations + shrunk * torch.eye(len(mean))
    factor = torch.linalg.cholesky(torch.linalg.inv(correlations))
    border = Border(len(mean))
    border.mean.copy_(mean)
    border.whiten.copy_(factor / spread[:, None])
    return border.half().float()  # as it is shipped


def main() -> int:
    """Fit, choose the edge, and write the file with its entry in the manifest."""
    watch = Stopwatch(WEIGHTS.parents[1] / "my" / "border.seconds")
    model = clip.load("tiny", "cpu")[0]
    border = fitted(all_numbers(model, FIT, 0, "train"))
    distances = border(all_numbers(model, CHOSEN, 1, "validation"))
    border.edge.copy_(torch.quantile(distances, INSIDE))
    border.half().float()
    checkpoints.save(border.half(), WEIGHTS / f"{NAME}.safetensors")
    within = (border.float()(all_numbers(model, TESTED, 2, "test")) <= 1).double()
    entry = checkpoints.Entry(
        model=type(border).__name__,
        sha256=checkpoints.sha256(WEIGHTS / f"{NAME}.safetensors"),
        command="python scripts/fit_border.py",
        seed=SEED,
        device=processor().replace(", bfloat16", ""),
        minutes=round(watch.lap() / 60, 1),
        metrics={"world pictures within": (round(within.mean().item(), 4), len(within))},
    )
    checkpoints.write_manifest_entry(NAME, entry)
    return 0


if __name__ == "__main__":
    sys.exit(main())
