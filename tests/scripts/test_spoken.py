"""Speech from the synthesiser: who may speak, and that a voice that is none is refused."""

import tomllib

import numpy as np
import pytest
import spoken
import spoken_data
from spoken_data import NEW_WORDS, SETS, SUMS

from mmcourse.captioning import target_words
from mmcourse.speech import plain

NEEDED = "the extra `speech` is not installed"


def test_resampling_keeps_a_tone():
    seconds = np.arange(22_050) / 22_050
    tone = np.sin(2 * np.pi * 440 * seconds)
    expected = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    np.testing.assert_allclose(spoken.resampled(tone, 16_000), expected, atol=1e-9)


def test_new_words_are_in_no_caption():
    assert set(NEW_WORDS) & set(target_words()) == set()
    assert len(set(NEW_WORDS)) == 25


def test_kept_voices_are_in_no_other_accent():
    pytest.importorskip("espeakng_loader", reason=NEEDED)
    kept = {voice.partition("+")[2] for voice in spoken.NEW_VOICES + spoken.CHOOSING_VOICES}
    assert kept & {voice.partition("+")[2] for voice in spoken.training_voices()} == set()
    assert len(spoken.training_voices()) == 540


def test_every_set_has_its_sums():
    sums = tomllib.loads(SUMS.read_text(encoding="utf-8"))
    expected = {
        f"spoken-{name}-{shard:02d}"
        for name, part in SETS.items()
        for shard in range(part.shards)
    }
    assert sums.keys() == expected
    assert {len(each) for each in sums.values()} == {64}


def test_a_set_speaks_of_its_scenes_in_letters_alone():
    pytest.importorskip("espeakng_loader", reason=NEEDED)
    said = list(spoken_data.sayings("test-new-words"))
    assert len(said) == 500
    assert all(each.text == plain(each.text) for each in said)
    assert all(len(set(each.text.split()) & set(NEW_WORDS)) == 1 for each in said)


class TestEspeak:
    """What needs the synthesiser."""

    @pytest.fixture(scope="class")
    @classmethod
    def espeak(cls):
        pytest.importorskip("espeakng_loader", reason=NEEDED)
        return spoken.Espeak()

    def test_a_voice_that_is_none_is_refused(self, espeak):
        with pytest.raises(ValueError, match="there is no voice 'en-gb'"):
            espeak.say("a red cat", "en-gb")

    def test_voices_differ_and_last_as_long_as_they_speak(self, espeak):
        waves = [espeak.say("a red cat", voice) for voice in ("en-us", "en-gb-x-rp+f4")]
        assert all(8_000 < len(wave) < 44_100 for wave in waves)
        assert len(waves[0]) != len(waves[1])
        assert espeak.say("a red cat to the left of a dog", "en-us").size > waves[0].size

    def test_a_recording_is_neither_silent_nor_cut_off(self, espeak):
        said = spoken.Spoken("a red cat", "en-us", (3,), 0)
        wave = spoken.recorded(espeak, said, plain=True)
        assert wave.dtype == np.int16
        assert 3_000 < abs(wave.astype(int)).max() <= 32_767
