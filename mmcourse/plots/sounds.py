"""Sounds side by side: the wave above, its spectrogram below."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.figure import COLOURS, MOST_INCHES, blank, sentence, set_title, show


@checked
def sounds(
    clips: Mapping[str, tuple[ArrayLike, ArrayLike]], *, sr: int, alt: str, inches: float = 4.5
) -> None:
    """Display waves with their spectrograms, all on the same scales.

    Args:
        clips: for each title a wave (samples,), int16 or floats with full scale 1, and its
            spectrogram (bands, frames): the log power in nats, low bands first.
        sr: samples per second, at least 1.
        alt: a sentence that says what the sounds show.
        inches: width of each.

    Raises:
        ValueError: there is no clip, a wave or spectrogram is empty, has the wrong number of
            axes or holds NaN or infinity, or `sr` is below 1.
    """
    alt = sentence("sounds", alt)
    sr = whole("sounds", "sr", sr, least=1)
    inches = real("sounds", "inches", inches, above=0, most=MOST_INCHES)
    pairs = _checked(clips)
    figure, axes = blank(inches * len(pairs), 3.6, rows=2, columns=len(pairs))
    spectra = [spectrum for _, spectrum in pairs.values()]
    darkest, brightest = min(s.min() for s in spectra), max(s.max() for s in spectra)
    for column, (title, (wave, spectrum)) in enumerate(pairs.items()):
        above, below = axes[column], axes[len(pairs) + column]
        _draw_wave(above, wave, sr)
        set_title(above, title)
        image = below.imshow(
            spectrum,
            origin="lower",
            aspect="auto",
            interpolation="nearest",
            extent=(0, len(wave) / sr, 0, len(spectrum)),
            cmap="magma",
            vmin=darkest,
            vmax=brightest,
        )
        below.set_xlabel("time (s)")
        below.set_ylabel("mel band (number)")
    figure.colorbar(image, ax=axes[-1], label="log power (nats)", fraction=0.05, pad=0.01)
    show(figure, alt)


def _draw_wave(axis: Axes, wave: np.ndarray, sr: int) -> None:
    full = 32_768 if wave.dtype == np.int16 else 1
    axis.plot(np.arange(len(wave)) / sr, wave / full, color=COLOURS[0], linewidth=0.4)
    axis.set_xlim(0, len(wave) / sr)
    axis.set_ylabel("share of full scale")


def _checked(
    clips: Mapping[str, tuple[ArrayLike, ArrayLike]],
) -> dict[str, tuple[np.ndarray, ...]]:
    if not clips:
        raise ValueError("sounds: needs at least one clip; got none.")
    for title, pair in clips.items():
        for array in pair:
            as_numbers("sounds", repr(title), array)
    pairs = {title: tuple(map(np.asarray, pair)) for title, pair in clips.items()}
    for title, arrays in pairs.items():
        if [array.ndim for array in arrays] != [1, 2]:
            raise ValueError(
                f"sounds: {title!r} needs a wave (samples,) and a spectrogram (bands, frames); "
                f"got shapes {[array.shape for array in arrays]}."
            )
        if not all(array.size and np.isfinite(array).all() for array in arrays):
            raise ValueError(
                f"sounds: {title!r} needs a wave and a spectrogram of at least one number, all "
                f"finite; got shapes {[array.shape for array in arrays]}."
            )
    return pairs
