"""Sounds side by side: the wave above, its spectrogram below."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.captions import sentence
from mmcourse.plots.figure import COLOURS, MOST_INCHES, blank, set_title, show

Span: TypeAlias = tuple[str, float, float]
"""What is heard, from which second, to which."""

MARGIN = 1.1
"""Room above the loudest sample, as a share of it."""

HIGHEST = 1_000_000
"""Hz: a pitch above it has no room beside its band."""

SLACK = 1e-6
"""Seconds that a span may end too late by rounding."""


@checked
def sounds(
    clips: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    sr: int,
    alt: str,
    spans: Mapping[str, Sequence[Span]] | None = None,
    pitches: Mapping[int, float] | None = None,
    inches: float = 4.5,
) -> None:
    """Display waves with their spectrograms, all on the same scales.

    Args:
        clips: for each title a wave (samples,), int16 or floats with full scale 1, and its
            spectrogram (bands, frames): the log power in nats, low bands first.
        sr: samples per second, at least 1.
        alt: a sentence that says what the sounds show.
        spans: for some titles what is heard when, (name, from second, to second) each, written
            over the spectrogram.
        pitches: of some bands the pitch in Hz, written beside them in place of their numbers.
        inches: width of each.

    Raises:
        ValueError: there is no clip, a wave or spectrogram is empty, has the wrong number of
            axes or holds NaN or infinity, or `sr` is below 1; a span is of no clip or does
            not lie in it; or a pitch is of no band, or not from
            0 to 1,000,000.
    """
    alt = sentence("sounds", alt)
    sr = whole("sounds", "sr", sr, least=1)
    inches = real("sounds", "inches", inches, above=0, most=MOST_INCHES)
    pairs = _checked(clips)
    named = _named(spans or {}, {title: len(wave) / sr for title, (wave, _) in pairs.items()})
    figure, axes = blank(inches * len(pairs), 3.6, rows=2, columns=len(pairs))
    spectra = [spectrum for _, spectrum in pairs.values()]
    beside = _beside(pitches or {}, min(map(len, spectra)))
    darkest, brightest = min(s.min() for s in spectra), max(s.max() for s in spectra)
    seconds = max(len(wave) for wave, _ in pairs.values()) / sr
    loudest = MARGIN * max(np.abs(_shares(wave)).max() for wave, _ in pairs.values()) or 1
    for column, (title, (wave, spectrum)) in enumerate(pairs.items()):
        above, below = axes[column], axes[len(pairs) + column]
        _draw_wave(above, wave, sr)
        above.set(xlim=(0, seconds), ylim=(-loudest, loudest))
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
        _name(below, named.get(title, ()))
        below.set(xlim=(0, seconds), xlabel="time (s)", ylabel="mel band (number)")
        if beside:
            below.set(yticks=[band + 0.5 for band in beside], ylabel="pitch (Hz)")
            below.set_yticklabels(list(beside.values()))
    figure.colorbar(image, ax=axes[-1], label="log power (nats)", fraction=0.05, pad=0.01)
    show(figure, alt)


def _name(axis: Axes, spans: Sequence[Span]) -> None:
    """Write over a spectrogram what is heard when, above a line as long as it is."""
    for row, (name, start, end) in enumerate(spans):
        high = 1.05 + 0.16 * (row % 2)  # two rows, so that neighbours do not collide
        style: dict[str, Any] = {"transform": axis.get_xaxis_transform(), "clip_on": False}
        axis.plot([start, end], [high] * 2, color=COLOURS[row % len(COLOURS)], lw=2.5, **style)
        axis.text(
            (start + end) / 2, high + 0.02, name, ha="center", va="bottom", fontsize=9, **style
        )


def _beside(pitches: Mapping[int, float], bands: int) -> dict[int, str]:
    """Return what is written beside some bands."""
    found = {}
    for band, hz in pitches.items():
        number = whole("sounds", "a band of pitches", band, least=0, most=bands - 1)
        found[number] = f"{real('sounds', 'a pitch', hz, least=0, most=HIGHEST):,.0f}"
    return found


def _named(
    spans: Mapping[str, Sequence[Span]], seconds: Mapping[str, float]
) -> dict[str, list[Span]]:
    """Return the spans as plain numbers, or refuse what is in no clip."""
    for title, each in spans.items():
        if title not in seconds:
            raise ValueError(
                f"sounds: spans must be of a clip, one of {list(seconds)}; got {title!r}."
            )
        for name, start, end in each:
            first, last = real("sounds", name, start, least=0), real("sounds", name, end)
            if not first < last <= seconds[title] + SLACK:
                raise ValueError(
                    f"sounds: {name!r} must begin before it ends, within the "
                    f"{seconds[title]:g} s of {title!r}; got {first:g} to {last:g}."
                )
    return {title: list(each) for title, each in spans.items()}


def _draw_wave(axis: Axes, wave: np.ndarray, sr: int) -> None:
    axis.plot(np.arange(len(wave)) / sr, _shares(wave), color=COLOURS[0], linewidth=0.4)
    axis.set_ylabel("share of full scale")


def _shares(wave: np.ndarray) -> np.ndarray:
    """Return a wave as shares of full scale."""
    return wave / 32_768 if wave.dtype == np.int16 else wave


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
