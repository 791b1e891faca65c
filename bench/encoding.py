"""Measure one way to encode pictures, in a process of its own: speed and peak memory.

usage: python -m bench.encoding DEVICE DTYPE BATCH   (prints a line of JSON)

On a CPU, seconds are those of one core that worked; on a GPU they are those on the clock, with
all work awaited. Weights are drawn at random, in the sizes of ViT-B/32.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import skimage
import torch
from PIL import Image

from bench.memory import taken, taken_on_gpu
from mmcourse import clip
from mmcourse.clip.released.releases import RELEASES
from mmcourse.images import open_rgb

SIZES = RELEASES["ViT-B/32"].config

SECONDS = 4
"""That are measured, at least, after one batch that is not."""

PHOTO = (4000, 3000)
"""Width and height of a telephone's photo: 12 million pixels."""


def encoding(device: str, dtype: str, batch: int) -> dict[str, float]:
    """Return pictures a second, and the megabytes of weights and of all else at the peak."""
    model = clip.CLIP(SIZES).eval()
    clip.convert_weights(model, getattr(torch, dtype))
    model.to(device)
    side = SIZES.image_resolution
    images = torch.randn(batch, 3, side, side, device=device)
    encode = torch.inference_mode()(lambda: model.encode_image(images))
    tower = model.visual.parameters()
    weights = sum(weight.numel() * weight.element_size() for weight in tower)
    peak = (taken if device == "cpu" else taken_on_gpu)(
        encode
    )  # first: torch keeps what it took
    rate = _rate(encode, batch, device)
    return {"per_second": rate, "weights_mb": weights / 1e6, "peak_mb": peak / 1e6}


def reading(how: str) -> dict[str, float]:
    """Return photos a second that are read from JPEG and preprocessed, whole or draft."""
    preprocess = clip.Preprocess(SIZES.image_resolution)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "photo.jpg")
        photo = Image.open(Path(skimage.data_dir, "coffee.png")).convert("RGB")
        photo.resize(PHOTO, Image.Resampling.BICUBIC).save(path, quality=90)
        at_least = {"whole": None, "draft": SIZES.image_resolution}[how]
        rate = _rate(lambda: preprocess(open_rgb(path, at_least=at_least)), 1, "cpu")
    return {"per_second": rate, "weights_mb": 0, "peak_mb": 0}


def _rate(work: Callable[[], object], count: int, device: str) -> float:
    """Return how much is done in a second, from as many rounds as fill SECONDS."""
    clock = process_time if device == "cpu" else perf_counter
    work()
    _await(device)
    started, rounds = clock(), 0
    while clock() - started < SECONDS or not rounds:
        work()
        _await(device)
        rounds += 1
    return rounds * count / (clock() - started)


def _await(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize()


def main(words: list[str]) -> None:
    """Measure what is named, and print it."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    device, dtype, batch = words
    found = reading(dtype) if device == "read" else encoding(device, dtype, int(batch))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
