import math
import warnings

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch.testing import assert_close

from mmcourse.few_shot import linear_probe


def task(n=60, dim=7, classes=5, seed=0):
    """Return features around one centre a class, and labels of which each occurs."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % classes
    centres = torch.randn(classes, dim, generator=generator, dtype=torch.float64)
    return centres[labels] + torch.randn(n, dim, generator=generator).double(), labels


@pytest.mark.parametrize("l2", [0.01, 1.0, 30.0])
def test_probe_equals_that_of_scikit_learn(l2):
    features, labels = task()
    peer = LogisticRegression(C=1 / l2, tol=1e-10, max_iter=10_000).fit(features, labels)
    probe = linear_probe(features, labels, l2=l2)
    assert_close(probe.weight.T, torch.from_numpy(peer.coef_), rtol=0, atol=1e-3)
    # a number added to every bias changes nothing
    ours, theirs = (
        bias - bias.mean() for bias in (probe.bias, torch.from_numpy(peer.intercept_))
    )
    assert_close(ours, theirs, rtol=0, atol=1e-3)
    strange, _ = task(n=500, seed=1)
    assert probe(strange).argmax(1).tolist() == peer.predict(strange).tolist()


def test_weights_are_those_of_scikit_learn():
    features, labels = task()
    counts = torch.linspace(0.1, 3, len(labels), dtype=torch.float64)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000)
    peer.fit(features, labels, sample_weight=counts.numpy())
    probe = linear_probe(features, labels, l2=1.0, weights=counts)
    assert_close(probe.weight.T, torch.from_numpy(peer.coef_), rtol=0, atol=1e-3)


def test_a_picture_that_counts_twice_may_stand_there_twice():
    features, labels = task(n=11)
    counts = torch.ones(11, dtype=torch.float64)
    counts[3], counts[7] = 2, 0
    rows = torch.tensor([0, 1, 2, 3, 3, 4, 5, 6, 8, 9, 10])
    one = linear_probe(features, labels, l2=0.5, weights=counts)
    other = linear_probe(features[rows], labels[rows], l2=0.5)
    assert_close(one.weight, other.weight, rtol=0, atol=1e-4)


def test_slope_is_zero_where_the_probe_is():
    features, labels = task()
    towards = torch.ones(7, 5, dtype=torch.float64)
    probe = linear_probe(features, labels, l2=0.3, towards=towards)
    excess = probe(features).softmax(1) - torch.eye(5)[labels]  # of the loss by the logits
    slope = features.T @ excess + 0.3 * (probe.weight - towards)
    assert slope.abs().max() < 1e-6
    assert excess.sum(0).abs().max() < 1e-6


def test_a_strong_pull_leaves_the_weights_where_they_are_pulled():
    features, labels = task()
    towards = torch.randn(7, 5, generator=torch.Generator().manual_seed(2)).double()
    probe = linear_probe(features, labels, l2=1e8, towards=towards)
    assert_close(probe.weight, towards, rtol=0, atol=1e-5)


def test_float32_features_give_float32_weights_fitted_in_float64():
    features, labels = task()
    rough, fine = linear_probe(features.float(), labels), linear_probe(features, labels)
    assert rough.weight.dtype == torch.float32
    assert_close(rough.weight.double(), fine.weight, rtol=0, atol=1e-5)


def test_no_random_number_and_no_input_is_touched():
    features, labels = task()
    before, state = features.clone(), torch.get_rng_state()
    with torch.no_grad():
        linear_probe(features, labels)
    assert torch.equal(features, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_one_class_alone_is_always_the_answer():
    probe = linear_probe(torch.ones(3, 2), torch.zeros(3, dtype=torch.long))
    assert probe(torch.ones(1, 2)).softmax(1).tolist() == [[1.0]]


def test_weak_pull_on_separable_classes_still_arrives():
    x, labels = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        probe = linear_probe(x, labels, l2=1e-6)
    # the slope is 0 where 2 σ(−2w) = l2 w
    w = float(probe.weight[0, 1])
    assert 2 / (1 + math.exp(2 * w)) == pytest.approx(1e-6 * w, rel=0.1)
