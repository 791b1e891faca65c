"""Thumbnails beside a matrix: the right one in the right row, and what is refused."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from mmcourse import plots
from mmcourse.plots import thumbnails, vectors

ROWS, COLUMNS = ["red one", "wide one", "blue one"], ["a", "b"]
PIXELS = [np.zeros((90, 90, 3), np.uint8), np.zeros((20, 60, 3), np.uint8)]
PIXELS.append(np.zeros((5, 7, 3), np.uint8))
PIXELS[0][:] = [255, 0, 0]
PIXELS[2][:] = [0, 0, 255]


@pytest.fixture
def drawn(monkeypatch):
    """Return a function that draws the matrix with pictures, and gives back (figure, alt)."""
    kept: list[tuple[Figure, str]] = []
    monkeypatch.setattr(vectors, "show", lambda figure, alt, **_: kept.append((figure, alt)))

    def draw(pictures):
        values = [[0.5, 0.25], [0.75, -1.0], [0.0, 1.0]]
        plots.similarity_matrix(values, ROWS, COLUMNS, title="T", pictures=pictures)
        return kept[-1]

    return draw


def beside(figure):
    """Return the box and the pixels of each thumbnail, from the top."""
    boxes = [child for child in figure.axes[0].artists if isinstance(child, AnnotationBbox)]
    found = [(box, box.offsetbox) for box in boxes]
    assert all(isinstance(image, OffsetImage) for _, image in found)
    return [(box, np.asarray(image.get_data())) for box, image in found]


def test_each_row_has_its_own_picture(drawn):
    figure, _ = drawn(PIXELS)
    (red, first), (_, second), (blue, third) = beside(figure)
    assert (red.xy[1], blue.xy[1]) == (0, 2)
    assert first[0, 0].tolist() == [255, 0, 0]
    assert third[0, 0].tolist() == [0, 0, 255]
    assert not second.any()


def test_thumbnails_keep_their_proportions_at_one_size(drawn):
    shapes = [pixels.shape[:2] for _, pixels in beside(drawn(PIXELS)[0])]
    side = round(thumbnails.SIDE * 200)
    assert shapes == [(side, side), (20, 60), (5 * (side // 7), side)], "84, as it is, 12 times"


def test_thumbnails_stand_left_of_the_matrix_inside_the_figure(drawn):
    figure, _ = drawn(PIXELS)
    plots.figure.png(figure)
    matrix = figure.axes[0].get_window_extent()
    for box, _ in beside(figure):
        extent = box.get_window_extent()
        assert extent.x0 >= 0
        assert extent.x1 <= matrix.x0


def test_names_give_way_to_pictures_but_stay_in_the_words(drawn):
    figure, alt = drawn(PIXELS)
    assert len(figure.axes[0].get_yticks()) == 0
    assert alt.endswith("red one: a with 0.50; wide one: a with 0.75; blue one: b with 1.00.")


def test_without_pictures_names_stand_as_before(drawn):
    figure, _ = drawn(None)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ROWS
    assert beside(figure) == []


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (PIXELS[:2], r"a picture for each row, or none; got 2 for 3"),
        ([*PIXELS[:2], PIXELS[2].T], r"colours last; got shape \(3, 7, 5\)"),
        ([*PIXELS[:2], PIXELS[2] / 255], r"of uint8.*got shape \(5, 7, 3\) of float64"),
        ([*PIXELS[:2], PIXELS[2][:0]], r"got shape \(0, 7, 3\)"),
        ([*PIXELS[:2], np.zeros((5, 7), np.uint8)], r"got shape \(5, 7\)"),
    ],
    ids=["one is missing", "colours first", "floats", "no pixels", "grey"],
)
def test_pictures_that_do_not_fit_are_refused(drawn, pictures, message):
    with pytest.raises(ValueError, match=rf"similarity_matrix: .*{message}"):
        drawn(pictures)
