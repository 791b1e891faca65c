"""Exercise 03: right answers in other words pass, and the references are the course's own."""

from math import exp, log, sqrt

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from classroom.checks import find
from classroom.checks.ex03_contrastive_loss.by_hand import COSINES, by_hand
from classroom.checks.ex03_contrastive_loss.clip_loss import clip_loss
from classroom.checks.ex03_contrastive_loss.clip_loss_grad import clip_loss_grad
from classroom.checks.ex03_contrastive_loss.inputs import alike
from classroom.checks.ex03_contrastive_loss.remark import remark
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import losses


def logits_by_einsum(images, texts, scale):
    lengths = images.norm(dim=1)[:, None] * texts.norm(dim=1)
    return torch.einsum("nd,md->nm", images, texts) * scale / lengths


def logits_by_loop(images, texts, scale):
    return [
        [
            scale * sum(map(float, x * y)) / sqrt(float(x @ x) * float(y @ y))
            for y in texts.double()
        ]
        for x in images.double()
    ]


def logits_as_array(images, texts, scale):
    return np.array(logits_by_loop(images, texts, scale))


def logits_in_numpy(images, texts, scale):
    images, texts = images.numpy(), texts.numpy()
    images = images / np.linalg.norm(images, axis=1, keepdims=True)
    return scale * images @ (texts / np.linalg.norm(texts, axis=1, keepdims=True)).T


def logits_in_float32(images, texts, scale):
    return scale * F.cosine_similarity(images.float()[:, None], texts.float()[None], dim=-1)


def logits_scaled_by_parts(images, texts, scale):
    half = scale**0.5
    return (half * F.normalize(images)) @ (half * F.normalize(texts)).mT


@pytest.mark.parametrize(
    "answer",
    [
        logits_by_einsum,
        logits_as_array,
        logits_in_numpy,
        logits_in_float32,
        logits_scaled_by_parts,
    ],
)
def test_logits_may_be_written_otherwise(answer):
    checking.assert_passes(find("03.1"), answer)


def loss_by_loop(images, texts, scale):
    rows = logits_by_loop(images, texts, scale)
    total = 0.0
    for table in (rows, list(zip(*rows, strict=True))):
        for i, row in enumerate(table):
            total += log(sum(exp(one - row[i]) for one in row))
    return total / (2 * len(rows))


def loss_by_logsumexp(images, texts, scale):
    table = logits_by_einsum(images, texts, scale)
    both = table.logsumexp(dim=1) + table.logsumexp(dim=0) - 2 * table.diag()
    return both.mean() / 2


def loss_by_log_softmax(images, texts, scale):
    table = logits_by_einsum(images, texts, scale)
    return -(table.log_softmax(1).trace() + table.log_softmax(0).trace()) / (2 * len(table))


def loss_in_numpy(images, texts, scale):
    table = logits_in_numpy(images.double(), texts.double(), scale)
    right = np.exp(table.diagonal())
    return (
        -np.mean(np.log(right / np.exp(table).sum(1)) + np.log(right / np.exp(table).sum(0)))
        / 2
    )


def loss_in_float32(images, texts, scale):
    table = logits_in_float32(images, texts, scale)
    labels = torch.arange(table.size(0), device=table.device)
    return (F.cross_entropy(table, labels) + F.cross_entropy(table.T, labels)) / 2


def loss_with_one_hot_labels(images, texts, scale):
    table = logits_by_einsum(images, texts, scale)
    labels = torch.eye(len(table), dtype=table.dtype)
    return 0.5 * F.cross_entropy(table, labels) + 0.5 * F.cross_entropy(table.T, labels)


@pytest.mark.parametrize(
    "answer",
    [
        losses.clip_loss,
        losses.tiled_clip_loss,
        loss_by_logsumexp,
        loss_by_log_softmax,
        loss_in_float32,
        loss_with_one_hot_labels,
    ],
)
def test_clip_loss_may_be_written_otherwise(answer):
    checking.assert_passes(find("03.2"), answer)


def loss_with_labels_on_the_cpu(images, texts, scale):
    table = scale * F.normalize(images) @ F.normalize(texts).T
    labels = torch.arange(len(table))
    return (F.cross_entropy(table, labels) + F.cross_entropy(table.T, labels)) / 2


def loss_with_labels_on_the_cpu_by_module(images, texts, scale):
    table = logits_by_einsum(images, texts, scale)
    loss, labels = torch.nn.CrossEntropyLoss(), torch.tensor(list(range(len(table))))
    return (loss(table, target=labels) + loss(table.T, target=labels)) / 2


def loss_with_labels_moved(images, texts, scale):
    table = logits_by_einsum(images, texts, scale)
    labels = torch.arange(len(table)).to(table.device)
    return (F.cross_entropy(table, labels) + F.cross_entropy(table.T, labels)) / 2


def loss_by_index(images, texts, scale):
    """A CPU index is welcome on any device."""
    table, i = logits_by_einsum(images, texts, scale), torch.arange(len(images))
    return -(table.log_softmax(1)[i, i] + table.log_softmax(0)[i, i]).mean() / 2


@pytest.mark.parametrize(
    "answer", [loss_with_labels_on_the_cpu, loss_with_labels_on_the_cpu_by_module]
)
def test_labels_left_on_the_cpu_cost_nothing_and_are_told(answer):
    verdict = judge(find("03.2"), answer)
    assert verdict.passed
    assert "On a GPU it would stop" in feedback(verdict)


@pytest.mark.parametrize("answer", [loss_by_loop, loss_in_numpy])
def test_a_loss_without_gradient_costs_the_point_for_gradients(answer):
    verdict = judge(find("03.2"), answer)
    lost = {trial.tries.name for trial in verdict.failures if trial.tries.points}
    assert lost == {"gradients flow back"}
    assert "no gradient" in feedback(verdict)


@pytest.mark.parametrize(
    "answer",
    [
        loss_by_logsumexp,
        loss_by_log_softmax,
        loss_by_index,
        loss_in_float32,
        loss_with_labels_moved,
        losses.clip_loss,
    ],
)
def test_nothing_is_remarked_where_nothing_is_to_say(answer):
    checking.assert_passes(find("03.2"), answer)
    assert remark(answer) is None


@pytest.mark.parametrize("seed", range(50))
def test_the_typed_formula_overflows_whatever_is_drawn(seed):
    images, texts = alike(np.random.default_rng(seed), 5, 7)
    table = logits_by_einsum(images, texts, 100)
    assert table.dtype == torch.float32
    assert table.exp().isinf().all()


def grad_by_autograd(similarities, scale):
    similarities = similarities.clone().requires_grad_()
    table = scale * similarities
    right = torch.arange(len(table))
    loss = (F.cross_entropy(table, right) + F.cross_entropy(table.T, right)) / 2
    return torch.autograd.grad(loss, similarities)[0]


def grad_with_temperature(similarities, scale):
    tau = 1 / scale
    p = (similarities / tau).softmax(1)
    q = (similarities.T / tau).softmax(1).T
    p.fill_diagonal_(0), q.fill_diagonal_(0)
    grad = p + q
    grad -= torch.diag(p.sum(dim=1) + q.sum(dim=0))
    return grad / (2 * len(grad) * tau)


def grad_in_numpy(similarities, scale):
    table = scale * similarities.double().numpy()
    powers = np.exp(table - table.max())
    p, q = powers / powers.sum(1, keepdims=True), powers / powers.sum(0)
    return scale * ((p - np.eye(len(p))) + (q - np.eye(len(q)))) / 2 / len(p)


def grad_in_float32(similarities, scale):
    return grad_with_temperature(similarities.float(), scale)


@pytest.mark.parametrize(
    "answer", [grad_by_autograd, grad_with_temperature, grad_in_numpy, grad_in_float32]
)
def test_clip_loss_grad_may_be_written_otherwise(answer):
    checking.assert_passes(find("03.3"), answer)


def test_the_references_are_the_courses_own():
    generator = torch.Generator().manual_seed(0)
    images, texts = torch.randn(2, 9, 5, generator=generator, dtype=torch.float64)
    expected = losses.clip_loss(images, texts, 7.0)
    torch.testing.assert_close(clip_loss(images, texts, 7.0), expected)
    cosines = torch.rand(5, 5, generator=generator, dtype=torch.float64)
    expected = grad_by_autograd(cosines, 3.0)
    torch.testing.assert_close(clip_loss_grad(cosines, 3.0), expected)


def test_by_hand_is_the_loss_of_its_table():
    table = torch.from_numpy(COSINES) * 5 * log(2)
    rows, columns = losses.info_nce(table).item(), losses.info_nce(table.T).item()
    np.testing.assert_allclose(by_hand(), [rows, columns, (rows + columns) / 2], rtol=1e-12)
    assert by_hand()[0] == pytest.approx(1.5 * log(2))


@pytest.mark.parametrize("digits", [2, 3, 6])
@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor])
def test_by_hand_takes_rounded_numbers_in_any_sequence(digits, kind):
    checking.assert_passes(find("03.4"), lambda: kind([round(x, digits) for x in by_hand()]))


def test_by_hand_carries_no_points():
    assert find("03.4").points == 0


@pytest.mark.parametrize(
    "answer",
    [lambda: 1.14, lambda: [1.04], lambda: "1.04"],
    ids=["one number", "a list of one", "a string"],
)
def test_odd_answers_of_03_4_fail_with_a_short_word(answer):
    verdict = judge(find("03.4"), answer)
    assert not verdict.passed
    assert len(feedback(verdict).splitlines()) <= 12
