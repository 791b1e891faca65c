"""Recordings of any length, to text: batches of about equal length, in the order they came."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor
from torch.nn import functional as F

from mmcourse.audio import log_mel
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.speech.beam import WIDEST_BEAM, beam
from mmcourse.speech.collapse import greedy
from mmcourse.speech.net import SpeechEncoder

SAMPLE_RATE = 16_000
"""Samples a second that the shipped recogniser hears."""

BATCH = 32
BLOCK = 32
"""Frames: lengths are rounded up to it, for each new length costs a CPU some preparation."""


@checked
def transcribe(wave: Shaped[np.ndarray | Tensor, " samples"], sr: int = SAMPLE_RATE) -> str:
    """Return what is said in a recording, as the shipped recogniser hears it.

    It knows synthetic voices and captions of the drawn world; of people it knows nothing.

    Args:
        wave: as for `audio.log_mel`, of one channel.
        sr: samples a second; only 16,000 are understood.

    Raises:
        ValueError: another sample rate, or a recording that `audio.log_mel` refuses.
    """
    if sr != SAMPLE_RATE:
        raise ValueError(
            f"transcribe: sr must be {SAMPLE_RATE}, as in training; got {sr!r:.40}; resample "
            "the recording first."
        )
    [text] = recognise(_shipped(), [log_mel(wave).float()])
    return text


@checked
@torch.no_grad()
def recognise(
    model: SpeechEncoder, log_mels: Sequence[Float[Tensor, "mels _"]], *, k: int = 1
) -> list[str]:
    """Return what is said in each recording, in small letters.

    Args:
        model: a recogniser.
        log_mels: from `audio.log_mel`, one for each recording; they may differ in length.
        k: 1 decodes greedily, more searches with a beam so wide.

    Raises:
        ValueError: k is out of range, or a recording has no frame or other bands.

    >>> model = SpeechEncoder(mels=5, width=36, layers=1)
    >>> len(recognise(model, [torch.zeros(5, 13), torch.zeros(5, 7)]))
    2
    """
    k = whole("recognise", "k", k, least=1, most=WIDEST_BEAM)
    bands, device = model.conv1.in_channels, model.letters.weight.device
    for each in log_mels:
        if each.shape[0] != bands or not each.shape[1]:
            raise ValueError(
                f"recognise: each of log_mels must have {bands} bands and at least one frame; "
                f"got shape {tuple(each.shape)}; audio.log_mel makes them."
            )
    order = sorted(range(len(log_mels)), key=lambda row: log_mels[row].shape[1])
    texts = [""] * len(log_mels)
    for first in range(0, len(order), BATCH):
        rows = order[first : first + BATCH]
        mels, frames = padded([log_mels[row] for row in rows])
        logits, steps = model(mels.to(device), frames.to(device))
        if k == 1:
            found = greedy(logits, steps)
        else:
            found = [heard.text for heard in beam(logits, steps, k)]
        for row, text in zip(rows, found, strict=True):
            texts[row] = text
    return texts


@checked
def padded(
    log_mels: Sequence[Float[Tensor, "mels _"]],
) -> tuple[Float[Tensor, "batch mels frames"], Int[Tensor, " batch"]]:
    """Return recordings in one tensor, zeros after each, and how many frames each has.

    >>> mels, frames = padded([torch.ones(5, 13), torch.ones(5, 7)])
    >>> mels.shape, frames.tolist()
    (torch.Size([2, 5, 32]), [13, 7])
    """
    if not len(log_mels):
        raise ValueError("padded: log_mels must hold at least one recording; got none.")
    frames = torch.tensor([each.shape[1] for each in log_mels])
    longest = -(-int(frames.max()) // BLOCK) * BLOCK
    rows = [F.pad(each, (0, longest - each.shape[1])) for each in log_mels]
    return torch.stack(rows), frames


@lru_cache(maxsize=1)
def _shipped() -> SpeechEncoder:
    return restore(SpeechEncoder(), "speech")
