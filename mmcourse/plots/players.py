"""Sounds to be heard, side by side: players that need no kernel, in a notebook or on a page.

A sample is kept in eight bits, or a lesson with ten sounds would be a megabyte: what is played
hisses a little, and no model is given it. Leaves out what a sound looks like (`sounds`).
"""

import io
import wave
from base64 import b64encode
from collections.abc import Mapping
from html import escape

import numpy as np
from jaxtyping import UInt8
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import below_figure, sentence
from mmcourse.plots.figure import display

MIDDLE, REACH = 128, 127
"""Of eight bits: silence, and how far the loudest sample lies from it."""

RATES = (3_000, 192_000)
"""Samples a second that browsers play, from and to."""


@checked
def players(waves: Mapping[str, ArrayLike], *, sr: int, alt: str) -> None:
    """Display a player for each sound below its name, all turned up by as much.

    Args:
        waves: for each name the samples, (samples,), whole numbers or floats; the loudest of
            all is played at full scale.
        sr: samples a second, from 3,000 to 192,000.
        alt: a sentence that says what is to be heard.

    Raises:
        ValueError: there is no sound, one has no sample, another number of axes or holds NaN
            or infinity; or `sr` is out of range.
    """
    alt = sentence("players", alt)
    sr = whole("players", "sr", sr, least=RATES[0], most=RATES[1])
    sounds = {name: playable("players", repr(name), samples) for name, samples in waves.items()}
    if not sounds:
        raise ValueError("players: needs at least one sound; got none.")
    loudest = max(float(np.abs(sound).max()) for sound in sounds.values()) or 1.0
    shown = "".join(
        f'<figure style="display:inline-block;margin:0.3em 1em 0.3em 0">'
        f"<figcaption>{escape(name)}</figcaption>"
        f'<audio controls preload="metadata" aria-label="{escape(name)}" '
        f'src="data:audio/wav;base64,{address(sound / loudest, sr)}"></audio></figure>'
        for name, sound in sounds.items()
    )
    text = f"Sounds: {', '.join(sounds)}. {alt}"
    display(({"text/html": shown + below_figure(alt, alt), "text/plain": text}, {}))


def playable(operation: str, name: str, samples: ArrayLike) -> np.ndarray:
    """Return samples as floats.

    Raises:
        ValueError: they are no finite samples of one recording.
    """
    as_numbers(operation, name, samples)
    sound = np.asarray(samples, dtype=float)
    if sound.ndim != 1 or not sound.size or not np.isfinite(sound).all():
        raise ValueError(
            f"{operation}: {name} must have shape (samples,), at least one, all finite; got "
            f"shape {sound.shape}."
        )
    return sound


def address(sound: np.ndarray, sr: int) -> str:
    """Return a WAV file of samples in [-1, 1] as text."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(sr)
        written.writeframes(_eight_bits(sound).tobytes())
    return b64encode(file.getvalue()).decode()


def _eight_bits(sound: np.ndarray) -> UInt8[np.ndarray, " samples"]:
    return np.rint(MIDDLE + REACH * sound).astype(np.uint8)
