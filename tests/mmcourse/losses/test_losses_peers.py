"""The losses against other people's: open_clip's and transformers'."""

import pytest
import torch
import torch.nn.functional as F
from peers import import_peer

from mmcourse.losses import clip_loss, siglip_loss, tiled_clip_loss


def unit_pairs() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    draws = [torch.randn(11, 7, generator=generator, dtype=torch.float64) for _ in range(2)]
    return tuple(F.normalize(draw).requires_grad_() for draw in draws)


def check(ours, theirs, parameters: list[torch.Tensor]) -> None:
    """Compare two losses and their gradients for features and parameters."""
    features = unit_pairs()
    inputs = [*features, *(parameter.requires_grad_() for parameter in parameters)]
    mine, other = ours(*inputs), theirs(*inputs)
    torch.testing.assert_close(mine, other, rtol=0, atol=1e-9)
    gradients = [torch.autograd.grad(loss, inputs) for loss in (mine, other)]
    for index, (left, right) in enumerate(zip(*gradients, strict=True)):
        # Theirs does not normalise: features' gradients compare along the sphere.
        expected = _tangent(right, features[index]) if index < 2 else right
        torch.testing.assert_close(left, expected, rtol=0, atol=1e-9)


def _tangent(gradient: torch.Tensor, unit: torch.Tensor) -> torch.Tensor:
    return gradient - (gradient * unit).sum(1, keepdim=True) * unit


def number(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


@pytest.mark.parametrize("scale", [1 / 0.07, 100.0])
@pytest.mark.parametrize("loss", [clip_loss, lambda *x: tiled_clip_loss(*x, tile=4)])
def test_clip_loss_equals_open_clips(loss, scale):
    check(loss, import_peer("open_clip.loss").ClipLoss(), [number(scale)])


@pytest.mark.parametrize(("scale", "bias"), [(10.0, -10.0), (3.0, 1.5)])
def test_siglip_loss_equals_open_clips(scale, bias):
    theirs = import_peer("open_clip.loss").SigLipLoss()
    check(siglip_loss, theirs, [number(scale), number(bias)])


def test_clip_loss_equals_that_of_transformers():
    peer = import_peer("transformers.models.clip.modeling_clip")
    check(
        clip_loss,
        lambda images, texts, scale: peer.image_text_contrastive_loss(scale * texts @ images.T),
        [number(1 / 0.07)],
    )
