"""Sounds side by side: the wave above, its spectrogram below."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from mmcourse.plots.figure import COLOURS, blank, sentence, set_title, show


def sounds(
    clips: Mapping[str, tuple[ArrayLike, ArrayLike]], *, sr: int, alt: str, inches: float = 4.5
) -> None:
    """Display waves with their spectrograms, all on the same scales.

    Args:
        clips: for each title a wave (samples,) and its spectrogram (bands, frames), low
            bands first.
        sr: samples per second.
        alt: a sentence that says what the sounds show.
        inches: width of each.

    Raises:
        ValueError: there is no clip, or a wave or spectrogram has the wrong number of axes.
    """
    alt = sentence("sounds", alt)
    pairs = {title: tuple(map(np.asarray, pair)) for title, pair in clips.items()}
    _check(pairs)
    figure, axes = blank(inches * len(pairs), 3.6, rows=2, columns=len(pairs))
    spectra = [spectrum for _, spectrum in pairs.values()]
    darkest, brightest = min(s.min() for s in spectra), max(s.max() for s in spectra)
    for column, (title, (wave, spectrum)) in enumerate(pairs.items()):
        above, below = axes[column], axes[len(pairs) + column]
        seconds = len(wave) / sr
        above.plot(np.arange(len(wave)) / sr, wave, color=COLOURS[0], linewidth=0.4)
        above.set_xlim(0, seconds)
        above.set_ylabel("sample value")
        set_title(above, title)
        below.imshow(
            spectrum,
            origin="lower",
            aspect="auto",
            extent=(0, seconds, 0, len(spectrum)),
            cmap="magma",
            vmin=darkest,
            vmax=brightest,
        )
        below.set_xlabel("time (s)")
        below.set_ylabel("mel band")
    show(figure, alt)


def _check(pairs: Mapping[str, tuple[np.ndarray, ...]]) -> None:
    if not pairs:
        raise ValueError("sounds: needs at least one clip; got none.")
    for title, arrays in pairs.items():
        if [array.ndim for array in arrays] != [1, 2]:
            raise ValueError(
                f"sounds: {title!r} needs a wave (samples,) and a spectrogram (bands, frames); "
                f"got shapes {[array.shape for array in arrays]}."
            )
