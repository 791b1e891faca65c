"""Lines: logarithmic axes with plain labels, bands, chance, and panels of one quantity each."""

from itertools import pairwise

import numpy as np
import pytest

from mmcourse import plots
from mmcourse.plots import curves
from mmcourse.plots.figure import png
from mmcourse.plots.told import numbers, say

TEMPERATURES = [0.01, 0.02, 0.05, 0.07, 0.1, 0.2, 0.5, 1]


@pytest.fixture
def shown(monkeypatch):
    """Return a list that collects (figure, alt, what else is shown) instead of displaying."""
    kept = []
    monkeypatch.setattr(
        curves, "show", lambda drawn, alt, **more: kept.append((drawn, alt, more))
    )
    return kept


def lines(x, series, **more):
    plots.lines(x, series, title="It falls", xlabel="x", ylabel="y", **more)


def labels(axis):
    axis.figure.canvas.draw()
    low, high = axis.get_view_interval()
    ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    return [label.get_text() for place, label in ticks if low <= place <= high]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (TEMPERATURES, ["0.01", "0.1", "1"]),
        ([8, 64, 512], ["8", "64", "512"]),
        ([1, 10, 100, 100_000], ["1", "10", "100", "1000", "10,000", "100,000"]),
        ([0.02, 0.05, 0.08], ["0.02", "0.05"]),
    ],
    ids=["temperatures", "batch sizes", "decades", "less than a decade"],
)
def test_a_logarithmic_axis_has_plain_labels(shown, x, expected):
    lines(x, {"s": x}, log_x=True)
    axis = shown[0][0].axes[0]
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "linear")
    assert labels(axis.xaxis) == expected


def test_labels_of_many_places_do_not_touch(shown):
    lines([2**k for k in range(17)], {"s": range(17)}, log_x=True)
    drawn = shown[0][0]
    png(drawn)
    boxes = [each.get_window_extent() for each in drawn.axes[0].get_xticklabels()]
    assert len(boxes) == 6
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_both_axes_are_logarithmic_where_that_is_asked_for(shown):
    lines([1, 1000], {"s": [1, 0.001]}, log=True)
    assert labels(shown[0][0].axes[0].yaxis) == ["0.001", "0.01", "0.1", "1"]


def test_chance_is_a_grey_dashed_line_with_its_number(shown):
    lines([0, 1], {"s": [0.25, 0.75]}, chance=0.125)
    drawn, alt, _ = shown[0]
    axis = drawn.axes[0]
    assert axis.lines[-1].get_ydata() == [0.125, 0.125]
    assert axis.lines[-1].get_linestyle() == "--"
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["s", "chance, 0.125"]
    assert alt.endswith(" Chance is 0.125.")


def test_intervals_are_a_pale_band_behind_the_line(shown):
    lines([0, 1], {"s": [2, 3], "t": [1, 1]}, intervals={"s": [(1, 4), (2, 5)]})
    drawn, _, more = shown[0]
    (band,) = drawn.axes[0].collections
    corners = {tuple(point) for point in band.get_paths()[0].vertices.tolist()}
    assert corners == {(0, 1), (0, 4), (1, 2), (1, 5)}
    assert more["numbers"] == [
        ["x", "s", "t"],
        ["0", "2 (1 to 4)", "1"],
        ["1", "3 (2 to 5)", "1"],
    ]


def test_the_legend_stands_beside_the_axes(shown):
    lines([0, 1], {"a rather long name": [0, 1], "another": [1, 0]})
    drawn = shown[0][0]
    png(drawn)
    axis = drawn.axes[0]
    box = axis.get_legend().get_window_extent()
    assert box.x0 >= axis.get_window_extent().x1
    assert box.x1 <= drawn.bbox.x1


def test_a_line_through_many_places_has_fewer_markers(shown):
    lines(range(300), {"s": range(300)})
    assert shown[0][0].axes[0].lines[0].get_markevery() == 8


def test_panels_share_x_and_have_one_quantity_each(shown):
    plots.panels(
        TEMPERATURES,
        {
            "recall at 1": {"recall": np.arange(8) / 8},
            "distance": {"alignment": np.ones(8), "uniformity": -np.ones(8)},
        },
        title="Hotter is closer",
        xlabel="temperature",
        chance={"recall at 1": 0.125},
        intervals={"alignment": [(0, 2)] * 8},
        log_x=True,
    )
    drawn, alt, more = shown[0]
    first, second = drawn.axes
    assert [axis.get_ylabel() for axis in drawn.axes] == ["recall at 1", "distance"]
    assert [axis.get_xlabel() for axis in drawn.axes] == ["temperature"] * 2
    assert [len(axis.lines) for axis in drawn.axes] == [2, 2], "chance is a line too"
    assert len(second.collections) == 1
    assert labels(first.xaxis) == labels(second.xaxis) == ["0.01", "0.1", "1"]
    colours = [line.get_color() for line in (first.lines[0], *second.lines)]
    assert len(set(colours)) == 3
    assert alt.startswith(
        "Hotter is closer. Lines of recall at 1, distance against temperature"
    )
    assert more["numbers"][0] == ["temperature", "recall", "alignment", "uniformity"]
    png(drawn)
    box = second.get_legend().get_window_extent()
    assert box.y0 >= second.get_window_extent().y1 - 1, "above the axes"


def test_numbers_are_said_without_exponents():
    said = [say(n) for n in (0, 0.5, 1 / 3, 1e-5, 999.6, 1234.5, 65536, 1e6, -0.0001)]
    assert said == [
        "0", "0.5", "0.333", "0.00001", "1000", "1234.5", "65,536", "1,000,000", "-0.0001",
    ]  # fmt: skip


def test_a_long_table_keeps_its_first_and_last_row():
    places = [str(n) for n in range(300)]
    table = numbers("step", places, {"s": np.arange(300.0)})
    assert (len(table), table[1], table[-1]) == (41, ["0", "0"], ["299", "299"])


@pytest.mark.parametrize(
    ("x", "expected"),
    [(range(4), ["0", "1", "2", "3"]), ([0, 0.5, 3], ["0.0", "0.5", "1.0"])],
    ids=["counts", "measures"],
)
def test_between_one_count_and_the_next_there_is_no_tick(shown, x, expected):
    lines(x, {"a": range(len(x))})
    assert labels(shown[0][0].axes[0].xaxis)[: len(expected)] == expected
