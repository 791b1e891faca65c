"""The states in which the world's own sounds are heard before their border is drawn."""

import numpy as np
import pytest
from fit_sound_border import RATES, eight_bits, played, states, world_sounds


@pytest.mark.parametrize("rate", RATES.values())
def test_another_rate_gives_the_same_sounds_lower_ones_at_least(rate):
    own = world_sounds(3, 9, "validation", 3)
    other = played(3, 9, "validation", 3, rate)
    assert other.shape == own.shape == (3, 48_000)
    loud = [np.abs(waves).max(axis=1) for waves in (own, other)]
    np.testing.assert_allclose(*loud, rtol=0.35)


def test_eight_bits_leave_255_steps():
    waves = np.random.default_rng(0).uniform(-1, 1, (2, 500)).astype(np.float32)
    kept = eight_bits(waves)
    assert np.abs(kept - waves).max() <= 0.5 / 127 + 1e-6
    np.testing.assert_allclose(127 * kept, np.round(127 * kept), atol=1e-4)


def test_every_state_is_of_the_same_recordings():
    found = dict(states(2, 9, "validation", 1))
    assert list(found) == ["as they are", "8 bits", *RATES]
    assert {each.shape for each in found.values()} == {(2, 192)}
