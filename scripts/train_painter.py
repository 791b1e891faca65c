"""The three models of lesson 13, each trained, measured and shipped: `train_weights.py NAME`.

They need each other in this order: the autoencoder folds the pictures that the flow learns
from; what the flow painted when it had hardly begun teaches the judge what "none" looks like.
"""

from pathlib import Path

import numpy as np
import torch
import train_autoencoder
import train_flow
import train_judge
from measure_pictures import measure_autoencoder, measure_flow, measure_judge, texts
from shipping import rounded, ship
from stopwatch import Stopwatch

from mmcourse import clip
from mmcourse.autoencoder import Autoencoder
from mmcourse.checkpoints import restore
from mmcourse.judge import load_judge
from mmcourse.rectified_flow import FlowNet, Painter, single_wishes

BEGINNERS = (50, 100)
"""Steps of the flow whose pictures show nothing yet."""


def autoencoder(folder: Path, device: str) -> None:
    """Train, measure and ship the autoencoder."""
    watch = Stopwatch(folder / "autoencoder.seconds")
    model = rounded(train_autoencoder.train(folder, device))
    minutes = watch.lap() / 60
    ship(
        "autoencoder", model, train_autoencoder.SEED, minutes, measure_autoencoder(model.cpu())
    )


def flow(folder: Path, device: str) -> None:
    """Train, measure and ship the painter; it is measured once there is a judge."""
    watch, folded = Stopwatch(folder / "flow.seconds"), shipped_autoencoder(device)
    net = rounded(train_flow.train(folder, device, folded))
    minutes = watch.lap() / 60
    painter = Painter(clip.load("tiny", device)[0], net, folded)
    ship("flow", net, train_flow.SEED, minutes, measure_flow(painter, load_judge().to(device)))


def judge(folder: Path, device: str) -> None:
    """Train, measure and ship the judge."""
    watch, folded = Stopwatch(folder / "judge.seconds"), shipped_autoencoder(device)
    model = rounded(train_judge.train(folder, device, folded, blobs(folder, folded)))
    minutes = watch.lap() / 60
    ship("judge", model, train_judge.SEED, minutes, measure_judge(model.cpu(), folded.cpu()))


def shipped_autoencoder(device: str) -> Autoencoder:
    """Return the autoencoder as it is shipped."""
    return restore(Autoencoder(), "autoencoder").to(device)


def blobs(folder: Path, folded: Autoencoder) -> np.ndarray:
    """Return what a beginner of a painter paints.

    Raises:
        FileNotFoundError: no painter has begun to learn in this folder.
    """
    device, found = str(folded.mean.device), []
    wishes = texts(single_wishes(np.random.default_rng(train_judge.SEED), 40))
    for steps in BEGINNERS:
        path = folder / f"flow-{steps:05d}.pt"
        if not path.exists():
            raise FileNotFoundError(
                f"train_weights.py judge: expected {path}, a painter's beginning; there is "
                "none; run train_weights.py flow first, for its first minutes at least."
            )
        net = FlowNet()
        net.load_state_dict(torch.load(path))
        painter = Painter(clip.load("tiny", device)[0], net.to(device).eval(), folded)
        generator = torch.Generator().manual_seed(steps)
        found.append(painter.paint(wishes, generator=generator).numpy())
    return np.concatenate(found)


TRAINED = {"autoencoder": autoencoder, "flow": flow, "judge": judge}
