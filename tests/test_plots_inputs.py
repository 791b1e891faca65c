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
