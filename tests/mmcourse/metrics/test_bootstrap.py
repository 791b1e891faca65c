"""Paired differences: by hand, against scipy, by simulation, from equal generators."""

import numpy as np
import pytest
import torch
from only_random import OnlyRandom
from scipy import stats

from mmcourse.metrics import Difference, paired_bootstrap


def drawn(n, rng):
    """Return two models' scores of n items that both find easy or hard."""
    ease = rng.normal(size=n)
    return ease + rng.normal(0.2, 0.3, n), ease + rng.normal(0, 0.3, n)


def test_the_difference_is_that_of_the_means(rng):
    a, b = drawn(37, rng)
    found = paired_bootstrap(a, b, rng)
    assert found.difference == pytest.approx(a.mean() - b.mean())
    assert found.low < found.difference < found.high


def test_two_items_by_hand(rng):
    # Differences 1 and 0: a draw of two has mean 0, 1/2 or 1, with chances 1/4, 1/2, 1/4.
    a, b = [True, True], [False, True]
    assert paired_bootstrap(a, b, rng) == Difference(0.5, 0.0, 1.0)
    assert paired_bootstrap(a, b, rng, confidence=0.4) == Difference(0.5, 0.5, 0.5)


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_the_interval_equals_scipy(rng, confidence):
    a, b = drawn(53, rng)
    theirs = stats.bootstrap(
        (a, b),
        lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=20_000,
        confidence_level=confidence,
        rng=rng,
    )
    ours = paired_bootstrap(a, b, rng, confidence=confidence, draws=20_000)
    # A quantile of 20,000 draws that spread by the standard error scatters by 2 % of it.
    close = 0.1 * theirs.standard_error
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=close)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=close)


def test_the_interval_holds_the_true_difference_as_often_as_it_says(rng):
    found = [paired_bootstrap(*drawn(60, rng), rng, draws=500) for _ in range(400)]
    held = np.mean([each.low <= 0.2 <= each.high for each in found])
    # 400 experiments: one standard error is 1.1 points; the bootstrap is a little too narrow
    assert held == pytest.approx(0.95, abs=0.04)


def test_pairing_finds_what_two_separate_intervals_hide(rng):
    right = rng.random(400) < 0.8
    better = right.copy()
    better[np.flatnonzero(~right)[:12]] = True  # never worse, twelve times better
    assert paired_bootstrap(better, right, rng).low > 0
    apart = stats.norm.ppf(0.975) * np.sqrt((better.var() + right.var()) / 400)
    assert better.mean() - right.mean() - apart < 0


def test_equal_generators_give_equal_intervals_and_others_do_not():
    a, b = drawn(29, np.random.default_rng(1))
    first, again, other = (paired_bootstrap(a, b, np.random.default_rng(s)) for s in (5, 5, 6))
    assert first == again
    assert first.low != other.low


def test_the_stream_is_one_that_numpy_keeps():
    a, b = drawn(11, np.random.default_rng(1))
    found = paired_bootstrap(a, b, OnlyRandom(5), draws=100)
    assert found == paired_bootstrap(a, b, np.random.default_rng(5), draws=100)


def test_many_items_are_drawn_in_parts_from_the_same_stream(rng, monkeypatch):
    a, b = drawn(17, rng)
    whole = paired_bootstrap(a, b, np.random.default_rng(3), draws=250)
    monkeypatch.setattr("mmcourse.metrics.bootstrap.AT_ONCE", 70)
    assert paired_bootstrap(a, b, np.random.default_rng(3), draws=250) == whole


def test_exchanging_the_models_turns_the_sign():
    a, b = drawn(29, np.random.default_rng(1))
    there = paired_bootstrap(a, b, np.random.default_rng(5))
    back = paired_bootstrap(b, a, np.random.default_rng(5))
    assert back == pytest.approx((-there.difference, -there.high, -there.low))


@pytest.mark.parametrize("kind", [list, np.array, torch.tensor])
def test_right_and_wrong_count_one_and_nothing(kind):
    a, b = [True, False, True, True, False], [False, False, True, False, False]
    found = paired_bootstrap(kind(a), kind(b), np.random.default_rng(2))
    assert found == paired_bootstrap([1, 0, 1, 1, 0], [0, 0, 1, 0, 0], np.random.default_rng(2))
    assert found.difference == 0.4


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([1, 0, 1], [1, 0]), {}, ValueError, "same items, at least two; got 3 and 2 scores"),
        (([1], [0]), {}, ValueError, "at least two; got 1 and 1"),
        (([], []), {}, ValueError, "at least two; got 0 and 0"),
        (([[1, 0]], [[1, 0]]), {}, ValueError, r"a must have 1 axis; got shape \(1, 2\)"),
        (([1, 0], [1, np.nan]), {}, ValueError, r"b must be finite; got nan at \(1,\)"),
        ((["cat", "dog"], [1, 0]), {}, TypeError, "a must be real numbers; got <U3"),
        (([1, 0], [0, 0], 7), {}, TypeError, "rng must be a numpy Generator; got 7"),
        (([1, 0], [0, 0]), {"draws": 10}, ValueError, "draws .* of at least 100; got 10"),
        (([1, 0], [0, 0]), {"confidence": 95}, ValueError, "between 0 and 1.*got 95"),
    ],
)
def test_bad_input_is_named(rng, arguments, options, error, message):
    given = arguments if len(arguments) == 3 else (*arguments, rng)
    with pytest.raises(error, match=f"^paired_bootstrap: .*{message}"):
        paired_bootstrap(*given, **options)
