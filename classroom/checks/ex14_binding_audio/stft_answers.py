"""Answers to 14.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

Step = Callable[[np.ndarray], np.ndarray]
Cut = Callable[[np.ndarray, int, int], np.ndarray]


def _as_is(x: np.ndarray) -> np.ndarray:
    return x


def _whole_frames(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    """Return all frames that fit, (frames, win)."""
    return np.lib.stride_tricks.sliding_window_view(wave, win)[::hop]


def _hann(win: int) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(win) / win)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`stft_magnitude`, with steps that may be replaced."""

    cut: Cut = _whole_frames
    window: Callable[[int], np.ndarray] = _hann
    transform: Step = np.fft.rfft
    size: Step = np.abs
    last: Step = _as_is

    def __call__(self, wave: np.ndarray, win: int, hop: int) -> np.ndarray:
        """Return how strong each frequency is in each frame, (bins, frames)."""
        frames = self.cut(wave, win, hop) * self.window(win)
        return self.last(self.size(self.transform(frames)).T)


stft_magnitude = Steps()
"""How strong each frequency is in each frame."""


def _without_the_last(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    """Return the frames of range(0, len(wave) - win, hop)."""
    return _whole_frames(wave[:-1], win, hop) if len(wave) > win else np.zeros((0, win))


def _but_one(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    return _whole_frames(wave, win, hop)[:-1]


def _stacked(cut: Cut) -> Cut:
    """Return the same frames from np.stack, which refuses to stack none."""

    def stacked(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
        return np.stack(list(cut(wave, win, hop)))

    return stacked


def _filled_up(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    """Return frames until no sample is left, the last ones filled up with zeros."""
    return _whole_frames(np.pad(wave, (0, win - 1)), win, hop)


def _one_more(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    return _whole_frames(np.pad(wave, (0, hop)), win, hop)


def _centred(mode: str) -> Cut:
    def cut(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
        filled = np.pad(wave, win // 2, mode=mode)  # type: ignore[call-overload]
        return _whole_frames(filled, win, hop)

    return cut


def _less_its_mean(wave: np.ndarray, win: int, hop: int) -> np.ndarray:
    frames = _whole_frames(wave, win, hop)
    return frames - frames.mean(axis=1, keepdims=True)


def _then_window(frames: np.ndarray) -> np.ndarray:
    found = np.fft.rfft(frames)
    return found * _hann(frames.shape[1])[: found.shape[1]]


def _two_sided(frames: np.ndarray) -> np.ndarray:
    return np.fft.fft(frames)


def _half(frames: np.ndarray) -> np.ndarray:
    return np.fft.fft(frames)[:, : frames.shape[1] // 2]


MISTAKES = (
    Mistake(
        name="no-window",
        message="Your frames are cut off sharply at both ends, and the edge adds "
        "frequencies that nobody played. Multiply each frame by the Hann window first.",
        changes={"window": np.ones},
    ),
    Mistake(
        name="symmetric-window",
        message="Your window is the symmetric one, whose last number is 0 (np.hanning). The "
        "periodic one is asked for: 0.5 - 0.5 cos(2π i / win), with win, not win - 1.",
        changes={"window": np.hanning},
    ),
    Mistake(
        name="another-window",
        message="Your window is another one, Hamming's, Blackman's or a root of Hann's. "
        "0.5 - 0.5 cos(2π i / win) is asked for, once.",
        changes={"window": np.hamming},
        variants=(
            {"window": np.blackman},
            {"window": lambda win: 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(win) / win)},
            {"window": lambda win: _hann(win) ** 0.5},
            {"window": lambda win: _hann(win) ** 2},
        ),
    ),
    Mistake(
        name="window-too-late",
        message="You multiply by the window after the transform. It belongs to the samples: "
        "multiply each frame before.",
        changes={"window": np.ones, "transform": _then_window},
    ),
    Mistake(
        name="mean-taken-away",
        message="You took the mean away first, so row 0 is nearly empty. Frames are heard as "
        "they are.",
        changes={"cut": _less_its_mean},
        variants=({"cut": lambda wave, win, hop: _whole_frames(wave - wave.mean(), win, hop)},),
    ),
    Mistake(
        name="across-frames",
        message="You transformed across the frames. Each frame is transformed by itself, along "
        "its samples.",
        changes={"transform": lambda frames: np.fft.rfft(frames, axis=0)},
    ),
    Mistake(
        name="two-sided",
        message="You keep negative frequencies as well: of a real sound they mirror the "
        "others. win // 2 + 1 rows are left, as np.fft.rfft gives them.",
        changes={"transform": _two_sided},
    ),
    Mistake(
        name="last-bin-lost",
        message="Your highest row is missing. There are win // 2 + 1 frequencies, 0 and the "
        "highest included.",
        changes={"transform": _half},
        variants=({"transform": lambda frames: np.fft.rfft(frames)[:, :-1]},),
    ),
    Mistake(
        name="hop-off-by-one",
        message="A frame that just fits is lost: the last one may end with the last sample. "
        "There are 1 + (samples - win) // hop frames; range(0, samples - win + 1, hop) begins "
        "each of them.",
        changes={"cut": _without_the_last},
        variants=(
            {"cut": _but_one},
            {"cut": _stacked(_without_the_last)},
            {"cut": _stacked(_but_one)},
        ),
    ),
    Mistake(
        name="other-hop",
        message="Your frames begin at other samples: frame i begins at sample i · hop.",
        changes={"cut": lambda wave, win, hop: _whole_frames(wave, win, hop + 1)},
        variants=(
            {"cut": lambda wave, win, hop: _whole_frames(wave, win, hop - 1)},
            {"cut": lambda wave, win, hop: _whole_frames(wave[1:], win, hop)},
            {"cut": lambda wave, win, hop: _whole_frames(wave, win, win - hop)},
        ),
    ),
    Mistake(
        name="hop-ignored",
        message="Your frames lie end to end, or begin at every sample. Each begins `hop` "
        "samples after the one before, so that they overlap.",
        changes={"cut": lambda wave, win, _: _whole_frames(wave, win, win)},
        variants=({"cut": lambda wave, win, _: _whole_frames(wave, win, 1)},),
    ),
    Mistake(
        name="filled-up",
        message="You filled the last frames up with zeros. Only frames of real samples are "
        "asked for; what is left over at the end is not heard.",
        changes={"cut": _filled_up},
        variants=({"cut": _one_more},),
    ),
    Mistake(
        name="centred",
        message="You padded the sound at both ends, so that frames are centred, as librosa and "
        "torch.stft do if nothing is said. Frame 0 begins at sample 0 here: center=False.",
        changes={"cut": _centred("reflect")},
        variants=({"cut": _centred("constant")},),
    ),
    Mistake(
        name="power",
        message="You return powers, the squares. Magnitudes are asked for: np.abs.",
        changes={"size": lambda spectrum: np.abs(spectrum) ** 2},
    ),
    Mistake(
        name="real-part",
        message="You kept the real or the imaginary part alone, so a tone comes and goes with "
        "where its wave happens to stand. np.abs is √(real² + imaginary²).",
        changes={"size": lambda spectrum: np.abs(spectrum.real)},
        variants=(
            {"size": lambda spectrum: spectrum.real},
            {"size": lambda spectrum: np.abs(spectrum.imag)},
            {"size": lambda spectrum: spectrum.imag},
        ),
    ),
    Mistake(
        name="logarithm",
        message="You took the logarithm already. It comes after the bands of 14.2.",
        changes={"size": lambda spectrum: np.log(np.abs(spectrum) + 1e-12)},
        variants=(
            {"size": lambda spectrum: np.log1p(np.abs(spectrum))},
            {"size": lambda spectrum: 20 * np.log10(np.abs(spectrum) + 1e-12)},
        ),
    ),
    Mistake(
        name="scaled",
        message="You divided by the length of a frame, by its root, or by the window's sum. "
        "The transform as it is is asked for.",
        changes={"transform": lambda frames: np.fft.rfft(frames, norm="forward")},
        variants=(
            {"transform": lambda frames: np.fft.rfft(frames, norm="ortho")},
            {"window": lambda win: _hann(win) / _hann(win).sum()},
        ),
    ),
    Mistake(
        name="loudest-is-one",
        message="You brought the loudest to 1, so how loud a sound is is lost.",
        changes={"last": lambda found: found / found.max()},
        variants=({"last": lambda found: found / found.max(axis=0)},),
    ),
)
