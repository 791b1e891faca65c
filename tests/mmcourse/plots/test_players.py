"""Players: what is heard is what was given, in eight bits, with its name and no kernel."""

import io
import re
import sys
import wave
from base64 import b64decode

import numpy as np
import pytest

from mmcourse import plots

ALT = "A low tone and a soft one."


@pytest.fixture
def shown(monkeypatch):
    """Return a function that shows some sounds, and gives back what the page gets."""
    kept = []
    module = sys.modules["mmcourse.plots.players"]  # its name is the function's
    monkeypatch.setattr(module, "display", lambda bundle: kept.append(bundle[0]))

    def show(waves, sr=8_000):
        plots.players(waves, sr=sr, alt=ALT)
        return kept[-1]

    return show


def files(page):
    """Return what each player plays: samples from -1 to 1, and how many a second."""
    found = []
    for text in re.findall(r"base64,([^\"]*)", page["text/html"]):
        with wave.open(io.BytesIO(b64decode(text))) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.uint8)
            found.append(((samples - 128.0) / 127, file.getframerate()))
    return found


def test_what_is_played_is_what_was_given(shown):
    tone = np.sin(np.arange(500) / 7)
    [(heard, rate)] = files(shown({"tone": tone}, sr=8_000))
    assert rate == 8_000
    np.testing.assert_allclose(heard, tone / np.abs(tone).max(), atol=0.51 / 127)


def test_all_are_turned_up_by_as_much(shown):
    tone = (1000 * np.sin(np.arange(500) / 7)).astype(np.int16)
    (loud, _), (soft, _) = files(shown({"loud": tone, "soft": tone // 4}))
    assert np.abs(loud).max() == 1
    assert np.abs(soft).max() == pytest.approx(0.25, abs=0.02)


def test_silence_is_silent(shown):
    [(heard, _)] = files(shown({"nothing": np.zeros(9)}))
    assert not heard.any()


def test_names_stand_there_and_cannot_be_markup(shown):
    page = shown({"a dog": np.ones(3), "<b>": np.ones(3)})
    assert "<figcaption>a dog</figcaption>" in page["text/html"]
    assert 'aria-label="&lt;b&gt;"' in page["text/html"]
    assert page["text/plain"] == f"Sounds: a dog, <b>. {ALT}"


def test_a_second_takes_little_room(shown):
    page = shown({"noise": np.random.default_rng(0).normal(size=8_000)})
    assert len(page["text/html"]) < 12_000
