"""What the painter, its autoencoder and its judge can do, on scenes and prompts for testing.

Each number is a share with the number of answers behind it.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool
from painted_scenes import SIZE, is_fit
from torch import Tensor

from mmcourse.autoencoder import Autoencoder, as_images, as_pixels
from mmcourse.judge import NONE, Judge, Verdict, truth
from mmcourse.rectified_flow import Painter, paint_best, pair_wishes, single_wishes
from mmcourse.rectified_flow.wishes import Wish
from mmcourse.world import Scene, render, sample_scene

SEED = 20_27
Shares = dict[str, tuple[float, int]]
SINGLE = ("kind", "colour", "setting")
PAIR = ("kind", "second_kind")
PAIR_AND_COLOURS = ("kind", "second_kind", "colour", "second_colour")


def fit_scenes(n: int, number: int, split: str) -> list[Scene]:
    """Return scenes such as the painter was taught from, of another split."""
    rng, found = np.random.default_rng([SEED, number]), []
    while len(found) < n:
        scene = sample_scene(rng, n_objects=number, split=split)
        if is_fit(scene):
            found.append(scene)
    return found


def drawn(scenes: Sequence[Scene]) -> np.ndarray:
    """Return the pictures of scenes, as bytes."""
    return np.stack([render(scene, SIZE) for scene in scenes])


def right(
    verdicts: Sequence[Verdict], wanted: Sequence[Verdict], parts: Sequence[str]
) -> Bool[Tensor, " n"]:
    """Return where a verdict is right in all of some parts."""
    return torch.tensor(
        [
            all(getattr(seen, part) == getattr(wish, part) for part in parts)
            for seen, wish in zip(verdicts, wanted, strict=True)
        ]
    )


def share(found: Bool[Tensor, " n"]) -> tuple[float, int]:
    """Return the share of right answers, and how many there are."""
    return round(found.double().mean().item(), 4), len(found)


@torch.no_grad()
def measure_autoencoder(autoencoder: Autoencoder, n: int = 1000) -> Shares:
    """Return how many numbers of a picture come back nearly the same."""
    images = as_images(drawn(fit_scenes(n, 1, "test")))
    back = torch.cat(
        [autoencoder.decode(autoencoder.encode(part)) for part in images.split(250)]
    )
    near = (back - images).abs().amax(1) < 0.1
    return {"pixels within 5 %": (round(near.double().mean().item(), 4), near.numel())}


def measure_judge(judge: Judge, autoencoder: Autoencoder, n: int = 2000) -> Shares:
    """Return what the judge sees in pictures drawn, and drawn and folded, and in nothing."""
    found: Shares = {}
    for name, number, split, parts in (
        ("", 1, "test", SINGLE),
        ("held-out ", 1, "held-out", SINGLE[:2]),
    ):
        scenes = fit_scenes(n, number, split)
        verdicts = judge.verdicts(torch.from_numpy(drawn(scenes)))
        wanted = [truth(scene) for scene in scenes]
        for part in parts:
            found[name + part] = share(right(verdicts, wanted, (part,)))
    found |= _of_pairs(judge, n // 2) | _of_folded(judge, autoencoder, n // 2)
    return found


def measure_flow(painter: Painter, judge: Judge, samplings: int = 5) -> Shares:
    """Return how often the painter meets a wish, by the judge."""
    rng = np.random.default_rng([SEED, 5])
    generator = torch.Generator().manual_seed(SEED)
    wishes = single_wishes(rng, 4)
    found = judged(judge, painter.paint(texts(wishes * samplings), generator=generator), wishes)
    best = paint_best(painter, texts(wishes), 4, generator=generator)
    found |= judged(judge, best, wishes, " (best of 4)")
    unmet = single_wishes(rng, 4, held_out=True)
    pixels = painter.paint(texts(unmet * samplings), generator=generator)
    found |= {f"held-out {name}": value for name, value in judged(judge, pixels, unmet).items()}
    pairs = pair_wishes(rng, 200)
    verdicts = judge.verdicts(painter.paint(texts(pairs), generator=generator))
    wanted = [wish.wanted for wish in pairs]
    found["two kinds"] = share(right(verdicts, wanted, PAIR))
    found["two kinds, each in its colour"] = share(right(verdicts, wanted, PAIR_AND_COLOURS))
    return found


def judged(judge: Judge, pixels: Tensor, wishes: Sequence[Wish], after: str = "") -> Shares:
    """Return the shares of single things met, the wishes painted once or several times over."""
    verdicts = judge.verdicts(pixels)
    wanted = [wish.wanted for wish in wishes] * (len(pixels) // len(wishes))
    return {part + after: share(right(verdicts, wanted, (part,))) for part in SINGLE}


def texts(wishes: Sequence[Wish]) -> list[str]:
    """Return the prompts."""
    return [wish.text for wish in wishes]


def _of_pairs(judge: Judge, n: int) -> Shares:
    scenes = fit_scenes(n, 2, "test")
    verdicts = judge.verdicts(torch.from_numpy(drawn(scenes)))
    wanted = [truth(scene) for scene in scenes]
    return {
        "two kinds": share(right(verdicts, wanted, PAIR)),
        "two kinds, each in its colour": share(right(verdicts, wanted, PAIR_AND_COLOURS)),
    }


@torch.no_grad()
def _of_folded(judge: Judge, autoencoder: Autoencoder, n: int) -> Shares:
    """Return what is seen in pictures that were folded, and in two folded as one."""
    scenes = fit_scenes(n, 1, "test")
    images = as_images(drawn(scenes))
    latents = torch.cat([autoencoder.encode(part) for part in images.split(250)])
    found: Shares = {}
    verdicts = judge.verdicts(_unfolded(autoencoder, latents))
    found["folded kind"] = share(right(verdicts, [truth(scene) for scene in scenes], ("kind",)))
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(SEED))
    verdicts = judge.verdicts(_unfolded(autoencoder, noise))
    found["nothing in noise"] = share(torch.tensor([seen.kind == NONE for seen in verdicts]))
    return found


def _unfolded(autoencoder: Autoencoder, latents: Tensor) -> Tensor:
    return as_pixels(torch.cat([autoencoder.decode(part) for part in latents.split(250)]))
