"""Recordings from files: whatever is a WAV becomes one channel at 16,000 samples a second.

Python's own `wave` knows whole numbers alone, and not the header that 24 bits and more than two
channels come with; SciPy reads both, and floating point. FLAC, Ogg and MP3 need `soundfile`,
the package's extra `sound`. Another sampling rate is filtered, not thinned: what lies above
half the new one would come back as false low tones. Leaves out recording, and endless streams.
"""

import stat
import warnings
from dataclasses import dataclass
from importlib import import_module
from math import gcd
from os import PathLike
from pathlib import Path
from typing import Any, final

import numpy as np
from jaxtyping import Float32
from scipy.io import wavfile  # type: ignore[import-untyped]
from scipy.signal import resample_poly  # type: ignore[import-untyped]

SAMPLE_RATE = 16_000
LONGEST = 600
"""Seconds of a recording at most; a longer one is to be cut."""

SHORTEST = 0.5
"""Seconds at least: the length of a call."""

SILENCE = 1e-4
"""Largest sample, where 1 is full scale, of what counts as silent: 80 dB below the loudest."""

RATES = (4_000, 384_000)
"""Samples per second, from and to; telephones have 8,000, studios up to 192,000."""

LOUDEST = 64
"""Largest sample: floating numbers may pass full scale a little; far beyond, it was not 1."""

RIFF = (b"RIFF", b"RIFX", b"RF64")


@final
class UnreadableSoundError(ValueError):
    """A file that is no recording, or a damaged one, or in which nothing can be heard."""


@final
@dataclass(frozen=True, eq=False)
class Recording:
    """What is heard, and for how long.

    Args:
        wave: one channel, 16,000 samples a second, full scale is 1.
        seconds: how long it lasts.
    """

    wave: Float32[np.ndarray, " samples"]
    seconds: float


def open_recording(path: str | PathLike[str]) -> Recording:
    """Return the sound in a file: its channels averaged, brought to 16 kHz.

    WAV of 8 to 64 bits, whole or floating numbers, is read at once; FLAC, Ogg and MP3 where
    `soundfile` is installed. Of a WAV that was cut off, what there is of it is heard.

    Raises:
        TypeError: `path` is none.
        UnreadableSoundError: a ValueError; the file is missing, a folder, a device, empty,
            damaged or no recording; it is shorter than half a second, longer than ten minutes,
            silent, or holds numbers that are not finite, or far beyond full scale.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(
            f"open_recording: expected the path of a file; got {type(path).__name__}."
        )
    path = Path(path)
    _require_file(path)
    samples, rate = _samples(path)
    _require_rate(path, rate)
    seconds = len(samples) / rate
    if not SHORTEST <= seconds <= LONGEST:
        raise UnreadableSoundError(
            f"open_recording: a recording must last from {SHORTEST} to {LONGEST} seconds; got "
            f"{seconds:.2f} in {path}; record more, or cut it."
        )
    wave = samples.mean(axis=1)
    if not np.isfinite(wave).all():
        raise UnreadableSoundError(
            f"open_recording: samples must be finite numbers; got others in {path}; export it "
            "again."
        )
    loudest = np.abs(wave).max()
    if loudest > LOUDEST:
        raise UnreadableSoundError(
            f"open_recording: full scale must be 1 in floating numbers; got {loudest:.3g} in "
            f"{path}; divide by what is full scale there, or export it as 16-bit PCM."
        )
    if loudest < SILENCE:
        raise UnreadableSoundError(
            f"open_recording: something must be heard in {path}; it is silent; was the "
            "microphone on?"
        )
    shared = gcd(rate, SAMPLE_RATE)
    if rate != SAMPLE_RATE:
        wave = resample_poly(wave, SAMPLE_RATE // shared, rate // shared)
    return Recording(wave.astype(np.float32), seconds)


def _require_file(path: Path) -> None:
    """Refuse what is no file, before anything is read: a pipe might never end."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise UnreadableSoundError(
            f"open_recording: expected a recording in {path}; {said}."
        ) from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a device or pipe, which may not end"
        raise UnreadableSoundError(
            f"open_recording: expected a recording in {path}; got {kind}."
        )


def _samples(path: Path) -> tuple[np.ndarray, int]:
    """Return samples in float64, (samples, channels), full scale 1, and how many a second."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise UnreadableSoundError(
            f"open_recording: {path} must be yours to read; {error.strerror or error}."
        ) from error
    if not head:
        raise UnreadableSoundError(
            f"open_recording: expected a recording in {path}; it is empty; export it again."
        )
    if head[:4] in RIFF:
        return _wav(path)
    return _other(path)


def _wav(path: Path) -> tuple[np.ndarray, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # chunks of other programs
            rate, samples = wavfile.read(path)
    except Exception as error:  # a damaged header makes SciPy raise whatever it meets
        raise UnreadableSoundError(
            f"open_recording: expected a whole WAV in {path}; got a damaged one, or one that "
            f"is compressed ({error!s:.120}); export it as 16-bit PCM."
        ) from error
    samples = samples if samples.ndim == 2 else samples[:, None]
    if samples.dtype.kind == "f":
        return samples.astype(np.float64), int(rate)
    middle = 128.0 if samples.dtype == np.uint8 else 0.0  # 8 bits alone have no sign
    full = 128.0 if samples.dtype == np.uint8 else float(np.iinfo(samples.dtype).max) + 1
    return (samples.astype(np.float64) - middle) / full, int(rate)


def _other(path: Path) -> tuple[np.ndarray, int]:
    """Return what `soundfile` reads, if it is installed."""
    try:
        soundfile: Any = import_module("soundfile")
    except ImportError as error:
        raise UnreadableSoundError(
            f"open_recording: expected a WAV in {path}; got something else; for FLAC, Ogg and "
            "MP3 install soundfile (pip install 'mmcourse[sound]')."
        ) from error
    try:
        samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    except (RuntimeError, OSError, ValueError) as error:
        said = str(error).rpartition(": ")[2].rstrip(".")
        raise UnreadableSoundError(
            f"open_recording: expected a whole recording in {path}; got a damaged one, or what "
            f"is none ({said:.120}); export it as 16-bit WAV."
        ) from error
    return samples, int(rate)


def _require_rate(path: Path, rate: int) -> None:
    low, high = RATES
    if not low <= rate <= high:
        raise UnreadableSoundError(
            f"open_recording: a recording must have from {low} to {high} samples a second; got "
            f"{rate} in {path}; export it again."
        )
