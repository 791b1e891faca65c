"""Figures: what they refuse, and how they say so."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mmcourse import plots

NOISE = np.random.default_rng(5).random((7, 11, 3))
NAMES = ["cat", "bus", "tree"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: plots.show(Figure(), "cosines"),
            r"show: alt must be a sentence.*got 'cosines'",
        ),
        (lambda: plots.show(Figure(), "   "), r"show: alt must be a sentence"),
        (lambda: plots.show(Figure(), "No full stop here"), r"with a full stop; got 'No full"),
        (
            lambda: plots.pictures([], alt="There is nothing here."),
            r"pictures: needs at least one",
        ),
        (lambda: plots.pictures([NOISE], alt=""), r"pictures: alt must be a sentence.*got ''"),
        (
            lambda: plots.pictures([NOISE.T], alt="A b c."),
            r"colours last; got shape \(3, 11, 7\)",
        ),
        (lambda: plots.pictures([NOISE], ["a", "b"], alt="A b c."), r"got 2 titles for 1"),
        (
            lambda: plots.bars(NAMES, {"s": [1]}, title="T", ylabel="y"),
            r"bars: 's' must .*\(3,\)",
        ),
        (
            lambda: plots.lines([1], {"s": [[1]]}, title="T", xlabel="x", ylabel="y"),
            r"lines: 's' must have shape \(1,\).*got \(1, 1\)",
        ),
        (
            lambda: plots.histograms({"s": []}, edges=[0, 1], title="T", xlabel="x"),
            r"histograms: 's' needs at least one number",
        ),
        (lambda: plots.arrows({}, title="T"), r"arrows: each panel needs at least one vector"),
        (lambda: plots.arrows({"u": [1, 2, 3]}, title="T"), r"'u' must be two finite numbers"),
        (
            lambda: plots.arrows({"u": [1, np.nan]}, title="T"),
            r"'u' must be two finite numbers",
        ),
        (
            lambda: plots.similarity_matrix(np.eye(2), ["a"], ["b", "c"], title="T"),
            r"column of shape \(2, 2\); got 1 and 2",
        ),
        (lambda: plots.explore(lambda: None), r"explore: needs at least one slider"),
        (
            lambda: plots.explore(lambda: None, a=(0, 1, 5)),
            r"slider 'a' needs .*got \(0, 1, 5\)",
        ),
    ],
    ids=range(16),
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def bars(series, groups=NAMES, **more):
    plots.bars(groups, series, title="T", ylabel="y", **more)


def lines(x, series, **more):
    plots.lines(x, series, title="T", xlabel="x", ylabel="y", **more)


def histograms(series, edges):
    plots.histograms(series, edges=edges, title="T", xlabel="x")


def panels(quantities, x=(1, 2), **more):
    plots.panels(x, quantities, title="T", xlabel="x", **more)


def sounds(wave, spectrum, sr=100, **more):
    plots.sounds({"s": (wave, spectrum)}, sr=sr, alt="A short sound.", **more)


def matrix(values, **more):
    plots.similarity_matrix([[values]], ["a"], ["b"], title="T", **more)


REFUSED = {
    "bars: needs at least one group": lambda: bars({"s": []}, []),
    "bars: needs at least one series": lambda: bars({}),
    "bars: 's' must be finite; got .*nan": lambda: bars({"s": [1, np.nan, 2]}),
    r"must belong to a series, one of \['s'\]; got 't'": lambda: bars(
        {"s": [1, 2, 3]}, intervals={"t": [(0, 1)] * 3}
    ),
    r"of 's' must be one \(low, high\) .* got \[\[0\.0, 1": lambda: bars(
        {"s": [1, 2, 3]}, intervals={"s": [(0, 1)]}
    ),
    r"low first; got \[\[0\.0, 1\.0\], \[1\.0, 0\.0\]": lambda: bars(
        {"s": [1, 2, 3]}, intervals={"s": [(0, 1), (1, 0), (0, 1)]}
    ),
    "lines: needs at least one series": lambda: lines([1, 2], {}),
    r"lines: x must be .* got 3\.0": lambda: lines(3, {"s": 1}),
    r"lines: x must be .* got \[\[1": lambda: lines([[1, 2]], {"s": [[1, 2]]}),
    r"lines: x must be .* got \[\]": lambda: lines([], {"s": []}),
    "log=True needs numbers above 0; got 0 in 'x'": lambda: lines(
        [0, 1], {"s": [1, 2]}, log=True
    ),
    "above 0; got -2 in 's'": lambda: lines([1, 2], {"s": [1, -2]}, log=True),
    "histograms: needs at least one series": lambda: histograms({}, [0, 1]),
    r"edges must be at least two .* got \[\]": lambda: histograms({"s": [1]}, []),
    r"rising numbers, .* got \[0\.0, 0": lambda: histograms({"s": [0]}, [0, 0, 1]),
    r"finite, .* got \[0\.0, inf": lambda: histograms({"s": [0]}, [0, np.inf]),
    "'s' must lie within the edges, 0 to 1; .* from 0.5 to 2;": lambda: histograms(
        {"s": [0.5, 2]}, [0, 1]
    ),
    "within the edges, .* from nan": lambda: histograms({"s": [np.nan, 0.5]}, [0, 1]),
    "columns must be a whole number of at least 1; got 0": lambda: plots.pictures(
        [NOISE], alt="A b c.", columns=0
    ),
    r"with pixels, colours last; got shape \(0, 11, 3\)": lambda: plots.pictures(
        [NOISE[:0]], alt="A b c."
    ),
    r"uint8 or floats in \[0, 1\]; got float64 .* to 2": lambda: plots.pictures(
        [np.full((2, 3, 3), 2.0)], alt="A b c."
    ),
    "got float64 from nan": lambda: plots.pictures([NOISE * np.nan], alt="A b c."),
    "got int64": lambda: plots.pictures([np.ones((2, 3, 3), np.int64)], alt="A b c."),
    r"at least one number, .*\(0, 3\)": lambda: sounds([0.0], np.zeros((0, 3))),
    "'s' needs a wave and .* all finite": lambda: sounds([0.0], [[-np.inf]]),
    r"needs a wave \(samples,\)": lambda: sounds([[0.0]], [[0.0]]),
    "sounds: needs at least one clip": lambda: plots.sounds({}, sr=8, alt="No sound here."),
    "sounds: sr must be a whole number of at least 1": lambda: sounds([0.0], [[0.0]], sr=0),
    r"'a' must be three .* got \(0, 1\)": lambda: plots.explore(print, a=(0, 1)),
    "three finite numbers, .* got 5": lambda: plots.explore(print, a=5),
    "three finite numbers, .* 'x'": lambda: plots.explore(print, a=(0, 1, "x")),
    "three finite numbers, .* inf": lambda: plots.explore(print, a=(0, np.inf, 1)),
    "draw_arrows: reach must be above 0; got 0": lambda: plots.draw_arrows(
        {"u": [1, 2]}, title="T", reach=0
    ),
    "values must be finite": lambda: matrix(np.nan),
    "limits must rise, the lower first; got 1 and 1": lambda: matrix(0, limits=(1, 1)),
    "limits must be a finite number; got nan": lambda: matrix(0, limits=(np.nan, 1)),
    "log_x=True needs numbers above 0; got 0 in 'x'; .* log_x=False": lambda: lines(
        [0, 1], {"s": [1, 2]}, log_x=True
    ),
    r"lines: intervals of 's' must .* of 2 places, low first; got \[\[2": lambda: lines(
        [0, 1], {"s": [1, 2]}, intervals={"s": [[2, 1], [0, 1]]}
    ),
    "panels: needs at least one quantity": lambda: panels({}),
    "panels: needs at least one series": lambda: panels({"y": {}}),
    "panels: each series needs a name of its own; got 's' twice": lambda: panels(
        {"y": {"s": [1, 2]}, "z": {"s": [1, 2]}}
    ),
    r"chance must be of a quantity, one of \['y'\]; got 's'": lambda: panels(
        {"y": {"s": [1, 2]}}, chance={"s": 0.5}
    ),
    r"spans must be of a clip, one of \['s'\]; got 't'": lambda: sounds(
        [0.0] * 100, [[0.0]], spans={"t": []}
    ),
    "'dog' must begin before .* within the 1 s of 's'; got 0.5 to 2": lambda: sounds(
        [0.0] * 100, [[0.0]], spans={"s": [("dog", 0.5, 2)]}
    ),
}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_drawn_is_named(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()
