"""Dictation letters: a spectrogram becomes, 31 times a second, a guess at what is being spelt.

Two convolutions halve the frames. Then come transformer blocks, before each of which a short
convolution in every channel tells a frame what its neighbours are; there is no other sense of
place, so that a sentence may be of any length (after Conformer, arXiv 2005.08100, section 2,
much simplified). Each band of a recording loses its mean first: how loud it is, and half of
what makes a voice dull or bright, is gone. Leaves out a language model: which letters follow
each other is learned with the sound, or not at all.
"""

from typing import final

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.speech.alphabet import UNITS
from mmcourse.transformer import WIDEST, LayerNorm, ResidualAttentionBlock

HEAD_DIM = 36
"""Numbers in each head of attention."""

TAPS = 9
"""Steps that a frame hears before each block: four on either side, 0.13 s each way."""

SPREAD = 3.0
"""Standard deviation of a log-mel about its band's mean, roughly: what it is divided by."""


@final
class SpeechEncoder(nn.Module):
    """Which letter, or none, is spoken at each step of 32 ms?

    Args:
        mels: bands of the spectrogram.
        units: what can be told apart: the letters and the blank.
        width: numbers in a step; a multiple of 36.
        layers: blocks of attention.

    Raises:
        ValueError: a number is out of range.

    >>> model = SpeechEncoder(mels=5, width=36, layers=1)
    >>> logits, steps = model(torch.zeros(2, 5, 13), torch.tensor([13, 6]))
    >>> logits.shape, steps.tolist()
    (torch.Size([2, 7, 28]), [7, 3])
    """

    @checked
    def __init__(
        self, mels: int = 48, *, units: int = UNITS, width: int = 144, layers: int = 3
    ) -> None:
        super().__init__()
        mels = whole("SpeechEncoder", "mels", mels, least=1, most=WIDEST)
        units = whole("SpeechEncoder", "units", units, least=2, most=WIDEST)
        width = whole("SpeechEncoder", "width", width, least=HEAD_DIM, most=WIDEST)
        if width % HEAD_DIM:
            raise ValueError(
                f"SpeechEncoder: width must be a multiple of {HEAD_DIM}; got {width}."
            )
        layers = whole("SpeechEncoder", "layers", layers, least=0, most=WIDEST)
        self.conv1 = nn.Conv1d(mels, width, 5, stride=2, padding=2)
        self.conv2 = nn.Conv1d(width, width, 5, padding=2)
        self.ln_sound = LayerNorm(width)
        self.neighbours = nn.ModuleList(
            nn.Conv1d(width, width, TAPS, padding=TAPS // 2, groups=width)
            for _ in range(layers)
        )
        self.resblocks = nn.ModuleList(
            ResidualAttentionBlock(width, width // HEAD_DIM) for _ in range(layers)
        )
        self.ln_final = LayerNorm(width)
        self.letters = nn.Linear(width, units)

    @checked
    def forward(
        self, mels: Float[Tensor, "batch mels frames"], frames: Int[Tensor, " batch"]
    ) -> tuple[Float[Tensor, "batch steps units"], Int[Tensor, " batch"]]:
        """Return the logits of every step, and how many steps of each recording are real.

        What stands beyond a recording's frames is not heard: its answer is the same beside
        longer ones.

        Args:
            mels: from `audio.log_mel`, padded with anything finite to the longest.
            frames: how many of them each recording has, at least 1.

        Raises:
            ValueError: a log-mel is not finite, or there are more frames than it has.
        """
        require_finite("SpeechEncoder", mels=mels)
        _require_frames(frames, mels.shape[2])
        real = _first(mels.shape[2], frames)[:, None]  # (batch, 1, frames)
        sound = _centred(mels, real)
        steps = (frames + 1) // 2
        x = F.gelu(self.conv1(sound))  # (batch, mels, frames) -> (batch, width, steps)
        real = _first(x.shape[2], steps)
        x = F.gelu(self.conv2(x * real[:, None])).mT  # -> (batch, steps, width)
        x, real = self.ln_sound(x), real[:, :, None]
        mask = torch.zeros(real.shape, device=x.device).masked_fill(~real, float("-inf"))
        for heard_around, block in zip(self.neighbours, self.resblocks, strict=True):
            x = x + heard_around((x * real).mT).mT
            x, _ = block(x, mask.mT[:, None])  # (batch, 1, 1, steps)
        return self.letters(self.ln_final(x)), steps


def _centred(
    mels: Float[Tensor, "batch mels frames"], real: Bool[Tensor, "batch 1 frames"]
) -> Float[Tensor, "batch mels frames"]:
    """Return each band less its mean over the real frames, which are followed by zeros."""
    mean = (mels * real).sum(2, keepdim=True) / real.sum(2, keepdim=True)
    return (mels - mean) * real / SPREAD


def _first(length: int, counts: Int[Tensor, " batch"]) -> Bool[Tensor, "batch length"]:
    """Return True for the first so many places of each row."""
    return torch.arange(length, device=counts.device) < counts[:, None]


def _require_frames(frames: Int[Tensor, " batch"], most: int) -> None:
    if len(frames) and not 1 <= int(frames.min()) <= int(frames.max()) <= most:
        raise ValueError(
            f"SpeechEncoder: frames must be from 1 to {most}, as many as mels has; got "
            f"{int(frames.min())} to {int(frames.max())}."
        )
