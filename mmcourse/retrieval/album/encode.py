"""Pictures into vectors of length 1, batch by batch, while the next files are decoded.

Threads decode ahead of the model, two batches and no more, so that the model does not wait
for a disk and memory does not hold a folder. Leaves out several models or GPUs.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias, TypeVar, final

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.clip import CLIP
from mmcourse.images import UnreadableImageError, as_rgb, open_rgb
from mmcourse.retrieval.album.sources import Entry

Preparing: TypeAlias = Callable[[Image.Image], Tensor]
"""What makes a picture ready for a model, as from `clip.load`."""

Given = TypeVar("Given")
Made = TypeVar("Made")

MOST_THREADS = 8
_LOADING = Lock()


@final
@dataclass(frozen=True, kw_only=True)
class Encoder:
    """A model and how it is put to work; see `Index.build`."""

    model: CLIP
    preprocess: Preparing
    model_name: str | None
    batch: int
    threads: int
    progress: bool


@final
@dataclass(frozen=True)
class Batch:
    """What became of some entries, in their order.

    Args:
        vectors: of those that could be encoded, each of length 1.
        reasons: one for each entry: why it could not be encoded, or None.
    """

    vectors: Float[np.ndarray, "encoded dim"]
    reasons: Sequence[str | None]


def encoder(
    model: CLIP,
    preprocess: Preparing,
    model_name: str | None,
    batch: int,
    threads: int | None,
    *,
    progress: bool,
) -> Encoder:
    """Return how to encode, after checking it.

    Raises:
        TypeError: a number is none.
        ValueError: a number is below 1, or the model is in training mode.
    """
    if model.training:
        raise ValueError(
            "Index.build: the model must be in evaluation mode; got one in training mode, "
            "whose vectors depend on the batch; call model.eval()."
        )
    if threads is not None:
        whole("Index.build", "threads", threads, least=1)
    return Encoder(
        model=model,
        preprocess=preprocess,
        model_name=model_name,
        batch=whole("Index.build", "batch", batch, least=1),
        threads=threads or _usual_threads(),
        progress=progress,
    )


def encode(by: Encoder, entries: Sequence[Entry]) -> Generator[Batch, None, None]:
    """Yield the vectors of some entries, a batch at a time."""
    side = by.model.visual.input_resolution

    def prepare(entry: Entry) -> Tensor | str:
        try:
            return by.preprocess(_picture(entry.content, side))
        except (ValueError, OSError) as error:  # open_rgb's and preprocess's, in words
            known = f"open_rgb: expected a picture in {entry.content}; got "
            return str(error).removeprefix(known)

    pool = ThreadPoolExecutor(by.threads, thread_name_prefix="decode")
    try:
        prepared = _in_order(pool, prepare, entries, ahead=2 * by.batch)
        for start in range(0, len(entries), by.batch):
            some = entries[start : start + by.batch]
            yield _encoded(by.model, [next(prepared) for _ in some])
    finally:
        pool.shutdown(cancel_futures=True)


def unit_vectors(model: CLIP, pictures: Float[Tensor, "n 3 side side"]) -> Any:
    """Return a vector of length 1 for each prepared picture; NaN where the model gave none."""
    with torch.inference_mode():
        features = model.encode_image(pictures.to(device_of(model)))
        return F.normalize(features.float(), dim=-1).cpu().numpy()


def device_of(model: CLIP) -> torch.device:
    """Return where a model computes."""
    return next(model.parameters()).device


def _in_order(
    pool: ThreadPoolExecutor,
    call: Callable[[Given], Made],
    things: Iterable[Given],
    *,
    ahead: int,
) -> Iterator[Made]:
    """Yield what `call` makes of each thing, while the pool works on those that follow."""
    waiting: deque[Any] = deque()
    for thing in things:
        waiting.append(pool.submit(call, thing))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _usual_threads() -> int:
    """Return one thread for each core that this process may use, eight at most."""
    if hasattr(os, "sched_getaffinity"):
        return min(MOST_THREADS, len(os.sched_getaffinity(0)))
    return min(MOST_THREADS, os.cpu_count() or 1)


def _picture(content: Any, side: int) -> Image.Image:
    if isinstance(content, str):
        return open_rgb(content, at_least=side)
    if isinstance(content, np.ndarray):
        return Image.fromarray(content)
    try:
        with _LOADING:  # the same lazily opened picture may be listed twice
            return as_rgb(content)
    except UnreadableImageError as error:
        raise UnreadableImageError(str(error).partition("; got ")[2]) from error


def _encoded(model: CLIP, prepared: Sequence[Tensor | str]) -> Batch:
    pictures = [each for each in prepared if not isinstance(each, str)]
    reasons = [each if isinstance(each, str) else None for each in prepared]
    if not pictures:
        return Batch(np.empty((0, model.text_projection.shape[1]), np.float32), reasons)
    vectors = unit_vectors(model, torch.stack(pictures))
    lengths = np.linalg.norm(vectors, axis=1)
    whole = np.abs(lengths - 1) < 1e-3  # False for NaN as well
    verdict = iter(whole)
    reasons = [
        "the model made no finite vector of it" if each is None and not next(verdict) else each
        for each in reasons
    ]
    return Batch(vectors[whole], reasons)
