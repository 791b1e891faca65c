"""A film whose sound can be slid under its pictures, and what is said of it at every place.

The page plays it by itself (`sound_slider.js`), with no kernel and no request: pictures and
sound are in it. Sound that leaves at one end comes in at the other. Where scripts do not run,
the frames stand side by side above a player. Leaves out who says what (`mmcourse.video`).
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.plots.captions import sentence
from mmcourse.plots.explore import page
from mmcourse.plots.figure import bundle, display
from mmcourse.plots.gallery import check_pictures, grid
from mmcourse.plots.hover import small
from mmcourse.plots.palette import compressed
from mmcourse.plots.players import RATES, address, playable

SCRIPT = Path(__file__).with_name("sound_slider.js")

INCHES = 0.6
"""Height of each frame where they stand side by side."""

LONGEST = 60.0
"""Seconds of a film."""


@checked
def sound_slider(
    pictures: Sequence[ArrayLike],
    wave: ArrayLike,
    said: Mapping[int, str],
    *,
    sr: int,
    alt: str,
    seconds: float = 2.0,
) -> None:
    """Display a film with a button that plays it, and a slider that moves its sound.

    Args:
        pictures: two frames or more, (height, width, 3), RGB, uint8 or floats in [0, 1], all of
            one size, evenly spaced in time.
        wave: the samples of the sound, (samples,); the loudest is played at full scale.
        said: for each number of frames that the sound may come late, what stands below; 0 must
            be among them, fewer are early.
        sr: samples a second, from 3,000 to 192,000.
        alt: a sentence that says what is seen and heard before anybody slides.
        seconds: that the pictures last, at most 60.

    Raises:
        ValueError: there are fewer than two pictures, or they differ in size; the sound has no
            sample, or one that is not finite; nothing is said at 0; or a number is out of
            range.
    """
    alt = sentence("sound_slider", alt)
    sr = whole("sound_slider", "sr", sr, least=RATES[0], most=RATES[1])
    seconds = real("sound_slider", "seconds", seconds, above=0, most=LONGEST)
    frames = _frames(pictures)
    heard = playable("sound_slider", "wave", wave)
    texts = {whole("sound_slider", "a shift", shift): text for shift, text in said.items()}
    if 0 not in texts:
        raise ValueError(
            "sound_slider: said must hold 0, where the sound is in time; got "
            f"{', '.join(map(str, texts)) or 'nothing'}."
        )
    titles = [f"{number}" for number in range(len(frames))]
    file = small(grid("sound_slider", frames, titles, columns=len(frames), inches=INCHES))
    data, known = bundle(file, alt)
    told = {"seconds": seconds, "said": sorted(texts.items())}
    strip = b64encode(compressed(np.concatenate(frames, axis=1))).decode()
    sound = address(heard / (np.abs(heard).max() or 1.0), sr)
    html = (
        f'<div class="mmcourse-slide" data-strip="data:image/png;base64,{strip}" '
        f'data-frames="{len(frames)}" data-told="{escape(json.dumps(told))}">'
        f"{page(file, alt)}"
        f'<audio controls preload="metadata" aria-label="the sound of the film" '
        f'src="data:audio/wav;base64,{sound}"></audio><p>{escape(texts[0])}</p></div>\n'
        f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>"
    )
    display(({"text/html": html, **data}, known))


def _frames(pictures: Sequence[ArrayLike]) -> list[np.ndarray]:
    """Return the frames as uint8."""
    frames = [np.asarray(picture) for picture in pictures]
    check_pictures(frames, "sound_slider")
    sizes = sorted({frame.shape[:2] for frame in frames})
    if len(frames) < 2 or len(sizes) > 1:
        raise ValueError(
            "sound_slider: needs at least two pictures, all of one size; got "
            f"{len(frames)} of {sizes}, height first."
        )
    return [
        frame if frame.dtype == np.uint8 else (frame * 255).round().astype(np.uint8)
        for frame in frames
    ]
