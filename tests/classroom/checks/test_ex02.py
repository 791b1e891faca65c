"""Exercise 02: right answers in other words pass, and the references are the course's own."""

from math import acos, degrees, sqrt

import checking
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import pairwise

from classroom.checks import find
from classroom.checks.ex02_cosine_similarity.angle_degrees import angle_degrees
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from mmcourse import similarity


def normalised_by_loop(x, eps=1e-12):
    return np.array([row / max(sqrt(sum(one * one for one in row)), eps) for row in x])


def normalised_by_einsum(x, eps=1e-12):
    return x / np.sqrt(np.einsum("nd,nd->n", x, x)).clip(min=eps)[:, None]


def normalised_where_it_can_be(x, eps=1e-12):
    lengths = np.linalg.norm(x, axis=-1)
    out, long = x / eps, lengths > eps
    out[long] = x[long] / lengths[long, None]
    return out


def normalised_by_torch(x, eps=1e-12):
    return F.normalize(torch.from_numpy(x), dim=1, eps=eps)


def normalised_in_float32(x, eps=1e-12):
    return normalised_by_einsum(x.astype(np.float32), np.float32(eps))


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, eps=1e-12: similarity.l2_normalize(x, eps=eps),
        normalised_by_loop,
        normalised_by_einsum,
        normalised_where_it_can_be,
        normalised_by_torch,
        normalised_in_float32,
    ],
)
def test_l2_normalize_may_be_written_otherwise(answer):
    checking.assert_passes(find("02.1"), answer)


def paired_by_loop(a, b):
    return np.array([x @ y / sqrt((x @ x) * (y @ y)) for x, y in zip(a, b, strict=True)])


def paired_by_einsum(a, b):
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.einsum("nd,nd->n", a, b) / lengths


def paired_by_torch(a, b):
    return F.cosine_similarity(torch.from_numpy(a), torch.from_numpy(b))


def paired_in_float32(a, b):
    return paired_by_einsum(a.astype(np.float32), b.astype(np.float32))


@pytest.mark.parametrize(
    "answer",
    [
        similarity.paired_cosine,
        paired_by_loop,
        paired_by_einsum,
        paired_by_torch,
        paired_in_float32,
        lambda a, b: np.diag(similarity.cosine_matrix(a, b)),
    ],
)
def test_paired_cosine_may_be_written_otherwise(answer):
    checking.assert_passes(find("02.2"), answer)


def matrix_by_loop(a, b):
    return np.array([paired_by_loop(np.tile(x, (len(b), 1)), b) for x in a])


def matrix_by_broadcasting(a, b):
    return paired_by_einsum(np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1))).reshape(
        len(a), len(b)
    )


def matrix_in_float32(a, b):
    return pairwise.cosine_similarity(a.astype(np.float32), b.astype(np.float32))


@pytest.mark.parametrize(
    "answer",
    [
        similarity.cosine_matrix,
        pairwise.cosine_similarity,
        matrix_by_loop,
        matrix_by_broadcasting,
        matrix_in_float32,
    ],
)
def test_cosine_matrix_may_be_written_otherwise(answer):
    checking.assert_passes(find("02.3"), answer)


def angles_by_loop(a, b):
    cosines = paired_by_loop(a, b)
    return np.array([degrees(acos(min(1, max(-1, one)))) for one in cosines])


def angles_by_torch(a, b):
    return torch.rad2deg(torch.acos(paired_by_torch(a, b).clamp(-1, 1)))


def angles_in_float32(a, b):
    cosines = paired_in_float32(a, b).clip(-1, 1)
    return np.arccos(cosines) * np.float32(180 / np.pi)


def angles_by_arctan(a, b):
    u, v = normalised_by_einsum(a), normalised_by_einsum(b)
    apart, together = np.linalg.norm(u - v, axis=1), np.linalg.norm(u + v, axis=1)
    return np.degrees(2 * np.arctan2(apart, together))


@pytest.mark.parametrize(
    "answer", [angles_by_loop, angles_by_torch, angles_in_float32, angles_by_arctan]
)
def test_angle_degrees_may_be_written_otherwise(answer):
    checking.assert_passes(find("02.4"), answer)


def test_angles_agree_with_another_formula(rng):
    a, b = rng.standard_normal((2, 50, 7))
    np.testing.assert_allclose(angle_degrees(a, b), angles_by_arctan(a, b), atol=1e-9)


def paired_by_rows_of_length_1(a, b):
    return (normalised_by_einsum(a) * normalised_by_einsum(b)).sum(axis=1)


def paired_by_one_root(a, b):
    return (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))


@pytest.mark.parametrize(
    "cosines", [paired_by_einsum, paired_by_rows_of_length_1, paired_by_one_root]
)
@pytest.mark.parametrize("seed", range(3))
def test_an_arccos_without_a_cut_is_caught_however_it_is_written(cosines, seed):
    verdict = judge(find("02.4"), lambda a, b: np.degrees(np.arccos(cosines(a, b))), seed)
    assert "Rounding took a cosine past 1 or −1" in feedback(verdict)
    assert verdict.points == 2
