"""The letters of a recording over its spectrogram: what is drawn where, and what is said."""

import sys

import numpy as np
import pytest

from mmcourse import plots

SPECTRUM = np.arange(15.0).reshape(3, 5)
NAMES = ["blank", " ", "a", "b"]
CHANCES = np.array(
    [
        [0.9, 0.0, 0.1, 0.0],
        [0.2, 0.0, 0.8, 0.0],
        [0.1, 0.0, 0.9, 0.0],  # the letter goes on, and is likeliest here
        [0.0, 1.0, 0.0, 0.0],
        [0.4, 0.2, 0.2, 0.2],
        [0.3, 0.3, 0.0, 0.4],  # likeliest, and yet not likely
        [0.2, 0.0, 0.8, 0.0],
    ]
)


@pytest.fixture
def drawn(monkeypatch):
    """Return the figure, and the table below it."""
    kept = []
    module = sys.modules["mmcourse.plots.letter_track"]  # its name is the function's
    monkeypatch.setattr(module, "show", lambda figure, alt, **more: kept.append((figure, more)))
    plots.letter_track(
        SPECTRUM, CHANCES, NAMES, seconds=3.5, title="A title", alt="It says a word."
    )
    return kept[0]


def test_each_letter_stands_once_over_the_likeliest_of_its_steps(drawn):
    _, below = drawn[0].axes
    texts = [(text.get_text(), *text.get_position()) for text in below.texts]
    # steps last half a second each
    expected = [("a", 1.25, 0.93), ("\u2423", 1.75, 1.03), ("a", 3.25, 0.83)]
    assert texts == [(name, pytest.approx(x), pytest.approx(y)) for name, x, y in expected]


def test_the_blank_is_dashed_and_each_likeliest_letter_has_its_line(drawn):
    _, below = drawn[0].axes
    blank, *letters = below.lines
    assert blank.get_linestyle() == "--"
    np.testing.assert_allclose(blank.get_ydata(), CHANCES[:, 0])
    np.testing.assert_allclose([line.get_ydata() for line in letters], CHANCES[:, 1:].T)


def test_both_parts_end_with_the_recording(drawn):
    above, below = drawn[0].axes
    assert above.get_xlim() == below.get_xlim() == (0, 3.5)
    np.testing.assert_allclose(above.images[0].get_array(), SPECTRUM)


def test_the_table_tells_the_likeliest_of_each_step(drawn):
    head, *rows = drawn[1]["numbers"]
    assert head == ["time (s)", "likeliest", "probability"]
    assert [row[1] for row in rows] == ["blank", "a", "a", "\u2423", "blank", "b", "a"]
    assert rows[2] == ["1.25", "a", "0.9"]
