"""The reliability diagram: what it plots, what it says in words, and what it refuses."""

import sys

import numpy as np
import pytest
import torch

from mmcourse import plots
from mmcourse.metrics import accuracy_interval, ece
from mmcourse.plots.reliability import _binned, _intervals, size_legend

SURE = np.array([0.95, 0.95, 0.45, 0.5, 1.0])
RIGHT = np.array([True, False, True, True, True])


@pytest.fixture
def shown(monkeypatch):
    """Return a list that collects (figure, alt) instead of displaying them."""
    kept = []
    module = sys.modules["mmcourse.plots.reliability"]
    monkeypatch.setattr(module, "show", lambda drawn, alt, **_: kept.append((drawn, alt)))
    return kept


def test_bins_by_hand():
    x, y, shares = _binned(SURE, RIGHT, 10)  # 0.5 belongs to the bin below it, with 0.45
    assert x == pytest.approx([0.475, 2.9 / 3])
    assert y == pytest.approx([1, 2 / 3])
    assert shares == pytest.approx([0.4, 0.6])


def test_what_the_bins_hold_adds_up_to_the_calibration_error(rng):
    sure, right = rng.uniform(0.5, 1, 301), rng.random(301) < 0.7
    x, y, shares = _binned(sure, right, 15)
    both = np.stack([sure, 1 - sure], axis=1)
    assert (shares * abs(x - y)).sum() == pytest.approx(ece(both, np.where(right, 0, 1)))


def test_a_marker_stands_where_a_bin_is(shown):
    plots.reliability({"tiny": (SURE, RIGHT)}, title="Mostly so", bins=1)
    ((figure, alt),) = shown
    axis = figure.axes[0]
    assert axis.collections[1].get_offsets().tolist() == [pytest.approx([SURE.mean(), 0.8])]
    assert axis.get_xlabel().startswith("confidence")
    assert axis.get_title(loc="left") == "Mostly so"
    assert alt == (
        "Mostly so. Right answers against confidence, on average tiny: sure 0.77, right 0.80."
    )


def test_a_bar_is_the_interval_that_metrics_has():
    ends = _intervals(np.array([0, 2 / 3, 1]), np.array([5, 3, 7]))
    for low, high, of in zip(*ends, ((0, 5), (2, 3), (7, 7)), strict=True):
        known = accuracy_interval(*of)
        assert (low, high) == pytest.approx((known.low, known.high), abs=1e-4)


def test_a_bar_stands_at_its_bin_behind_an_open_marker(shown):
    plots.reliability({"tiny": (SURE, RIGHT)}, title="Mostly so", bins=1)
    bars, markers = shown[0][0].axes[0].collections
    low, high = accuracy_interval(4, 5)[1:]
    (bar,) = bars.get_segments()
    assert bar == pytest.approx(np.array([[SURE.mean(), low], [SURE.mean(), high]]), abs=1e-4)
    assert markers.get_facecolor().size == 0


def test_the_legend_says_what_the_size_of_a_marker_means(shown):
    plots.reliability({"tiny": (SURE, RIGHT)}, title="Mostly so", bins=1)
    axis = shown[0][0].axes[0]
    legend = axis.get_legend()
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts == [
        "as sure as right",
        "tiny",
        "size: share of the answers",
        "5%",
        "25%",
        "75%",
    ]
    drawn = {text: line.get_markersize() ** 2 for text, line in size_legend().items()}
    assert drawn["75%"] == pytest.approx(12 + 180 * 0.75)
    assert axis.collections[1].get_sizes() == pytest.approx([12 + 180])


def test_it_takes_tensors(shown):
    both = torch.tensor(SURE), torch.tensor(RIGHT)
    plots.reliability({"a": both, "b": both}, title="Mostly right", alt="My own few words.")
    assert shown[0][1] == "My own few words."


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("series", "bins", "error", "message"),
    [
        ({}, 10, ValueError, "at least one series; got none"),
        ({"a": (SURE, RIGHT)}, 0, ValueError, "bins must be .* from 1 to 100; got 0"),
        ({"a": ([], [])}, 10, ValueError, r"'a' must be numbers from 0 to 1.*got \[\]"),
        ({"a": ([1.5], [True])}, 10, ValueError, r"got \[1\.5\]; probabilities\.max\(1\)"),
        ({"a": (SURE, RIGHT[:3])}, 10, ValueError, r"each of 5 answers; got bool of shape \(3"),
        ({"a": (SURE, SURE)}, 10, ValueError, "True or False for each .* got float64"),
    ],
)
def test_wrong_inputs_are_named(series, bins, error, message):
    with pytest.raises(error, match=f"^reliability: .*{message}"):
        plots.reliability(series, title="Mostly right", bins=bins)
