"""A film without a kernel: its frames, its length, its size and its words."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mmcourse import plots
from mmcourse.plots import figure


@pytest.fixture
def shown(monkeypatch):
    """Return a list that collects (data, metadata) of each output."""
    kept = []

    def publish(data, metadata=None):
        kept.append((data, metadata))

    monkeypatch.setattr(figure, "publish_display_data", publish)
    return kept


def moving(count=24, inches=3.6):
    """Return figures of points on a circle that come together."""
    drawn = []
    for share in np.linspace(0, 1, count):
        one, (axis,) = plots.blank(inches, inches)
        angles = np.array([1.0, 2, 4, 5])
        axis.scatter(np.cos(angles), np.sin(angles), color=plots.COLOURS[0])
        angles = angles + (1 - share)
        axis.scatter(np.cos(angles), np.sin(angles), color=plots.COLOURS[1], marker="s")
        axis.set(aspect="equal", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), title=f"{share:.0%}")
        drawn.append(one)
    return drawn


@pytest.fixture(scope="module")
def figures():
    return moving()


def test_figures_become_a_film_with_its_text(shown, figures):
    plots.animation(figures, alt="Each square reaches its point. Then it stays.")
    (data, known), (caption, _) = shown
    file = data["image/png"]
    assert len(file) <= 120_000
    assert known["image/png"] == {
        "alt": "Each square reaches its point. Then it stays.",
        "width": 360,
        "height": 360,
    }
    assert caption["text/plain"] == "Each square reaches its point."
    with Image.open(BytesIO(file)) as film:
        assert film.format == "PNG"
        assert film.n_frames == 24
        assert film.info["loop"] == 0, "without end"
        assert film.size == (540, 540)


def test_frames_last_three_seconds_together_and_the_last_one_stays(shown):
    grey = [np.full((4, 4, 3), level, dtype=np.uint8) for level in (0, 100, 255)]
    plots.animation(grey, alt="Black becomes white.", seconds=3, inches=0.1)
    with Image.open(BytesIO(shown[0][0]["image/png"])) as film:
        lasting = []
        for number in range(film.n_frames):
            film.seek(number)
            lasting.append(film.info["duration"])
    assert lasting == [1500, 1500, 1200]


def test_every_frame_plays_back_as_it_was(shown, rng):
    frames = [rng.choice(np.array([0, 255], np.uint8), (5, 7, 3)) for _ in range(4)]
    plots.animation(frames, alt="Colours change at random.", inches=5 / 200)
    with Image.open(BytesIO(shown[0][0]["image/png"])) as film:
        assert film.size == (7, 5)
        for number, frame in enumerate(frames):
            film.seek(number)
            np.testing.assert_array_equal(np.asarray(film.convert("RGB")), frame)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.animation([], alt="Nothing moves here."), r"two frames.* got 0 of \[\]"),
        (
            lambda: plots.animation([np.zeros((2, 3, 3))], alt="Nothing moves here."),
            "two frames, all of one size; got 1",
        ),
        (
            lambda: plots.animation(
                [np.zeros((90, 3, 3)), np.zeros((90, 4, 3))], alt="It grows in width."
            ),
            r"got 2 of \[\(270, 9\), \(270, 12\)\], height first",
        ),
        (
            lambda: plots.animation([np.zeros((3, 2, 2))] * 2, alt="Nothing moves here."),
            "colours last",
        ),
        (lambda: plots.animation([], alt="film"), "alt must be a sentence"),
        (
            lambda: plots.animation([], alt="Nothing moves here.", seconds=0),
            "seconds must be a finite number above 0",
        ),
    ],
    ids=range(6),
)
def test_wrong_inputs_are_named(call, message):
    with pytest.raises(ValueError, match=f"^animation: .*{message}"):
        call()


def test_a_film_that_is_too_large_is_refused(rng):
    frames = [rng.integers(0, 256, (200, 200, 3)).astype(np.uint8) for _ in range(8)]
    with pytest.raises(
        ValueError, match=r"at most 120,000 bytes; got .* from 8 frames; draw f"
    ):
        plots.animation(frames, alt="Noise without an end.")
