"""The losses: by hand, by their properties, and against finite differences."""

from math import exp, log, sqrt

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from mmcourse.losses import (
    LogitScale,
    clip_loss,
    info_nce,
    multi_positive_loss,
    multi_positive_targets,
    negative_weights,
    siglip_loss,
)


def features(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def pairs(count: int = 5, dim: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    return features(count, dim, seed=1), features(count, dim, seed=2)


def test_info_nce_by_hand():
    logits = torch.tensor([[3.0, 1.0, 4.0], [2.0, 5.0, 3.0]], dtype=torch.float64).log()
    assert info_nce(logits).item() == pytest.approx((log(8 / 3) + log(10 / 5)) / 2)


def test_info_nce_of_one_answer_is_zero():
    assert info_nce(torch.tensor([[-7.0]])) == 0


def test_info_nce_at_chance_is_the_log_of_the_columns():
    assert info_nce(torch.full((3, 11), 4.2)).item() == pytest.approx(log(11))


def test_info_nce_does_not_mind_a_constant_for_each_row():
    logits, shift = features(5, 7), features(5, 1, seed=3)
    assert info_nce(logits + 100 * shift).item() == pytest.approx(info_nce(logits).item())


def test_info_nce_takes_columns_that_are_ruled_out():
    logits = torch.tensor([[0.0, -torch.inf], [0.0, 0.0]])
    assert info_nce(logits).item() == pytest.approx(log(2) / 2)


def test_clip_loss_by_hand_on_an_asymmetric_batch():
    # Cosines [[1, 1], [0, 0]] at scale log 3: rows 1/2 and 1/2, columns 3/4 and 1/4.
    images, texts = torch.eye(2), torch.tensor([[1.0, 0.0], [4.0, 0.0]])
    expected = (2 * log(2) + log(4 / 3) + log(4)) / 4
    assert clip_loss(images, texts, log(3)).item() == pytest.approx(expected)


def test_clip_loss_is_symmetric_in_its_inputs():
    images, texts = pairs()
    assert clip_loss(images, texts, 9).item() == pytest.approx(
        clip_loss(texts, images, 9).item()
    )


def test_clip_loss_does_not_mind_length_order_or_rotation():
    images, texts = pairs()
    loss = clip_loss(images, texts, 9.0).item()
    order = torch.tensor([3, 0, 4, 1, 2])
    turn = torch.linalg.qr(features(7, 7, seed=4)).Q
    lengths = features(5, 1, seed=5).exp()
    assert clip_loss(lengths * images, texts / lengths, 9.0).item() == pytest.approx(loss)
    assert clip_loss(images[order], texts[order], 9.0).item() == pytest.approx(loss)
    assert clip_loss(images @ turn, texts @ turn, 9.0).item() == pytest.approx(loss)


def test_clip_loss_sees_which_text_belongs_to_which_picture():
    images = features(5, 7)
    assert clip_loss(images, images, 20.0) < 0.1 < clip_loss(images, images.roll(1, 0), 20.0)


def test_one_pair_alone_has_no_loss():
    assert clip_loss(features(1, 7), features(1, 7, seed=1), 100.0) == 0


def test_equal_features_are_at_chance():
    same = torch.ones(7, 3)
    assert clip_loss(same, same, 100.0).item() == pytest.approx(log(7))


def test_zero_vectors_have_cosine_zero_with_all():
    images, texts = pairs(3, 3)
    zero = torch.zeros_like(images)
    assert clip_loss(zero, texts, 50.0).item() == pytest.approx(log(3))
    zero.requires_grad_()
    clip_loss(zero, texts, 50.0).backward()
    assert zero.grad.isfinite().all()


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_extreme_scales_stay_finite(scale):
    images, texts = (x.float().requires_grad_() for x in pairs())
    loss = clip_loss(images, texts, scale)
    loss.backward()
    assert loss.isfinite()
    assert images.grad.isfinite().all()


@pytest.mark.parametrize("scale", [1 / 0.07, 100.0, 1e4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_clip_loss_equals_two_cross_entropies(dtype, scale):
    images, texts = (x.to(dtype).requires_grad_() for x in pairs(11, 7))
    logits = scale * F.normalize(images) @ F.normalize(texts).T
    obvious = (F.cross_entropy(logits, torch.arange(11))
               + F.cross_entropy(logits.T, torch.arange(11))) / 2  # fmt: skip
    found = clip_loss(images, texts, scale)
    torch.testing.assert_close(found, obvious)
    for ours, theirs in zip(
        *(torch.autograd.grad(loss, (images, texts)) for loss in (found, obvious)), strict=True
    ):
        torch.testing.assert_close(ours, theirs)


def test_a_loss_close_to_zero_is_not_rounded_away():
    # Each pair leads by 10 in 10,000, where float32 has one number in 0.001.
    logits = torch.full((3, 3), 9990.0).fill_diagonal_(10_000.0)
    assert info_nce(logits).item() == pytest.approx(log(1 + 2 * exp(-10)), rel=1e-3)


def test_extra_texts_are_negatives_of_the_images_alone():
    images, texts = pairs()
    extra = features(3, 7, seed=6)
    logits = 9 * F.normalize(images) @ F.normalize(torch.cat([texts, extra])).T
    expected = (F.cross_entropy(logits, torch.arange(5))
                + F.cross_entropy(logits[:, :5].T, torch.arange(5))) / 2  # fmt: skip
    assert clip_loss(images, texts, 9.0, extra).item() == pytest.approx(expected.item())
    assert clip_loss(images, texts, 9.0, extra) > clip_loss(images, texts, 9.0)
    none = torch.empty(0, 7, dtype=torch.float64)
    assert clip_loss(images, texts, 9.0, none) == clip_loss(images, texts, 9.0)


def test_extra_images_are_negatives_of_the_texts_alone():
    images, texts = pairs()
    extra = features(3, 7, seed=6)
    logits = 9 * F.normalize(torch.cat([images, extra])) @ F.normalize(texts).T
    expected = (F.cross_entropy(logits[:5], torch.arange(5))
                + F.cross_entropy(logits.T, torch.arange(5))) / 2  # fmt: skip
    found = clip_loss(images, texts, 9.0, extra_images=extra)
    assert found.item() == pytest.approx(expected.item())
    assert found > clip_loss(images, texts, 9.0)
    none = torch.empty(0, 7, dtype=torch.float64)
    assert clip_loss(images, texts, 9.0, extra_images=none) == clip_loss(images, texts, 9.0)


def test_extra_images_are_the_mirror_image_of_extra_texts():
    images, texts = pairs()
    some, others = features(3, 7, seed=6), features(2, 7, seed=8)
    one = clip_loss(images, texts, 9.0, extra_texts=some, extra_images=others)
    other = clip_loss(texts, images, 9.0, extra_texts=others, extra_images=some)
    assert one.item() == pytest.approx(other.item())


def test_extra_texts_never_meet_extra_images():
    images, texts = pairs()
    some, others = features(3, 7, seed=6), features(2, 7, seed=8)
    both = clip_loss(images, texts, 9.0, some, others)
    plain, text, image = (
        clip_loss(images, texts, 9.0, *extra) for extra in ((), (some,), (None, others))
    )
    assert (both - plain).item() == pytest.approx((text - plain + image - plain).item())


@pytest.mark.parametrize("extras", [(), (3,), (3, 2)])
def test_clip_loss_gradients_equal_finite_differences(extras):
    images, texts = (x.requires_grad_() for x in pairs())
    scale = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    extra = [features(n, 7, seed=6 + n).requires_grad_() for n in extras]
    assert torch.autograd.gradcheck(clip_loss, (images, texts, scale, *extra))
    assert torch.autograd.gradgradcheck(clip_loss, (images, texts, scale, *extra))


def test_gradient_of_info_nce_is_the_closed_form():
    cosines, temperature = features(5, 5).tanh().requires_grad_(), 0.2
    info_nce(cosines / temperature).backward()
    expected = ((cosines / temperature).softmax(1) - torch.eye(5)) / (5 * temperature)
    torch.testing.assert_close(cosines.grad, expected.detach())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_half_precision_features_lose_nothing_in_the_loss(dtype):
    images, texts = (x.to(dtype) for x in pairs())
    loss = clip_loss(images, texts, 100.0)
    assert loss.dtype == torch.float32
    expected = clip_loss(images.double(), texts.double(), 100.0).item()
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_autocast_rounds_no_cosine():
    images, texts = (x.float() for x in pairs())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        losses = clip_loss(images, texts, 100.0), siglip_loss(images, texts, 100.0, -10.0)
    assert losses == (clip_loss(images, texts, 100.0), siglip_loss(images, texts, 100.0, -10.0))


def test_random_features_have_the_loss_that_theory_gives():
    # Logits are nearly normal with variance scale² / dim: log N + scale² / 2 dim.
    scale, losses = 1 / 0.07, []
    for seed in range(40):
        images, texts = features(32, 512, seed=2 * seed), features(32, 512, seed=2 * seed + 1)
        losses.append(clip_loss(images, texts, scale).item())
    assert np.mean(losses) == pytest.approx(log(32) + scale**2 / 1024, abs=0.05)


def test_siglip_loss_equals_its_double_loop():
    images, texts = pairs()
    scale, bias, total = 6.0, -2.5, 0.0
    for i, image in enumerate(images):
        for j, text in enumerate(texts):
            cosine = F.cosine_similarity(image, text, dim=0).item()
            sign = 1 if i == j else -1
            total += np.log1p(np.exp(-sign * (scale * cosine + bias)))
    assert siglip_loss(images, texts, scale, bias).item() == pytest.approx(total / 5)


def test_siglip_loss_starts_low_with_the_papers_bias():
    images, texts = features(31, 512), features(31, 512, seed=1)
    assert siglip_loss(images, texts, 10.0, -10.0) < siglip_loss(images, texts, 10.0, 0.0) / 2


def test_siglip_gradients_equal_finite_differences():
    images, texts = (x.requires_grad_() for x in pairs())
    scale, bias = (
        torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (3.0, -1.0)
    )
    assert torch.autograd.gradcheck(siglip_loss, (images, texts, scale, bias))


def test_siglip_loss_stays_finite_where_the_sigmoid_does_not():
    images, texts = (x.float() for x in pairs())
    assert siglip_loss(images, texts, 1e4, -1e4).isfinite()


def test_positives_on_the_diagonal_alone_give_clip_loss():
    images, texts = pairs()
    logits = 9 * F.normalize(images) @ F.normalize(texts).T
    expected = clip_loss(images, texts, 9.0).item()
    for targets in (torch.eye(5), torch.eye(5, dtype=torch.bool), 3 * torch.eye(5)):
        assert multi_positive_loss(logits, targets).item() == pytest.approx(expected)


def test_multi_positive_loss_equals_torch_with_probabilities_as_targets():
    logits = features(3, 5)
    targets = features(3, 5, seed=1).exp()
    rows = F.cross_entropy(logits, targets / targets.sum(1, keepdim=True))
    columns = F.cross_entropy(logits.T, (targets / targets.sum(0)).T)
    ours = multi_positive_loss(logits, targets).item()
    assert ours == pytest.approx(((rows + columns) / 2).item())


def test_multi_positive_loss_is_lowest_when_positives_score_alike():
    targets = multi_positive_targets(["a", "a", "b"])
    even = (targets > 0) * 20.0
    uneven = even + torch.tensor([[2.0, -2, 0], [-2, 2, 0], [0, 0, 0]])
    assert multi_positive_loss(even, targets).item() == pytest.approx(2 / 3 * log(2), abs=1e-6)
    assert multi_positive_loss(uneven, targets) > multi_positive_loss(even, targets)


def test_equal_captions_share_their_targets():
    targets = multi_positive_targets(("dog", "cat", "dog", "Dog", "dog"))
    assert torch.equal(targets, targets.T)
    torch.testing.assert_close(targets.sum(1), torch.ones(5))
    torch.testing.assert_close(targets[0], torch.tensor([1 / 3, 0, 1 / 3, 0, 1 / 3]))
    assert targets[3, 3] == 1


def test_different_captions_give_the_identity():
    assert torch.equal(multi_positive_targets(["é", "e", "日本"]), torch.eye(3))


def test_negative_weights_are_the_share_of_the_gradient():
    cosines, temperature = features(5, 5).tanh().requires_grad_(), 0.3
    info_nce(cosines / temperature).backward()
    gradient = cosines.grad
    expected = -gradient / gradient.diagonal()[:, None]
    ours = negative_weights(cosines.detach(), temperature)
    off = ~torch.eye(5, dtype=torch.bool)
    torch.testing.assert_close(ours[off], expected[off])
    assert (ours.diagonal() == 0).all()
    torch.testing.assert_close(ours.sum(1), torch.ones(5, dtype=torch.float64))


def test_low_temperature_gives_all_weight_to_the_hardest_negative():
    cosines = features(5, 5).tanh()
    hardest = cosines.masked_fill(torch.eye(5, dtype=torch.bool), -2).argmax(1)
    cold = negative_weights(cosines, 1e-4)
    assert torch.equal(cold.argmax(1), hardest)
    assert cold.max(1).values.min() > 0.99
    assert negative_weights(cosines, 1e4).max() == pytest.approx(1 / 4, rel=1e-3)


def test_scale_starts_where_it_is_told_and_is_learned():
    scale = LogitScale()
    assert scale().item() == pytest.approx(1 / 0.07)
    assert list(scale.state_dict()) == ["logit_scale"]
    scale().backward()
    assert scale.logit_scale.grad.item() == pytest.approx(1 / 0.07)


def test_scale_stops_at_its_limit_and_comes_down_again():
    scale = LogitScale(init=90.0)
    optimizer = torch.optim.SGD(scale.parameters(), lr=1e-2)
    seen = []
    for wish in [+1] * 5 + [-1] * 3:  # the loss wants more, then less
        optimizer.zero_grad()
        (-wish * scale()).backward()
        optimizer.step()
        scale.clamp_()
        seen.append(scale().item())
    assert max(seen) == pytest.approx(100, rel=1e-6)
    assert seen[4] == pytest.approx(100, rel=1e-6)
    assert seen[7] < seen[6] < seen[5] < 99


def test_scale_without_clamp_never_exceeds_its_limit_but_stays_there():
    scale = LogitScale(init=90.0)
    with torch.no_grad():
        scale.logit_scale.add_(1)
    assert scale().item() == pytest.approx(100, rel=1e-6)
    scale().backward()
    assert scale.logit_scale.grad == 0


def test_scale_shows_itself():
    assert repr(LogitScale(init=5, max_scale=50)) == "LogitScale(scale=5, max_scale=50)"


def test_scale_learns_with_the_features():
    images, scale = features(5, 7), LogitScale().double()
    clip_loss(images, images + 0.1, scale()).backward()
    assert scale.logit_scale.grad < 0  # these pairs match: sharper is better
    assert sqrt(scale.logit_scale.grad**2) > 1e-9
