import numpy as np
import pytest
from scipy import signal

from mmcourse.world.sounds_and_films.synth import Synth, fade, sinusoid, strike


def test_a_tone_is_the_sum_of_its_partials():
    synth = Synth(0.5, 8_000)
    t = synth.clock(0.05)
    expected = 0.7 * np.sin(2 * np.pi * 300 * t) - 0.2 * np.sin(2 * np.pi * 900 * t)
    np.testing.assert_allclose(synth.tone(t, 300, (0.7, 0, -0.2)), expected, atol=1e-11)
    late = synth.tone(t, np.full(400, 300.0), (0.7, 0, -0.2))  # phase counts its own sample
    np.testing.assert_allclose(late[:-1], expected[1:], atol=1e-11)


@pytest.mark.parametrize("pitch", [1_500.0, np.full(4_000, 1_500.0)])
def test_partials_that_would_alias_are_left_out(pitch):
    synth = Synth(0.5, 8_000)
    tone = synth.tone(synth.clock(0.5), pitch, (1, 1, 1, 1))
    peaks = np.flatnonzero(np.abs(np.fft.rfft(tone)) > 100) * 2
    assert peaks.tolist() == [1_500, 3_000]


def test_a_sinusoid_is_the_sine():
    expected = np.sin(2 * np.pi * (0.3 + 0.0171 * np.arange(1_001)))
    np.testing.assert_allclose(sinusoid(1_001, 0.0171, 0.3), expected, atol=1e-12)


def test_noise_has_power_one_and_keeps_to_its_band():
    synth = Synth(0.4, 16_000)
    noise = synth.noise(synth.clock(3.0), 1_000, 3_000)
    hz, power = signal.welch(noise, 16_000, nperseg=1_024)
    # Standard error of the mean power: sqrt(2 / (2 · 2 kHz · 3 s)) = 0.013.
    assert np.mean(noise**2) == pytest.approx(1, abs=0.05)
    inside, outside = (hz > 1_200) & (hz < 2_800), (hz < 300) | (hz > 7_000)
    assert power[inside].min() > 10 * power[outside].max()


def test_a_strike_halves_in_its_half_life_and_ends_in_silence():
    t = np.linspace(0, 0.4, 401)
    envelope = strike(t, 0.05)
    assert envelope[[100, 150]] == pytest.approx([0.25, 0.125])
    assert envelope[0] == envelope[-1] == 0


def test_parts_are_summed_from_their_starts_and_cut_at_the_end():
    laid = Synth(0.5, 8_000).lay(0.001, [(0.00025, np.ones(3)), (0.0005, np.full(9, 2.0))])
    assert laid.tolist() == [0, 0, 1, 1, 3, 2, 2, 2]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_several_plays_begin_at_once_and_end_with_the_time(count):
    synth = Synth(0.3, 8_000)
    played = synth.several(count, count, 0.4, lambda: np.ones(160))
    assert played.shape == (3_200,)
    assert played.sum() == 160 * count
    assert played[0] == 1
    assert count == 1 or played[-1] == 1


def test_a_wobble_swings_from_one_to_one_less_its_depth():
    synth = Synth(0.3, 8_000)
    factor = synth.wobble(synth.clock(1.0), 5, 0.6)
    assert factor.max() == pytest.approx(1, abs=1e-4)
    assert factor.min() == pytest.approx(0.4, abs=1e-4)
    assert np.abs(np.fft.rfft(factor))[1:].argmax() + 1 == 5


def test_fades_meet_where_there_is_no_room_for_both():
    envelope = fade(np.array([0.0, 1.0, 2.0]), 4.0, 4.0)
    assert envelope.tolist() == [0.0, 0.25, 0.0]
