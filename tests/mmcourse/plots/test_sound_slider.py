"""The film whose sound slides: what a page stores, and what it plays in a browser."""

import json
import re
from base64 import b64decode
from html import unescape
from io import BytesIO

import browsing
import numpy as np
import pytest
from PIL import Image

from mmcourse import plots

FRAMES = [np.full((5, 7, 3), level, dtype=np.uint8) for level in (0, 120, 240)]
WAVE = np.sin(np.arange(900) / 3)
SAID = {1: "one <late>", 0: "in time", -1: "early"}
ALT = "Three grey frames and a tone."


@pytest.fixture
def stored(displayed):
    plots.sound_slider(FRAMES, WAVE, SAID, sr=3_000, alt=ALT, seconds=0.3)
    return displayed[0]


def test_the_page_holds_every_frame_side_by_side(stored):
    text = re.search(r'data-strip="data:image/png;base64,([^"]*)"', stored[0]["text/html"])[1]
    strip = np.asarray(Image.open(BytesIO(b64decode(text))).convert("RGB"))
    np.testing.assert_array_equal(strip, np.concatenate(FRAMES, axis=1))


def test_what_is_said_is_in_the_order_of_the_slider_and_no_markup(stored):
    page = stored[0]["text/html"]
    told = json.loads(unescape(re.search(r'data-told="([^"]*)"', page)[1]))
    assert told == {"seconds": 0.3, "said": [[-1, "early"], [0, "in time"], [1, "one <late>"]]}
    assert "<late>" not in page
    assert "<p>in time</p>" in page


def test_a_still_picture_and_a_player_are_there_for_who_has_no_script(stored):
    data, known = stored
    assert known["image/png"]["alt"] == ALT
    assert data["text/plain"] == f"Figure: {ALT}"
    assert data["text/html"].count("<audio") == 1


def test_no_request_leaves_the_page(stored):
    assert re.findall(r"(?:src|href)=\"(?!data:)", stored[0]["text/html"]) == []
    assert "http" not in stored[0]["text/html"]


def test_nothing_in_the_script_ends_it_early(stored):
    assert stored[0]["text/html"].partition("<script>")[2].count("</") == 1


@pytest.mark.parametrize(
    ("frames", "said", "message"),
    [
        (FRAMES[:1], SAID, "at least two pictures, all of one size; got 1 of"),
        ([FRAMES[0], FRAMES[1][:3]], SAID, "at least two pictures, all of one size; got 2 of"),
        (FRAMES, {1: "late"}, "said must hold 0, where the sound is in time; got 1"),
        (FRAMES, {}, "said must hold 0, where the sound is in time; got nothing"),
    ],
)
def test_what_does_not_fit_is_refused(frames, said, message):
    with pytest.raises(ValueError, match=f"sound_slider: .*{message}"):
        plots.sound_slider(frames, WAVE, said, sr=3_000, alt=ALT)


@pytest.fixture
def page(stored, tmp_path):
    file = tmp_path / "figure.html"
    file.write_text(f"<meta charset='utf-8'>{stored[0]['text/html']}", encoding="utf-8")
    with browsing.chromium() as shown:
        shown.goto(file.as_uri())
        shown.wait_for_selector("canvas[data-frame]")
        yield shown


@pytest.mark.browser
def test_sliding_says_what_is_said_there(page):
    slider, below = page.locator("input"), page.locator("p[aria-live]")
    assert below.inner_text() == "in time"
    assert [slider.get_attribute(side) for side in ("min", "max")] == ["-1", "1"]
    slider.press("ArrowRight")
    assert below.inner_text() == "one <late>"
    assert page.locator("output").inner_text() == "1"
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    assert below.inner_text() == "early"


@pytest.mark.browser
def test_it_plays_to_the_last_frame_and_stops(page):
    assert not page.locator("img").is_visible()
    button, stage = page.locator("button"), page.locator("canvas")
    assert stage.get_attribute("data-frame") == "0"
    button.click()
    page.wait_for_selector("canvas[data-frame='2']", timeout=5_000)
    page.wait_for_function("document.querySelector('button').textContent === 'Play'")
    assert (
        stage.evaluate("each => each.getContext('2d').getImageData(3, 2, 1, 1).data[0]") == 240
    )


@pytest.mark.browser
def test_late_sound_begins_with_its_end(page):
    """Three frames, one late: the loop begins two thirds in."""
    page.evaluate(
        "() => { const start = AudioBufferSourceNode.prototype.start;"
        "AudioBufferSourceNode.prototype.start = function (when, offset) {"
        "window.began = offset / this.buffer.duration;"
        "return start.call(this, when, offset); } }"
    )
    page.locator("input").press("ArrowRight")
    page.locator("button").click()
    page.wait_for_function("window.began !== undefined")
    assert page.evaluate("window.began") == pytest.approx(2 / 3, abs=1e-6)
