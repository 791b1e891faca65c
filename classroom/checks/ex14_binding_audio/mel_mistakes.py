"""The mistakes that are known of 14.2."""

from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.mel_answers import (
    bins_of,
    even_in_mel,
    slopes,
    to_hz,
    to_mel,
    triangles,
)
from classroom.checks.question import Mistake

HAIR = 1e-6
"""Hz: rounding moves a corner by less."""


def _from_tent_to_tent(*, turned: bool) -> Callable[[int, int, int], np.ndarray]:
    """Return an answer whose bands lie side by side; their tops lie midway in mel or in Hz."""

    def answer(sr: int, n_fft: int, n: int) -> np.ndarray:
        edges = np.linspace(0, to_mel(sr / 2), n + 1)
        tops = (edges[1:] + edges[:-1]) / 2
        ends = to_hz(edges)
        middle = to_hz(tops) if turned else (ends[1:] + ends[:-1]) / 2
        rows = [
            triangles(bins_of(sr, n_fft), np.array([low, top, high]))[0]
            for low, top, high in zip(ends, middle, ends[1:], strict=False)
        ]
        return np.array(rows)

    return answer


def _every_second(sr: int, n_fft: int, n: int) -> np.ndarray:
    """Return bands that begin where the one before ends, of 2 n + 1 corners."""
    corners = even_in_mel(sr / 2, 2 * n - 1)
    return triangles(bins_of(sr, n_fft), corners)[::2]


def _rectangles(
    low_end: float, high_end: float
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return bands that take all between two corners; the ends say by how much less or more."""

    def bands(hz: np.ndarray, corners: np.ndarray) -> np.ndarray:
        low, high = corners[:-2, None], corners[2:, None]
        return ((hz > low - low_end) & (hz < high + high_end)).astype(float)

    return bands


def _over_mel(hz: np.ndarray, corners: np.ndarray) -> np.ndarray:
    return triangles(to_mel(hz), to_mel(corners))


def _on_bins(sr: int, n_fft: int, n: int) -> np.ndarray:
    """Return triangles whose corners are moved to a bin below."""
    places = np.floor((n_fft + 1) * even_in_mel(sr / 2, n) / sr)
    return np.nan_to_num(triangles(np.arange(n_fft // 2 + 1), places))


def _nearest_bins(sr: int, n_fft: int, n: int) -> np.ndarray:
    places = np.round(n_fft * even_in_mel(sr / 2, n) / sr)
    return np.nan_to_num(triangles(np.arange(n_fft // 2 + 1), places))


def _slaney(top: float, n: int) -> np.ndarray:
    """Return corners on Slaney's scale: straight up to 1000 Hz, a logarithm above it."""

    def mel(hz: float) -> float:
        return 3 * hz / 200 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)

    places = np.linspace(0, mel(top), n + 2)
    above = 1000 * np.exp(np.log(6.4) * (places - 15) / 27)
    return np.where(places < 15, places * 200 / 3, above)


def _band_by_band(
    too_few: int, form: Callable[[np.ndarray], Any] = np.asarray
) -> Callable[[int, int, int], np.ndarray]:
    """Return an answer that looks for n + 2 corners where there are fewer, and so fails."""

    def answer(sr: int, n_fft: int, n: int) -> np.ndarray:
        corners = form(to_hz(np.linspace(0, to_mel(sr / 2), n + 2 - too_few)))
        bands = [np.array([corners[i + place] for place in range(3)]) for i in range(n)]
        return np.concatenate([triangles(bins_of(sr, n_fft), one) for one in bands])

    return answer


def _widths(corners: np.ndarray) -> np.ndarray:
    return (corners[2:] - corners[:-2])[:, None]


MISTAKES = (
    Mistake(
        name="linear-spacing",
        message="Your bands are equally wide in Hz. An ear tells low pitches apart more "
        "finely: space the corners evenly in mel, then bring them back to Hz.",
        changes={"corners": lambda top, n: np.linspace(0, top, n + 2)},
    ),
    Mistake(
        name="overlap-missing",
        message="Your bands lie side by side. They overlap by half: band i rises from "
        "corner i to its top at i + 1, and falls until i + 2; the next begins at i + 1.",
        answer=_every_second,
        variants=(_from_tent_to_tent(turned=True), _from_tent_to_tent(turned=False)),
    ),
    Mistake(
        name="hz-mel-mixed",
        message="You compare corners in mel with frequencies in Hz, or the other way round. "
        "Bring the corners back to Hz before you look where a frequency lies.",
        changes={"corners": lambda top, n: np.linspace(0, to_mel(top), n + 2)},
        variants=(
            {"bins": lambda sr, n_fft: to_mel(bins_of(sr, n_fft))},
            {"corners": lambda top, n: to_mel(np.linspace(0, top, n + 2))},
            {"corners": lambda top, n: to_mel(np.linspace(0, to_mel(top), n + 2))},
            {"corners": lambda top, n: to_hz(np.linspace(0, top, n + 2))},
        ),
    ),
    Mistake(
        name="two-logarithms",
        message="Your way to mel and your way back do not belong together: one takes the "
        "natural logarithm, the other that of base 10. 10 ** (mel / 2595) undoes 2595 · "
        "log10.",
        changes={
            "corners": lambda top, n: to_hz(np.linspace(0, 2595 * np.log1p(top / 700), n + 2))
        },
        variants=(
            {
                "corners": lambda top, n: (
                    700 * np.expm1(np.linspace(0, to_mel(top), n + 2) / 2595)
                )
            },
        ),
    ),
    Mistake(
        name="another-scale",
        message="Your corners are spaced by Slaney's scale, as librosa's are if nothing is "
        "said. 2595 · log10(1 + Hz / 700) is asked for.",
        changes={"corners": _slaney},
    ),
    Mistake(
        name="straight-over-mel",
        message="Your triangles are straight over mel, so they are bent over Hz. Corners "
        "are even in mel; between them the lines are straight over Hz.",
        changes={"bands": _over_mel},
    ),
    Mistake(
        name="corners-on-bins",
        message="You moved the corners to frequencies of the transform. They lie where they "
        "lie, mostly between two of them.",
        answer=_on_bins,
        variants=(_nearest_bins,),
    ),
    Mistake(
        name="up-to-sr",
        message="Your bands reach up to sr. There is nothing above sr / 2.",
        changes={"top": float},
    ),
    Mistake(
        name="corners-missing",
        message="You spaced n or n + 1 corners, or left the ends out. n bands want n + 2: the "
        "first corner is 0 Hz, the last sr / 2.",
        changes={"corners": lambda top, n: even_in_mel(top, n - 2)},
        variants=(
            {"corners": lambda top, n: even_in_mel(top, n - 1)},
            {"corners": lambda top, n: even_in_mel(top, n + 2)[1:-1]},
            {"corners": lambda top, n: to_hz(to_mel(top) * np.arange(n + 2) / (n + 2))},
            *(_band_by_band(few, form) for few in (1, 2) for form in (np.asarray, list)),
        ),
    ),
    Mistake(
        name="two-sided",
        message="You have a column for every one of the n_fft frequencies. A real sound has "
        "n_fft // 2 + 1 of them, as 14.1 gives.",
        changes={"bins": lambda sr, n_fft: np.arange(n_fft) * sr / n_fft},
    ),
    Mistake(
        name="last-bin-lost",
        message="Your last column is missing: there are n_fft // 2 + 1 of them.",
        changes={"bins": lambda sr, n_fft: np.arange(n_fft // 2) * sr / n_fft},
        variants=({"bins": lambda sr, n_fft: bins_of(sr, n_fft)[:-1]},),
    ),
    Mistake(
        name="bins-stretched",
        message="Your last column lies at sr / 2. It does so only where n_fft is even: "
        "column k lies at k · sr / n_fft.",
        changes={"bins": lambda sr, n_fft: np.linspace(0, sr / 2, n_fft // 2 + 1)},
    ),
    Mistake(
        name="area-one",
        message="You gave all triangles the same area or sum. Here each rises to 1, however "
        "wide it is.",
        changes={"last": lambda bank, corners: 2 * bank / _widths(corners)},
        variants=(
            {"last": lambda bank, _: bank / bank.sum(axis=1, keepdims=True)},
            {"last": lambda bank, corners: bank / _widths(corners)},
        ),
    ),
    Mistake(
        name="tops-moved",
        message="You divided each row by its largest number. The top of a triangle mostly lies "
        "between two columns, so no column need be 1.",
        changes={"last": lambda bank, _: bank / bank.max(axis=1, keepdims=True)},
    ),
    Mistake(
        name="rectangles",
        message="Your bands take all or nothing. Each rises in a straight line to 1, and falls "
        "again.",
        changes={"bands": _rectangles(HAIR, HAIR)},
        variants=(
            {"bands": _rectangles(HAIR, -HAIR)},
            {"bands": _rectangles(-HAIR, HAIR)},
            {"bands": _rectangles(-HAIR, -HAIR)},
        ),
    ),
    Mistake(
        name="below-zero",
        message="Outside of their triangles your rows are not 0. Cut off what is below 0.",
        changes={"bands": lambda hz, corners: np.minimum(*slopes(hz, corners))},
        variants=(
            {"bands": lambda hz, corners: np.maximum(*slopes(hz, corners)).clip(0)},
            {"bands": lambda hz, corners: np.maximum(*slopes(hz, corners)).clip(0, 1)},
        ),
    ),
)
