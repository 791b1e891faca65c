"""Paths of points: where they start, pass and end, at one scale."""

import sys

import numpy as np
import pytest

from mmcourse import plots

WAYS = np.random.default_rng(3).normal(size=(4, 5, 2))
FAR = np.array([[9.0, 0.0], [9.0, 1.0], [8.0, 0.0]])


@pytest.fixture
def drawn(monkeypatch):
    """Return a function that draws paths, and gives back the figure."""
    kept = []
    module = sys.modules["mmcourse.plots.paths"]  # its name is the function's
    monkeypatch.setattr(module, "show", lambda figure, alt, **_: kept.append(figure))

    def draw(**more):
        panels = {"straight": WAYS[[0, -1]], "bent": WAYS}
        plots.paths(panels, title="They bend", alt="Some points that move.", **more)
        return kept[-1]

    return draw


def test_every_point_has_a_line_through_all_of_its_times(drawn):
    straight, bent = drawn().axes
    for axis, ways in ((straight, WAYS[[0, -1]]), (bent, WAYS)):
        lines = np.stack([line.get_xydata() for line in axis.lines], axis=1)
        np.testing.assert_allclose(lines, ways)


def test_rings_are_where_they_start_and_dots_where_they_end(drawn):
    _, axis = drawn().axes
    rings, dots = (np.asarray(each.get_offsets()) for each in axis.collections)
    np.testing.assert_allclose(rings, WAYS[0])
    np.testing.assert_allclose(dots, WAYS[-1])
    assert axis.collections[0].get_facecolor()[0].tolist() == [1, 1, 1, 1]


def test_panels_share_one_square_scale_that_holds_everything(drawn):
    first, second = drawn(behind=FAR).axes
    assert (first.get_xlim(), first.get_ylim()) == (second.get_xlim(), second.get_ylim())
    (left, right), (low, high) = first.get_xlim(), first.get_ylim()
    assert right - left == pytest.approx(high - low)
    everything = np.concatenate([WAYS.reshape(-1, 2), FAR])
    assert (everything > [left, low]).all()
    assert (everything < [right, high]).all()


def test_what_stands_behind_is_in_every_panel(drawn):
    for axis in drawn(behind=FAR).axes:
        np.testing.assert_allclose(np.asarray(axis.collections[0].get_offsets()), FAR)


def test_points_that_stay_in_one_place_are_drawn(monkeypatch):
    shown = []
    module = sys.modules["mmcourse.plots.paths"]
    monkeypatch.setattr(module, "show", lambda figure, alt, **_: shown.append(figure))
    plots.paths({"still": np.zeros((2, 1, 2))}, title="T", alt="One point that stays.")
    low, high = shown[0].axes[0].get_xlim()
    assert low < 0 < high
