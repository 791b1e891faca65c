"""Exercise 04: right answers in other words pass, and the references are the course's own."""

from math import exp, log

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from classroom.checks import find
from classroom.checks.ex04_temperature import fit_temperature as fitting
from classroom.checks.ex04_temperature.logit_scale import LogitScale, harness
from classroom.checks.ex04_temperature.negative_weights import negative_weights
from classroom.checks.ex04_temperature.uniformity import uniformity
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import losses, metrics


def weights_by_loop(similarities, temperature):
    out = torch.zeros_like(similarities)
    for i, row in enumerate(similarities):
        others = [j for j in range(len(row)) if j != i]
        out[i, others] = (row[others] / temperature).softmax(dim=0)
    return out


def weights_renormalised(similarities, temperature):
    shifted = similarities.double() - similarities.double().max(dim=1, keepdim=True).values
    shares = (shifted / temperature).exp() * (1 - torch.eye(len(similarities)))
    return shares / shares.sum(dim=1, keepdim=True)


def weights_in_numpy(similarities, temperature):
    table = similarities.double().numpy() / temperature
    np.fill_diagonal(table, -np.inf)
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def weights_in_float32(similarities, temperature):
    table = similarities.float() / temperature
    return (table - 1e9 * torch.eye(len(table))).softmax(1)


def weights_by_autograd(similarities, temperature):
    """The gradient of InfoNCE, divided by minus that of the right pair: 0 where it is sure."""
    moving = similarities.double().requires_grad_()
    right = torch.arange(len(moving))
    loss = F.cross_entropy(moving / temperature, right)
    grad = torch.autograd.grad(loss, moving)[0]
    return (grad / -grad.diag()[:, None]).fill_diagonal_(0)


@pytest.mark.parametrize(
    "answer",
    [
        losses.negative_weights,
        weights_by_loop,
        weights_renormalised,
        weights_in_numpy,
        weights_in_float32,
    ],
)
def test_negative_weights_may_be_written_otherwise(answer):
    checking.assert_passes(find("04.1"), answer)


def test_a_gradient_divided_by_that_of_the_right_pair_is_right_until_the_pair_is_sure():
    failed = judge(find("04.1"), weights_by_autograd).failures
    assert [one.case.label for one in failed] == ["right pairs far ahead"]


class ByData(nn.Module):
    """The parameter has an axis, a name of its own, and is cut through .data."""

    def __init__(self, init=1 / 0.07, max_scale=100.0):
        super().__init__()
        self.most = np.log(max_scale)
        self.t = nn.Parameter(torch.ones(1) * np.log(init))

    def forward(self):
        return torch.exp(self.t)

    def clamp_(self):
        self.t.data = torch.clamp(self.t.data, max=self.most)


class InDouble(nn.Module):
    def __init__(self, init=1 / 0.07, max_scale=100.0):
        super().__init__()
        self.log_temperature = nn.Parameter(torch.tensor(-log(init), dtype=torch.float64))
        self.register_buffer("least", torch.tensor(-log(max_scale)))

    def forward(self):
        return (-self.log_temperature).exp()

    @torch.no_grad()
    def clamp_(self):
        if self.log_temperature < self.least:
            self.log_temperature.copy_(self.least)


class Base2(nn.Module):
    """A step of this one is another percentage: wrong, since exp is asked for."""

    def __init__(self, init=1 / 0.07, max_scale=100.0):
        super().__init__()
        self.most = np.log2(max_scale)
        self.t = nn.Parameter(torch.tensor(np.log2(init)))

    def forward(self):
        return 2**self.t

    def clamp_(self):
        self.t.data.clamp_(max=self.most)


@pytest.mark.parametrize("answer", [losses.LogitScale, ByData, InDouble])
def test_logit_scale_may_be_written_otherwise(answer):
    checking.assert_passes(find("04.2"), answer)


def test_another_base_fails_without_a_wrong_diagnosis():
    said = feedback(judge(find("04.2"), Base2))
    assert "2 of 4 points" not in said
    assert not any(one.message[:30] in said for one in find("04.2").mistakes)


@pytest.mark.parametrize("answer", [LogitScale, losses.LogitScale], ids=["reference", "course"])
def test_the_harness_walks_as_worked_out_by_hand(answer):
    path, kept = harness(answer, 8.0, 10.0, [log(2), -log(2), -log(5)])
    assert kept
    np.testing.assert_allclose(path, [8, 10, 5, 1], rtol=1e-6)


class Unfinished(nn.Module):
    def __init__(self, init=1 / 0.07, max_scale=100.0):
        super().__init__()
        self.t = nn.Parameter(torch.tensor(log(init)))

    def forward(self):
        return self.t.exp()

    def clamp_(self):
        raise NotImplementedError


def test_a_scale_without_clamp_is_told_where_it_stops():
    said = feedback(judge(find("04.2"), Unfinished))
    assert "It raised NotImplementedError" in said
    assert "1 of 7 cases passed, 0 of 4 points" in said


def uniformity_by_loop(x, t=2.0):
    x = [row / row.norm() for row in x]
    pairs = [float((x[i] - x[j]).square().sum()) for i in range(len(x)) for j in range(i)]
    return log(sum(exp(-t * one) for one in pairs) / len(pairs))


def uniformity_by_cosines(x, t=2.0):
    x = F.normalize(x)
    table = (t * (2 * x @ x.T - 2)).exp()
    n = len(x)
    return ((table.sum() - table.trace()) / (n * (n - 1))).log()


def uniformity_by_mask(x, t=2.0):
    x = F.normalize(x)
    apart = torch.cdist(x, x)[~torch.eye(len(x), dtype=torch.bool)]
    return (-t * apart**2).logsumexp(dim=0) - log(len(apart))


def uniformity_in_numpy(x, t=2.0):
    x = x.numpy() / np.linalg.norm(x.numpy(), axis=1, keepdims=True)
    squared = ((x[:, None] - x) ** 2).sum(axis=2)[np.triu_indices(len(x), k=1)]
    return np.log(np.exp(-t * squared).mean())


def uniformity_in_float32(x, t=2.0):
    return uniformity_by_cosines(x.float(), t)


@pytest.mark.parametrize(
    "answer",
    [
        metrics.uniformity,
        uniformity_by_loop,
        uniformity_by_cosines,
        uniformity_by_mask,
        uniformity_in_numpy,
        uniformity_in_float32,
    ],
)
def test_uniformity_may_be_written_otherwise(answer):
    checking.assert_passes(find("04.3"), answer)


def fitted_by_autograd(logits, y):
    t = torch.zeros((), requires_grad=True)  # the logarithm
    size = 2.0
    for _ in range(25):  # down the slope, in ever smaller steps
        loss = F.cross_entropy(logits / t.exp(), y)
        with torch.no_grad():
            t -= size * torch.autograd.grad(loss, t)[0].sign()
        size *= 0.75
    return t.exp()


def fitted_by_golden_section(logits, y):
    low, high, ratio = log(0.01), log(100), (5**0.5 - 1) / 2
    while high - low > 1e-3:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        surprises = [F.cross_entropy(logits / exp(one), y) for one in (left, right)]
        low, high = (low, right) if surprises[0] < surprises[1] else (left, high)
    return exp((low + high) / 2)


def fitted_by_grid_in_numpy(logits, y):
    grid = np.geomspace(0.01, 100, 900)
    scores = logits.numpy() / grid[:, None, None]
    scores -= scores.max(axis=2, keepdims=True)
    right = scores[:, np.arange(len(y)), y.numpy()]
    return grid[(np.log(np.exp(scores).sum(axis=2)) - right).mean(axis=1).argmin()]


def fitted_in_float32(logits, y):
    return fitted_by_golden_section(logits.float(), y)


@pytest.mark.parametrize(
    "answer",
    [
        metrics.fit_temperature,
        fitted_by_autograd,
        fitted_by_golden_section,
        fitted_by_grid_in_numpy,
        fitted_in_float32,
    ],
)
def test_fit_temperature_may_be_written_otherwise(answer):
    checking.assert_passes(find("04.4"), answer)


@pytest.mark.parametrize("seed", range(30))
def test_a_fitted_temperature_lies_well_inside_its_range(seed):
    for _, case in find("04.4").draw(seed):
        logits, y = case.arguments
        assert 0.012 < fitting.fit_temperature(logits, y) < 80, case.label
        assert 0 <= y.min() <= y.max() < logits.shape[1]


def test_a_search_that_stops_too_early_is_told_to_go_on():
    def short_range(logits, y):
        grid = torch.linspace(0.25, 5, 300)
        return grid[min(range(300), key=lambda i: F.cross_entropy(logits / grid[i], y))]

    verdict = judge(find("04.4"), short_range)
    assert 0 < verdict.points < find("04.4").points
    assert "over all the range" in " ".join(feedback(verdict).split())


def test_a_coarse_search_is_told_to_be_finer():
    def coarse(logits, y):
        grid = torch.logspace(-2, 2, 23)
        return grid[min(range(23), key=lambda i: F.cross_entropy(logits / grid[i], y))]

    said = feedback(judge(find("04.4"), coarse))
    assert "in finer steps" in " ".join(said.split())


def test_the_references_are_the_courses_own():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(9, 9, generator=generator, dtype=torch.float64)
    y = torch.randint(9, (9,), generator=generator)
    torch.testing.assert_close(negative_weights(x, 0.7), losses.negative_weights(x, 0.7))
    assert uniformity(x, 1.3).item() == pytest.approx(metrics.uniformity(x, 1.3), rel=1e-12)
    expected = metrics.fit_temperature(x, y)
    assert fitting.fit_temperature(x, y) == pytest.approx(expected, rel=1e-6)
