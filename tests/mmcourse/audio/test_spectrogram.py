import math

import numpy as np
import pytest
import torch
from scipy import signal
from torch.testing import assert_close

from mmcourse.audio import hz_to_mel, log_mel, mel_filterbank, mel_to_hz
from mmcourse.audio.spectrogram import FLOOR

SR = 16_000


def tone(hz: float, samples: int = 4_000, loudness: float = 0.5) -> np.ndarray:
    return loudness * np.sin(2 * np.pi * hz * np.arange(samples) / SR)


def obvious_bank(sr: int, n_fft: int, n_mels: int) -> np.ndarray:
    top = 2595 * np.log10(1 + sr / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, n_mels + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(n_fft, 1 / sr)
    rows = [
        np.interp(hz, corners[i : i + 3], [0, 1, 0], left=0, right=0) for i in range(n_mels)
    ]
    return np.stack(rows)


# The mel scale and its bands


@pytest.mark.parametrize(("hz", "mel"), [(0.0, 0.0), (6300.0, 2595.0), (1000.0, 999.9855)])
def test_mel_scale_has_the_values_worked_out_by_hand(hz, mel):
    assert hz_to_mel(hz) == pytest.approx(mel, abs=1e-4)


def test_mel_to_hz_undoes_hz_to_mel():
    for hz in (0.0, 31.25, 440.0, 7999.0):
        assert mel_to_hz(hz_to_mel(hz)) == pytest.approx(hz, abs=1e-9)


@pytest.mark.parametrize(("sr", "n_fft", "n_mels"), [(16_000, 512, 48), (8_000, 301, 13)])
def test_filterbank_equals_interpolated_triangles(sr, n_fft, n_mels):
    bank = mel_filterbank(sr, n_fft, n_mels)
    expected = torch.from_numpy(obvious_bank(sr, n_fft, n_mels)).float()
    assert_close(bank, expected)


def test_between_the_outer_peaks_every_bin_is_shared_out_completely():
    bank = mel_filterbank(SR, 512, 7)
    first, last = bank[0].argmax() + 1, bank[-1].argmax()
    assert last - first > 100
    assert_close(bank[:, first:last].sum(dim=0), torch.ones(int(last - first)))


@pytest.mark.parametrize("n_mels", [128, 257])
def test_bands_that_hold_no_bin_are_counted_and_refused(n_mels):
    empty = int((obvious_bank(SR, 512, n_mels).sum(axis=1) == 0).sum())
    message = rf"{empty} of {n_mels} bands hold no Fourier bin \(31\.2 Hz apart\); use fewer"
    with pytest.raises(ValueError, match=message):
        mel_filterbank(SR, 512, n_mels)


@pytest.mark.parametrize("convert", [hz_to_mel, mel_to_hz])
@pytest.mark.parametrize("outside", [-1.0, math.nan, math.inf, 10**400])
def test_the_scale_begins_at_zero_and_is_finite(convert, outside):
    with pytest.raises(ValueError, match=rf"{convert.__name__}: .* a finite number .*; got"):
        convert(outside)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("convert", [hz_to_mel, mel_to_hz])
@pytest.mark.parametrize("other", ["440", None, True, [440.0]])
def test_the_scale_takes_numbers_only(convert, other):
    with pytest.raises(TypeError, match=rf"{convert.__name__}: .* must be a number; got"):
        convert(other)


def test_the_highest_pitch_still_has_a_frequency():
    assert math.isfinite(mel_to_hz(790_000))
    with pytest.raises(ValueError, match=r"mel_to_hz: mel .* from 0 to 790000; got 800000"):
        mel_to_hz(800_000)


# The spectrogram


def test_equals_scipy_stft_gathered_by_an_independent_filterbank(rng):
    wave = rng.standard_normal(3_333)
    n_fft, hop, n_mels = 400, 130, 23
    window = signal.get_window("hann", n_fft)
    _, _, spectrum = signal.stft(
        wave, window=window, nperseg=n_fft, noverlap=n_fft - hop, boundary=None, padded=False
    )
    power = np.abs(spectrum * window.sum()) ** 2
    expected = np.log(np.maximum(obvious_bank(SR, n_fft, n_mels) @ power, FLOOR))
    got = log_mel(wave, SR, n_fft, hop, n_mels)
    # Two orders of adding 201 powers; the logarithm of a quiet band enlarges the difference.
    assert_close(got, torch.from_numpy(expected), atol=1e-10, rtol=0)
    single = log_mel(wave.astype(np.float32), SR, n_fft, hop, n_mels)
    # float32 Fourier sums err by about 1e-7 of the frame's largest bin; the logarithm of a
    # quiet band enlarges that.
    assert_close(single.double(), torch.from_numpy(expected), atol=1e-4, rtol=0)


@pytest.mark.parametrize("hz", [250.0, 1000.0, 4321.0])
def test_a_pure_tone_lights_the_band_it_lies_in(hz):
    loudest = int(log_mel(tone(hz)).mean(dim=1).argmax())
    centre = hz_to_mel(hz) / (hz_to_mel(SR / 2) / 49) - 1
    assert abs(loudest - centre) <= 1


def test_tenfold_loudness_adds_the_logarithm_of_a_hundred(rng):
    quiet = 0.01 * rng.standard_normal(1_000)
    shift = log_mel(10 * quiet) - log_mel(quiet)
    assert_close(shift, torch.full_like(shift, math.log(100)))


def test_silence_is_the_logarithm_of_the_floor():
    assert_close(log_mel(np.zeros(600)), torch.full((48, 1), math.log(1e-6)).double())


@pytest.mark.parametrize(("samples", "frames"), [(512, 1), (767, 1), (768, 2), (16_000, 61)])
def test_frames_are_the_whole_ones_only(samples, frames):
    assert log_mel(np.zeros(samples, dtype=np.float32)).shape == (48, frames)


def test_a_frame_hears_its_own_samples_and_no_others(rng):
    wave = rng.standard_normal(1_500)
    changed = wave.copy()
    changed[300:400] += 1
    before, after = (log_mel(w, n_fft=200, hop=150, n_mels=11) for w in (wave, changed))
    same = [bool(torch.equal(before[:, i], after[:, i])) for i in range(before.shape[1])]
    assert same == [True, False, False, True, True, True, True, True, True]


def test_the_window_is_a_periodic_hann_window():
    click = np.zeros(16)
    click[4] = 1.0  # sin²(π · 4/16) = 1/2, so the click's power is 1/4 in every bin
    expected = torch.log(torch.from_numpy(obvious_bank(16, 16, 2)).sum(dim=1) / 4)
    assert_close(log_mel(click, sr=16, n_fft=16, hop=16, n_mels=2)[:, 0], expected)


# What it accepts


def test_int16_is_scaled_by_32768(rng):
    steps = (20_000 * (2 * rng.random(900) - 1)).astype(np.int16)
    scaled = log_mel(steps.astype(np.float32) / 32_768)
    assert_close(log_mel(steps), scaled)
    assert_close(log_mel(torch.from_numpy(steps)), scaled)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_narrow_floats_come_back_as_float32(dtype):
    wave = torch.from_numpy(tone(440)).to(dtype)
    assert_close(log_mel(wave), log_mel(wave.float()))
    assert log_mel(wave).dtype == torch.float32


def test_float64_stays_float64():
    assert log_mel(tone(440)).dtype == torch.float64


def test_a_batch_is_each_recording_by_itself(rng):
    waves = rng.standard_normal((3, 2, 700))
    together = log_mel(waves)
    assert together.shape == (3, 2, 48, 1)
    assert_close(together[2, 1], log_mel(waves[2, 1]))


def test_odd_memory_layouts_give_the_same_numbers():
    wave = (20_000 * tone(700, 1_000)).astype(np.int16)
    expected = log_mel(wave)
    frozen = wave.copy()
    frozen.flags.writeable = False
    for layout in (
        wave[::-1].copy()[::-1],
        np.repeat(wave, 2)[::2],
        wave.astype(">i2"),
        frozen,
    ):
        assert_close(log_mel(layout), expected)


def test_gradients_reach_the_recording():
    wave = torch.from_numpy(tone(500, 700)).requires_grad_()
    log_mel(wave).sum().backward()
    assert wave.grad is not None
    assert wave.grad.abs().sum() > 0


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("wave", "message"),
    [
        (np.zeros(0), r"log_mel: needs at least n_fft = 512 samples; got shape \(0,\)"),
        (np.zeros(511), r"got shape \(511,\)\. Pad the recording"),
        (np.array(0.5), r"got \(\)"),
        (np.zeros((900, 2)), r"time must be the last axis; .* 2 channel\(s\)\. Average"),
        (np.full(600, np.nan), r"samples must be finite; got NaN or infinity"),
        (np.full(600, np.inf, dtype=np.float32), r"samples must be finite"),
    ],
)
def test_unusable_recordings_are_refused(wave, message):
    with pytest.raises(ValueError, match=message):
        log_mel(wave)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    "wave", [np.zeros(600, dtype=np.int32), [0.0] * 600, torch.zeros(600).bool()]
)
def test_other_types_are_refused(wave):
    with pytest.raises(TypeError, match=r"log_mel: (wave must be|expected) .*; got"):
        log_mel(wave)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", ["sr", "n_fft", "hop", "n_mels"])
@pytest.mark.parametrize(
    ("number", "error"),
    [(0, ValueError), (-3, ValueError), (2.5, TypeError), (True, TypeError), (None, TypeError)],
)
def test_settings_must_be_positive_whole_numbers(name, number, error):
    with pytest.raises(error, match=rf"log_mel: {name} must be a whole number.* got {number}"):
        log_mel(np.zeros(600), **{name: number})


@pytest.mark.usefixtures("unchecked")
def test_settings_may_be_numbers_of_numpy():
    wave = tone(440, 700)
    settings = {"sr": np.int32(8_000), "n_fft": np.uint16(300), "hop": np.int8(90)}
    assert_close(log_mel(wave, **settings), log_mel(wave, 8_000, 300, 90))


def test_no_recordings_have_no_spectrogram():
    assert log_mel(np.zeros((0, 1_000), np.float32)).shape == (0, 48, 2)
    assert log_mel(torch.zeros(3, 0, 900, dtype=torch.float64), n_mels=7).shape == (3, 0, 7, 2)
    assert log_mel(np.zeros((0, 1_000))).dtype == torch.float64


@pytest.mark.parametrize("wave", [np.full(600, 1e30, np.float32), np.full(600, 1e300)])
def test_power_beyond_the_dtype_is_refused(wave):
    with pytest.raises(ValueError, match=r"too loud: .* up to 1e\+30.* scale the recording"):
        log_mel(wave)


@pytest.mark.parametrize("operation", ["log_mel", "mel_filterbank"])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_mels": 258}, r"n_mels must be at most n_fft // 2 \+ 1 = 257, .*; got 258"),
        ({"n_mels": 10**15}, r"n_mels must be at most .* got 1000000000000000"),
        ({"n_fft": 1, "n_mels": 1}, r"1 of 1 bands hold no Fourier bin"),
        ({"sr": 1_000_001}, r"sr must be a whole number from 1 to 1000000; got 1000001"),
    ],
)
def test_settings_out_of_range_name_the_function_that_was_called(operation, settings, message):
    settings = {"sr": SR, "n_fft": 512, "n_mels": 48} | settings
    call = {
        "log_mel": lambda: log_mel(np.zeros(600), **settings),
        "mel_filterbank": lambda: mel_filterbank(**settings),
    }[operation]
    with pytest.raises(ValueError, match=rf"^{operation}: {message}"):
        call()
