"""A right answer to 14.2, of steps that may be replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Corners = Callable[[float, int], np.ndarray]


def to_mel(hz: np.ndarray | float) -> Any:
    """Return how high frequencies sound."""
    return 2595 * np.log10(1 + np.asarray(hz, dtype=float) / 700)


def to_hz(mel: np.ndarray | float) -> Any:
    """Return frequencies that sound so high."""
    return 700 * (10 ** (np.asarray(mel, dtype=float) / 2595) - 1)


def bins_of(sr: int, n_fft: int) -> np.ndarray:
    """Return the frequency of each column, in Hz."""
    return np.arange(n_fft // 2 + 1) * sr / n_fft


def even_in_mel(top: float, n: int) -> np.ndarray:
    """Return the corners of n bands up to a frequency, in Hz."""
    return to_hz(np.linspace(0, to_mel(top), n + 2))


def slopes(hz: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rising and the falling line of each band, (n, bins)."""
    low, peak, high = (corners[i : len(corners) - 2 + i, None] for i in range(3))
    with np.errstate(all="ignore"):  # a wrong answer may have two corners in one place
        return (hz - low) / (peak - low), (high - hz) / (high - peak)


def triangles(hz: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Return bands that rise to 1 and fall again, (n, bins)."""
    return np.minimum(*slopes(hz, corners)).clip(0)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`mel_filterbank`, with steps that may be replaced."""

    top: Callable[[int], float] = lambda sr: sr / 2
    bins: Callable[[int, int], np.ndarray] = bins_of
    corners: Corners = even_in_mel
    bands: Callable[[np.ndarray, np.ndarray], np.ndarray] = triangles
    last: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda bank, _: bank

    def __call__(self, sr: int, n_fft: int, n: int) -> np.ndarray:
        """Return one triangle for each band, (n, bins)."""
        corners = self.corners(self.top(sr), n)
        return self.last(self.bands(self.bins(sr, n_fft), corners), corners)


mel_filterbank = Steps()
"""One triangle for each band: how much of each frequency's power it takes."""
