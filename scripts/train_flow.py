"""Train the painter of lesson 13; `train_weights.py flow` calls this.

Pictures are folded once. Captions are said anew at every step and read by `tiny`, which stays
as it is. What is shipped is a running mean of the weights (arXiv 2006.11239, appendix B).
"""

from pathlib import Path
from shutil import which

import numpy as np
import torch
from averaged import Averaged
from jaxtyping import Float
from painted_scenes import Painted, painted
from precision import mixed
from said_fully import said_fully
from torch import Tensor
from tqdm.auto import tqdm
from train_autoencoder import DIET

from mmcourse import clip
from mmcourse.autoencoder import Autoencoder, as_images
from mmcourse.rectified_flow.guidance import drop_condition
from mmcourse.rectified_flow.loss import flow_loss, logit_normal_times
from mmcourse.rectified_flow.net import LENGTH, FlowNet
from mmcourse.rectified_flow.prompts import read_prompts
from mmcourse.tokenizer.clip import clip_vocabulary
from mmcourse.train import fit, optimizers
from mmcourse.world import Scene

SEED = 1
STEPS, BATCH, LR, MUON_LR = 4_800, 96, 1.5e-3, 0.02
PAIRS = 0.25
"""Share of the batches' pictures that show two things."""

DROPPED = 0.1
"""Share of the prompts that are replaced by `nothing`."""

TIMES_MEAN = -0.2
LOOKED_AT = (50, 100, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 4_800)
"""Steps after which the mean is kept, to find out afterwards which word is learnt when."""


def train(
    folder: Path,
    device: str,
    autoencoder: Autoencoder,
    steps: int = STEPS,
) -> FlowNet:
    """Return a trained painter.

    Args:
        folder: of pictures, and of the run's checkpoint.
        device: where it learns.
        autoencoder: trained; it stays as it is.
        steps: how many.
    """
    torch.manual_seed(SEED)
    data = painted(folder, DIET)
    folded = fold(folder / "folded.pt", data, autoencoder, device)
    reader, model = clip.load("tiny", device)[0], Averaged(FlowNet().to(device))
    net = torch.compile(model.net) if which("g++") else model.net  # half as fast again
    single = sum(scene.layout == "single" for scene in data.scenes)

    def loss_at(step: int) -> Tensor:
        rng, generator = np.random.default_rng([SEED, 2, step]), torch.Generator()
        generator.manual_seed(step)
        rows = draw_rows(rng, single, len(data))
        captions = [said(data.scenes[row], rng) for row in rows]
        condition = drop_condition(
            read_prompts(reader, captions), model.net.nothing, DROPPED, generator=generator
        )
        times = logit_normal_times(BATCH, TIMES_MEAN, generator=generator).to(device)
        clean = folded[torch.tensor(rows)].to(device).float()

        def velocity(points: Tensor, times: Tensor) -> Tensor:
            with mixed(device):
                return net(points, times, condition)

        return flow_loss(velocity, clean, generator=generator, times=times)

    def after_step(done: int) -> None:
        model.after_step(done)
        if done in LOOKED_AT:
            torch.save(model.mean.state_dict(), folder / f"flow-{done:05d}.pt")

    fit(
        model.train(),
        loss_at,
        steps,
        chosen=optimizers(model, lr=LR, muon_lr=MUON_LR, weight_decay=0.0),
        after_step=after_step,
        checkpoint=folder / "flow.pt",
        every=250,
    )
    return model.mean.eval()


@torch.no_grad()
def fold(
    path: Path, data: Painted, autoencoder: Autoencoder, device: str
) -> Float[Tensor, "n 16 8 8"]:
    """Return all pictures folded, in float16; kept in a file."""
    if not path.exists():
        parts = [
            autoencoder.encode(as_images(data.pixels(range(start, start + 512))).to(device))
            for start in tqdm(range(0, len(data), 512), desc="folding")
        ]
        torch.save(torch.cat(parts).half().cpu(), path)
    return torch.load(path)


def draw_rows(rng: np.random.Generator, single: int, everything: int) -> list[int]:
    """Return the rows of one batch: single things, which come first, and pairs."""
    pairs = round(PAIRS * BATCH)
    return [
        *(int(single * place) for place in rng.random(BATCH - pairs)),
        *(single + int((everything - single) * place) for place in rng.random(pairs)),
    ]


def said(scene: Scene, rng: np.random.Generator) -> str:
    """Return a caption of a length that the painter reads."""
    vocabulary = clip_vocabulary()  # start and end are tokens, too
    return said_fully(scene, rng, lambda text: len(vocabulary.encode(text)) <= LENGTH - 2)
