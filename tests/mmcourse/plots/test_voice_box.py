"""The box to speak into: what it hears from a list, a file and a microphone, and says of it."""

import re
import wave
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from io import BytesIO

import browsing
import numpy as np
import pytest
from playwright.sync_api import expect

from mmcourse import plots

RED = np.full((5, 7, 3), [200, 0, 0], dtype=np.uint8)
HIGH = np.array([0, 32_767, -32_768, 5], dtype=np.int16)
LOW = np.array([1, 2, 3], dtype=np.int16)


def samples(file):
    with wave.open(BytesIO(file)) as opened:
        assert (opened.getframerate(), opened.getsampwidth(), opened.getnchannels()) == (
            16_000, 2, 1,
        )  # fmt: skip
        return np.frombuffer(opened.readframes(opened.getnframes()), "<i2")


@pytest.fixture
def heard():
    return []


@pytest.fixture
def box(displayed, heard):
    def hear(file):
        heard.append(file)
        if file == b"broken":
            raise ValueError("<no WAV>")
        if file == b"silence":
            return "", []
        return "a <b>cat", [(RED, "a red one")]

    return plots.voice_box(hear, {"high": HIGH, "low": LOW})


def parts(box):
    (choice, upload), field, answer = box.children[0].children, *box.children[1:]
    return choice, upload, field, answer


def test_the_first_recording_is_heard_at_once_to_the_last_bit(box, heard):
    np.testing.assert_array_equal(samples(heard[0]), HIGH)
    assert "Heard: “a &lt;b&gt;cat”. Found, the best first: a red one." in parts(box)[3].value
    data, known = box._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert known["image/png"]["alt"].startswith("Heard: “a <b>cat”.")


def test_another_recording_is_heard_when_it_is_chosen(box, heard):
    parts(box)[0].value = "low"
    np.testing.assert_array_equal(samples(heard[1]), LOW)


def test_an_uploaded_file_is_heard_as_it_is(box, heard):
    file = {"name": "a.wav", "type": "audio/wav", "size": 3, "content": memoryview(b"abc")}
    parts(box)[1].set_trait("value", ({**file, "last_modified": datetime.now(tz=UTC)},))
    assert heard[1] == b"abc"


def test_what_the_page_records_is_heard(box, heard):
    field = parts(box)[2]
    assert field.layout.display == "none"
    field.value = b64encode(b"spoken").decode()
    assert heard[1] == b"spoken"


def test_errors_and_nothing_are_said_in_words_and_the_box_lives_on(box):
    _, _, field, answer = parts(box)
    field.value = b64encode(b"broken").decode()
    assert "ValueError: &lt;no WAV&gt;" in answer.value
    field.value = b64encode(b"silence").decode()
    assert "Nothing was found." in answer.value
    field.value = b64encode(b"again").decode()
    assert "<img" in answer.value


def test_without_a_browser_the_button_says_what_it_needs(box, displayed):
    assert displayed[0][0]["text/plain"] == "A button to record with; it needs a browser."
    html = displayed[0][0]["text/html"]
    assert html.partition("<script>")[2].count("</") == 1  # nothing ends the script early


@pytest.fixture
def page(box, displayed, tmp_path):
    """Yield the page in a browser whose microphone beeps; a field stands in for a kernel's."""
    field = '<div class="mmcourse-voice-wave"><textarea></textarea></div>'
    file = tmp_path / "page.html"
    html = f"<meta charset='utf-8'>{displayed[0][0]['text/html']}{field}"
    file.write_text(html, encoding="utf-8")
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with browsing.chromium(*fake) as shown:
        shown.goto(file.as_uri())
        yield shown


@pytest.mark.browser
def test_a_recording_of_the_page_is_a_wav_that_sounds(page):
    button = page.get_by_role("button")
    button.click()
    page.get_by_text("Speak now.").wait_for()
    page.wait_for_timeout(1_500)
    button.click()
    page.get_by_text(re.compile("seconds were recorded")).wait_for()
    found = samples(b64decode(page.locator("textarea").input_value()))
    assert 8_000 < len(found) < 80_000
    assert np.abs(found).max() > 100


@pytest.mark.browser
def test_where_no_kernel_listens_the_page_says_so(page):
    page.locator("textarea").evaluate("field => field.parentNode.remove()")
    page.get_by_role("button").click()
    expect_said(page, "No kernel runs here to listen: run the cell first.")


@pytest.mark.browser
def test_where_there_is_no_microphone_the_page_says_so(page):
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    page.reload()
    expect_said(page, re.compile("may not use a microphone.*Upload a WAV instead"))
    expect(page.get_by_role("button")).to_be_disabled()


def expect_said(page, text):
    expect(page.get_by_role("status")).to_have_text(text)
