"""A box to speak into, over the pictures that answer: a stored recording, a file, a microphone.

The page records by itself (`voice_box.js`), where the browser lets it, and hands the sound to
the kernel as a WAV through a hidden field. Where there is no kernel, as in a saved notebook,
the first recording's pictures stand there. What is heard is an argument, so that nothing here
needs a model. Leaves out how a WAV is read.
"""

import wave
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from ipywidgets import (  # type: ignore[import-untyped]
    HTML,
    Dropdown,
    FileUpload,
    HBox,
    Layout,
    Textarea,
)
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import as_numbers
from mmcourse.plots.figure import LARGEST, MOST_INCHES, Bundle, display
from mmcourse.plots.kept import Kept
from mmcourse.plots.search_box import Found, answered

SCRIPT = Path(__file__).with_name("voice_box.js")

FIELD = "mmcourse-voice-wave"
"""The class of the hidden field that the page writes a recording into."""

RATE = 16_000
"""Samples a second of stored recordings, and of what the page records."""

INT16 = (-32_768, 32_767)

Hear: TypeAlias = Callable[[bytes], tuple[str, Sequence[tuple[ArrayLike, str]]]]
"""From a WAV file to what was heard, and pictures (height, width, 3) with a caption each."""


@checked
def voice_box(
    hear: Hear, stored: Mapping[str, ArrayLike], *, columns: int = 4, inches: float = 1.7
) -> Kept:
    """Return a choice of recordings, an upload and a microphone, above the pictures found.

    What goes wrong in `hear` is shown in place of the pictures.

    Args:
        hear: takes a WAV file; returns what was heard, and pictures with a caption each, the
            best first.
        stored: for each name a recording, 16,000 samples a second, int16; the first is heard
            at once.
        columns: how many pictures stand in a row, at least 1.
        inches: height of each.

    Raises:
        ValueError: there is no recording, one is not one axis of whole numbers in int16, or
            `columns` or `inches` is not above 0.
    """
    if not stored:
        raise ValueError("voice_box: stored must hold at least one recording; got none.")
    files = {name: _wav(name, samples) for name, samples in stored.items()}
    columns = whole("voice_box", "columns", columns, least=1, most=LARGEST)
    inches = real("voice_box", "inches", inches, above=0, most=MOST_INCHES)
    choice = Dropdown(options=list(files), description="Recording")
    upload = FileUpload(accept=".wav", description="Upload WAV")
    field, answer = Textarea(layout=Layout(display="none")), HTML()
    field.add_class(FIELD)

    def update(file: bytes) -> Bundle:
        def look() -> Found:
            text, found = hear(file)
            return list(found), f"Heard: \u201c{text}\u201d. Found, the best first:", []

        answer.value, kept = answered(
            "voice_box", look, "Nothing was found.", columns=columns, inches=inches
        )
        return kept

    choice.observe(lambda change: update(files[change["new"]]), names="value")
    upload.observe(lambda change: _each(change["new"], update), names="value")
    field.observe(lambda change: _recorded(change["new"], update), names="value")
    display((_microphone(), {}))
    return Kept([HBox([choice, upload]), field, answer], update(files[choice.value]))


def _each(files: Sequence[Mapping[str, Any]], update: Callable[[bytes], Any]) -> None:
    """Hear what was uploaded: the last file."""
    if files:
        update(bytes(files[-1]["content"]))


def _recorded(text: str, update: Callable[[bytes], Any]) -> None:
    """Hear what the page has recorded, a WAV in base64."""
    if text:
        update(b64decode(text))


def _microphone() -> dict[str, str]:
    """Return the page's part: a button, what it says, and the script."""
    script = SCRIPT.read_text(encoding="utf-8")
    return {
        "text/html": (
            '<div class="mmcourse-voice"><button type="button" disabled>Record</button> '
            '<span role="status">Recording needs a browser that runs this page\u2019s '
            f"script.</span></div>\n<script>\n{script}</script>"
        ),
        "text/plain": "A button to record with; it needs a browser.",
    }


def _wav(name: str, samples: ArrayLike) -> bytes:
    """Return a recording as a WAV file."""
    numbers = as_numbers("voice_box", repr(name), samples)
    low, high = INT16
    fits = numbers.ndim == 1 and numbers.size and (numbers == numbers.round()).all()
    if not (fits and low <= numbers.min() and numbers.max() <= high):
        raise ValueError(
            f"voice_box: {name!r} must be one axis of int16, at least one sample; got shape "
            f"{numbers.shape}, or other numbers."
        )
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(numbers.astype("<i2").tobytes())
    return file.getvalue()
