"""Sound as a picture: the log-mel spectrogram, pitch upwards and time to the right.

Frames are cut, windowed and Fourier-transformed; their power is gathered into bands that
are equally wide to the ear; the logarithm comes last. Leaves out learning from it.
"""

import math

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked

FLOOR = 1e-6
"""Least power of a band before the logarithm: digital silence becomes log(1e-6) = -13.8."""

INT16_STEPS = 32_768
MOST_SR = 1_000_000
"""Samples per second: no microphone is faster."""
MOST_MEL = 790_000
"""Beyond it a frequency in Hz leaves float64."""
NUMPY_TYPES = (np.int16, np.float16, np.float32, np.float64)


@checked
def hz_to_mel(hz: float) -> float:
    """Return how high a frequency sounds, in mel: 2595 · log10(1 + hz / 700).

    Source: O'Shaughnessy, Speech Communication (1987); HTK uses it (Young et al., The HTK
    Book, section 5.4). Slaney's scale, a straight line below 1000 Hz, is also in use.

    Raises:
        ValueError: it is negative or not finite.

    >>> round(hz_to_mel(1000.0), 2)
    999.99
    """
    return 2595 * math.log10(1 + real("hz_to_mel", "hz", hz, least=0) / 700)


@checked
def mel_to_hz(mel: float) -> float:
    """Return the frequency in Hz that sounds `mel` high, the inverse of `hz_to_mel`.

    Raises:
        ValueError: it is not from 0 to 790,000; higher frequencies leave float64.

    >>> mel_to_hz(2595.0)
    6300.0
    """
    mel = real("mel_to_hz", "mel", mel, least=0, most=MOST_MEL)
    return float(700 * (10 ** (mel / 2595) - 1))


@checked
def mel_filterbank(sr: int, n_fft: int, n_mels: int) -> Float[Tensor, "mels bins"]:
    """Return one triangle per band: how much of each Fourier bin's power it takes.

    The corners are evenly spaced in mel from 0 Hz to sr/2. Band i rises from corner i to 1
    at corner i + 1, and falls to 0 at corner i + 2. The bins are k · sr / n_fft Hz.

    Args:
        sr: samples per second, 1 to 1,000,000.
        n_fft: samples per frame; there are n_fft // 2 + 1 bins.
        n_mels: number of bands, at most one per bin.

    Raises:
        ValueError: it is out of range, or a band is so narrow that it holds no bin.

    One band from 0 to 4 Hz has its top near 2 Hz: the scale is nearly straight down there.

    >>> mel_filterbank(sr=8, n_fft=8, n_mels=1).numpy().round(2).tolist()
    [[0.0, 0.5, 1.0, 0.5, 0.0]]
    """
    return _filterbank("mel_filterbank", sr, n_fft, n_mels).float()


@checked
def log_mel(
    wave: Shaped[np.ndarray, "*batch samples"] | Shaped[Tensor, "*batch samples"],
    sr: int = 16_000,
    n_fft: int = 512,
    hop: int = 256,
    n_mels: int = 48,
) -> Float[Tensor, "*batch mels frames"]:
    """Return the natural log of the power in each mel band of each frame.

    Frame i holds samples i · hop to i · hop + n_fft: only real ones, nothing is padded, so
    there are 1 + (samples - n_fft) // hop frames, and up to hop - 1 last samples are unheard.
    Each is weighted with a periodic Hann window. Powers below 1e-6 count as 1e-6.

    Args:
        wave: one mono recording, or several of one length with time last. int16 is scaled
            to [-1, 1); floating point is taken as it is, [-1, 1] being full scale.
        sr: samples per second, 1 to 1,000,000.
        n_fft: samples per frame.
        hop: samples from one frame's start to the next's.
        n_mels: number of bands, at most n_fft // 2 + 1.

    Returns:
        float64 for a float64 recording, otherwise float32.

    Raises:
        TypeError: the recording is no array or tensor of int16 or floating point, or a number
            is not whole.
        ValueError: the recording is shorter than a frame, holds NaN or infinity, has its
            channels last or is so loud that its power leaves the dtype; or a number is out of
            range, or a band is so narrow that it holds no bin.

    >>> log_mel(np.zeros(1_000, dtype=np.int16)).shape
    torch.Size([48, 2])
    """
    n_fft = whole("log_mel", "n_fft", n_fft, least=1)
    hop = whole("log_mel", "hop", hop, least=1)
    samples = _as_samples(wave)
    _check_samples(samples, n_fft)
    bank = _filterbank("log_mel", sr, n_fft, n_mels).to(samples)
    if not samples.numel():  # the Fourier transform refuses an empty batch
        count = 1 + (samples.shape[-1] - n_fft) // hop
        return samples.new_zeros(*samples.shape[:-1], len(bank), count)
    window = torch.hann_window(n_fft, dtype=samples.dtype, device=samples.device)
    frames = samples.unfold(-1, n_fft, hop) * window  # (*batch, frames, n_fft)
    power = torch.fft.rfft(frames).abs().square()  # (*batch, frames, bins)
    bands = bank @ power.mT  # (*batch, mels, frames)
    if not bands.isfinite().all():
        raise ValueError(
            f"log_mel: too loud: the power of samples up to {samples.abs().max():.3g} leaves "
            f"{samples.dtype}; scale the recording to [-1, 1]."
        )
    return bands.clamp(min=FLOOR).log()


def _filterbank(operation: str, sr: int, n_fft: int, n_mels: int) -> Float[Tensor, "mels bins"]:
    """Return the triangles in float64, or refuse the settings in the name of `operation`."""
    sr = whole(operation, "sr", sr, least=1, most=MOST_SR)
    n_fft = whole(operation, "n_fft", n_fft, least=1)
    n_mels = whole(operation, "n_mels", n_mels, least=1)
    if n_mels > n_fft // 2 + 1:
        raise ValueError(
            f"{operation}: n_mels must be at most n_fft // 2 + 1 = {n_fft // 2 + 1}, the "
            f"number of Fourier bins; got {n_mels}; use fewer n_mels or a larger n_fft."
        )
    top = hz_to_mel(sr / 2)
    corners = [mel_to_hz(top * i / (n_mels + 1)) for i in range(n_mels + 2)]
    corners[-1] = sr / 2  # there and back through a logarithm misses it by a hair
    edges = torch.tensor(corners, dtype=torch.float64)[:, None]
    hz = torch.arange(n_fft // 2 + 1, dtype=torch.float64) * sr / n_fft
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    bank = torch.minimum(rising, falling).clamp(min=0)
    empty = int((bank.sum(dim=1) == 0).sum())
    if empty:
        raise ValueError(
            f"{operation}: {empty} of {n_mels} bands hold no Fourier bin "
            f"({sr / n_fft:.1f} Hz apart); use fewer n_mels or a larger n_fft."
        )
    return bank


def _as_samples(wave: object) -> Float[Tensor, "*batch samples"]:
    """Return samples in float32, or in float64 if they came so; int16 is scaled."""
    if isinstance(wave, np.ndarray) and wave.dtype.newbyteorder("=") in NUMPY_TYPES:
        tensor = torch.from_numpy(wave.astype(wave.dtype.newbyteorder("="), order="C"))
    elif isinstance(wave, Tensor) and (wave.dtype == torch.int16 or wave.is_floating_point()):
        tensor = wave
    else:
        kind = getattr(wave, "dtype", type(wave).__name__)
        raise TypeError(
            f"log_mel: expected a numpy array or torch tensor of int16 or floating point; "
            f"got {kind}. Convert other integers to float and divide by their full scale."
        )
    if tensor.dtype == torch.int16:
        return tensor.float() / INT16_STEPS
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def _check_samples(samples: Tensor, n_fft: int) -> None:
    shape = tuple(samples.shape)
    if samples.ndim == 2 and shape[1] <= 2 < shape[0]:
        raise ValueError(
            f"log_mel: time must be the last axis; got shape {shape}, which looks like "
            f"{shape[1]} channel(s). Average them to mono first: wave.mean(axis=1)."
        )
    if samples.ndim == 0 or shape[-1] < n_fft:
        raise ValueError(
            f"log_mel: needs at least n_fft = {n_fft} samples; got shape {shape}. "
            "Pad the recording with zeros or use a smaller n_fft."
        )
    if not torch.isfinite(samples).all():
        raise ValueError(
            "log_mel: samples must be finite; got NaN or infinity. "
            "Replace them, for example with np.nan_to_num."
        )
