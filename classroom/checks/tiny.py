"""The shipped model that some questions are asked about, loaded once, with pictures for it.

Leaves out whether it is right about them: a check compares what is made of its vectors.
"""

from functools import cache

import numpy as np

from mmcourse.clip import CLIP, Preprocess, load
from mmcourse.world import KINDS, render, sample_scene

NAMES = tuple(kind for kind in KINDS if not kind.startswith("crane") and kind != "sign")
"""What the pictures show: kinds whose name means one thing, and that are no writing."""


@cache
def tiny() -> tuple[CLIP, Preprocess]:
    """Return the model and what prepares a picture for it, on the CPU."""
    return load("tiny", device="cpu")


def picture(rng: np.random.Generator, kind: str, size: int = 64) -> np.ndarray:
    """Return a picture of one thing, of a difficult one, (size, size, 3) in uint8."""
    scene = sample_scene(rng, n_objects=1, kinds=[kind], split="hard")
    return np.asarray(render(scene, size=size))
