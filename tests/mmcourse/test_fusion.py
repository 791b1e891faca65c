"""Late fusion: worked by hand, then what must not change it."""

import pytest
import torch
from scipy.stats import gmean

from mmcourse.fusion import late_fusion


def scores(seed: int, n: int = 5, classes: int = 3) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, classes, generator=generator, dtype=torch.float64)


def test_fused_probabilities_by_hand():
    # Square roots of 1/2 * 1/10 and 1/2 * 9/10 stand as 1 to 3.
    picture, sound = torch.tensor([[0.5, 0.5]]).log(), torch.tensor([[0.1, 0.9]]).log()
    torch.testing.assert_close(
        late_fusion([picture, sound]).exp(), torch.tensor([[0.25, 0.75]])
    )


def test_fusion_is_the_geometric_mean_renormalised():
    parts = [scores(seed) for seed in range(3)]
    mean = gmean([part.softmax(-1).numpy() for part in parts])
    expected = torch.tensor(mean / mean.sum(-1, keepdims=True))
    torch.testing.assert_close(late_fusion(parts).exp(), expected)


def test_rows_are_log_probabilities():
    total = late_fusion([scores(0), scores(1)]).exp().sum(dim=-1)
    torch.testing.assert_close(total, torch.ones(5, dtype=torch.float64))


def test_one_modality_alone_is_its_own_answer():
    torch.testing.assert_close(late_fusion([scores(0)]), scores(0).log_softmax(-1))


def test_a_constant_added_by_one_modality_changes_nothing():
    plain = late_fusion([scores(0), scores(1)])
    torch.testing.assert_close(late_fusion([scores(0) + 7, scores(1)]), plain)
    # A constant per class is no such constant: it is a different opinion.
    shifted = late_fusion([scores(0) + torch.tensor([7.0, 0, 0]), scores(1)])
    assert not torch.allclose(shifted, plain)


def test_the_order_of_modalities_does_not_matter():
    parts = [scores(seed) for seed in range(3)]
    torch.testing.assert_close(late_fusion(parts), late_fusion(parts[::-1]))


def test_an_unsure_modality_leaves_the_ranking_alone():
    sure = scores(0)
    fused = late_fusion([sure, torch.zeros_like(sure)])
    assert torch.equal(fused.argsort(-1), sure.argsort(-1))


def test_a_class_ruled_out_by_one_modality_is_ruled_out():
    first = torch.tensor([[0.0, -torch.inf, 0.0]])
    assert late_fusion([first, torch.zeros(1, 3)]).exp().tolist() == [[0.5, 0.0, 0.5]]


def test_large_logits_do_not_overflow():
    assert late_fusion([scores(0) * 1e4, scores(1) * -1e4]).isfinite().all()


def test_no_rows_give_no_rows():
    assert late_fusion([torch.zeros(0, 3), torch.zeros(0, 3)]).shape == (0, 3)


NO = torch.tensor([[0.0, 0.0], [-torch.inf, 0.0]])


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("logits", "error", "message"),
    [
        ([], ValueError, r"at least one modality and one class; got none"),
        (
            scores(0),
            TypeError,
            r"got Tensor .*; pass a list of it",
        ),
        ([scores(0), 3], TypeError, r"logits\[1\] must be a tensor of floats; got 3;"),
        (
            [torch.ones(5, 3, dtype=torch.int64)],
            TypeError,
            r"got Tensor of torch.int64; torch.as_tensor",
        ),
        (
            [scores(0), scores(1, n=4)],
            ValueError,
            r"agree in n; got .*3\) and \(4, 3\)",
        ),
        ([scores(0)[0]], ValueError, r"must have shape \(n, classes\); got \(3,\)"),
        ([torch.zeros(5, 0)], ValueError, r"at least one modality and one class; got none"),
        ([NO, NO.flip(1)], ValueError, r"row 1 has none; replace -inf"),
        ([NO, NO * torch.nan], ValueError, r"modality 1 holds NaN or \+inf: look for"),
        ([-NO, NO], ValueError, r"modality 0 holds NaN or \+inf: look for"),
        (
            [scores(0), scores(1).to("meta")],
            ValueError,
            r"on one device; got cpu and meta; move one",
        ),
    ],
)
def test_bad_input_is_named(logits, error, message):
    with pytest.raises(error, match=message):
        late_fusion(logits)
