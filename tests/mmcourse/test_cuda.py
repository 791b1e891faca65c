"""The same numbers on a GPU as on the CPU."""

import pytest
import torch
from torch.testing import assert_close
from twins import SMALL, random_batch, random_clip

from mmcourse import checkpoints, clip
from mmcourse.losses import clip_loss, tiled_clip_loss

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(
        not torch.cuda.is_available(), reason="torch finds no CUDA device; nothing was tested"
    ),
]


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """Multiply in float32 proper: TensorFloat-32 keeps 10 bits."""
    monkeypatch.setattr(torch.backends.cuda.matmul, "allow_tf32", False)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


@pytest.mark.parametrize("tower", SMALL)
def test_both_towers_agree_with_the_cpu(tower):
    model, batch = random_clip(SMALL[tower]), random_batch(SMALL[tower])
    with torch.no_grad():
        images, texts = model.encode_image(batch.images), model.encode_text(batch.tokens)
        model.cuda()
        # sums are taken in another order
        there = model.encode_image(batch.images.cuda()), model.encode_text(batch.tokens.cuda())
    assert_close(there[0].cpu(), images, rtol=0, atol=1e-4)
    assert_close(there[1].cpu(), texts, rtol=0, atol=1e-4)


@pytest.mark.parametrize("tower", SMALL)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_finite_and_close(tower, dtype):
    model, batch = random_clip(SMALL[tower]), random_batch(SMALL[tower])
    with torch.no_grad():
        scale = model.logit_scale.exp().item()
        exact = model(batch.images, batch.tokens)[0] / scale
        clip.convert_weights(model, dtype)
        found = model.cuda()(batch.images.cuda(), batch.tokens.cuda())[0].cpu() / scale
    assert (found - exact).abs().max() < (0.03 if dtype == torch.bfloat16 else 0.003)


def test_the_gpu_is_where_a_model_goes_unless_told_otherwise(tmp_path):
    checkpoints.save(random_clip(SMALL["vit"]), tmp_path / "a")
    assert clip.load(tmp_path / "a")[0].logit_scale.device.type == "cuda"
    assert clip.load(tmp_path / "a", "cpu")[0].logit_scale.device.type == "cpu"


def test_the_tiled_loss_equals_the_obvious_one_on_the_cpu():
    generator = torch.Generator().manual_seed(3)
    features = [torch.randn(37, 16, generator=generator) for _ in range(2)]
    here = [each.clone().requires_grad_() for each in features]
    there = [each.cuda().requires_grad_() for each in features]
    expected, found = clip_loss(*here, 14.0), tiled_clip_loss(*there, 14.0, tile=8)
    expected.backward()
    found.backward()
    assert_close(found.cpu(), expected, rtol=0, atol=1e-5)
    for ours, other in zip(there, here, strict=True):
        assert_close(ours.grad.cpu(), other.grad, rtol=0, atol=1e-5)
