"""Recordings from files: every form of WAV gives the same sound, what is none is refused."""

import os
import sys
import wave
from importlib.util import find_spec

import numpy as np
import pytest
from scipy.io import wavfile

from mmcourse import recordings
from mmcourse.recordings import UnreadableSoundError, open_recording


def tone(rate=16_000, hz=440.0, seconds=1.0, level=0.5):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def written(folder, samples, rate=16_000, name="a.wav"):
    path = folder / name
    wavfile.write(path, rate, samples)
    return path


FORMS = {
    "8 bits": lambda x: np.round(128 + 127 * x).astype(np.uint8),
    "16 bits": lambda x: np.round(32_767 * x).astype(np.int16),
    "32 bits": lambda x: np.round((2**31 - 1) * x).astype(np.int32),
    "float": lambda x: x.astype(np.float32),
    "double": lambda x: x,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_wav_is_the_same_sound(form, tmp_path):
    found = open_recording(written(tmp_path, FORMS[form](tone())))
    np.testing.assert_allclose(found.wave, tone(), atol=0.01 if form == "8 bits" else 1e-4)
    assert found.wave.dtype == np.float32
    assert found.seconds == 1


def test_24_bits(tmp_path):
    path = tmp_path / "a.wav"
    whole = np.round((2**23 - 1) * tone()).astype("<i4")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(3)
        file.setframerate(16_000)
        file.writeframes(whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    np.testing.assert_allclose(open_recording(path).wave, tone(), atol=1e-6)


def test_channels_are_averaged(tmp_path):
    left, right = tone(hz=440), tone(hz=660)
    path = written(tmp_path, np.stack([left, right], axis=1).astype(np.float32))
    np.testing.assert_allclose(open_recording(path).wave, (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_any_sampling_rate_becomes_16_khz(rate, tmp_path):
    found = open_recording(written(tmp_path, tone(rate).astype(np.float32), rate))
    assert abs(len(found.wave) - 16_000) <= 1
    middle = slice(2000, 14_000)  # ends ring
    np.testing.assert_allclose(found.wave[middle], tone()[middle], atol=0.01)


def test_what_is_too_high_does_not_come_back_lower(tmp_path):
    # 10 kHz, thinned to every third sample, would be heard at 6 kHz
    path = written(tmp_path, tone(48_000, hz=10_000).astype(np.float32), 48_000)
    assert np.abs(open_recording(path).wave[2000:14_000]).max() < 0.02


def cut_short(folder):
    path = written(folder, FORMS["16 bits"](tone()))
    path.write_bytes(path.read_bytes()[:30])
    return path


def holding(content):
    def make(folder):
        path = folder / "b.wav"
        path.write_bytes(content)
        return path

    return make


def spoilt(folder):
    samples = tone().astype(np.float32)
    samples[7] = np.nan
    return written(folder, samples)


def pipe(folder):
    os.mkfifo(folder / "p.wav")
    return folder / "p.wav"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "none.wav", "No such file"),
        (lambda folder: folder, "got a folder"),
        (pipe, "got a device or pipe"),
        (holding(b""), "it is empty"),
        (holding(b"RIFF"), "damaged"),
        (holding(b"not a sound at all"), "expected a WAV|or what is none"),
        (cut_short, "damaged"),
        (spoilt, "must be finite"),
        (lambda folder: written(folder, FORMS["16 bits"](0 * tone())), "it is silent"),
        (lambda folder: written(folder, FORMS["16 bits"](tone(seconds=0.4))), "got 0.40"),
        (lambda folder: written(folder, FORMS["16 bits"](tone(seconds=0))), "got 0.00"),
        (lambda folder: written(folder, 32_768 * tone()), "full scale must be 1"),
        (lambda folder: written(folder, FORMS["16 bits"](tone(1000)), 1000), "got 1000"),
    ],
)
def test_what_cannot_be_heard_says_why(make, says, tmp_path):
    with pytest.raises(UnreadableSoundError, match=says) as raised:
        open_recording(make(tmp_path))
    assert str(raised.value).startswith("open_recording: ")


def test_ten_minutes_are_the_most(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "LONGEST", 0.9)
    with pytest.raises(UnreadableSoundError, match=r"from 0\.5 to 0\.9 seconds; got 1\.00"):
        open_recording(written(tmp_path, FORMS["16 bits"](tone())))


def test_of_a_cut_wav_is_heard_what_is_there(tmp_path):
    path = written(tmp_path, FORMS["16 bits"](tone()))
    path.write_bytes(path.read_bytes()[: 44 + 2 * 12_000])
    np.testing.assert_allclose(open_recording(path).wave, tone()[:12_000], atol=1e-4)


needs_soundfile = pytest.mark.skipif(
    find_spec("soundfile") is None, reason="soundfile is not installed"
)


@needs_soundfile
@pytest.mark.parametrize(
    ("name", "form", "near"),
    [
        ("a.flac", "PCM_16", 1e-4),
        ("a.flac", "PCM_24", 1e-6),
        ("a.ogg", "VORBIS", 0.05),
        ("a.ogg", "OPUS", 0.05),
    ],
)
def test_flac_and_ogg_are_read_where_soundfile_is(name, form, near, tmp_path):
    import soundfile

    both = np.stack([0.5 * tone(48_000), 1.5 * tone(48_000)], axis=1)
    soundfile.write(tmp_path / name, both, 48_000, subtype=form)
    found = open_recording(tmp_path / name)
    plain = open_recording(written(tmp_path, tone(48_000), 48_000))
    middle = slice(2000, 14_000)  # ends ring
    np.testing.assert_allclose(found.wave[middle], plain.wave[middle], atol=near)
    assert found.seconds == 1


@needs_soundfile
def test_a_cut_flac_is_refused(tmp_path):
    import soundfile

    path = tmp_path / "a.flac"
    soundfile.write(path, tone(), 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableSoundError, match="expected a whole recording"):
        open_recording(path)


def test_without_soundfile_a_flac_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    (tmp_path / "a.flac").write_bytes(b"fLaC")
    with pytest.raises(UnreadableSoundError, match=r"pip install 'mmcourse\[sound\]'"):
        open_recording(tmp_path / "a.flac")


def test_a_number_is_no_path(unchecked):
    with pytest.raises(TypeError, match="open_recording: expected the path of a file; got int"):
        open_recording(7)
