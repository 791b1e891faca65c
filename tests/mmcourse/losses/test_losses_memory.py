"""The frugal ways to the same gradients: tiles and cached features."""

import pytest
import torch
from torch import nn

from mmcourse.losses import LogitScale, cached_backward, clip_loss, tiled_clip_loss


def inputs(
    count: int = 11, dim: int = 7, extra: int = 0, *, seed: int = 0, dtype=torch.float64
) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    images = torch.randn(count, dim, generator=generator, dtype=dtype)
    texts = 0.5 * images + torch.randn(count, dim, generator=generator, dtype=dtype)
    scale = torch.tensor(1 / 0.07, dtype=dtype)
    others = (torch.randn(extra, dim, generator=generator, dtype=dtype),) if extra else ()
    return tuple(x.requires_grad_() for x in (images, texts, scale, *others))


def loss_and_gradients(loss_fn, tensors, **kwargs) -> list[torch.Tensor]:
    loss = loss_fn(*tensors, **kwargs)
    return [loss.detach(), *torch.autograd.grad(loss, tensors)]


@pytest.mark.parametrize("tile", [1, 2, 3, 5, 11, 100])
@pytest.mark.parametrize("extra", [0, 4, 13])
def test_tiles_change_neither_loss_nor_gradient(tile, extra):
    tensors = inputs(extra=extra)
    ours = loss_and_gradients(tiled_clip_loss, tensors, tile=tile)
    for mine, theirs in zip(ours, loss_and_gradients(clip_loss, tensors), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [1 / 0.07, 100.0])
def test_tiles_agree_to_a_millionth_in_float32(scale):
    images, texts, _ = inputs(131, 65, dtype=torch.float32)
    tensors = (images, texts, torch.tensor(scale, requires_grad=True))
    ours = loss_and_gradients(tiled_clip_loss, tensors, tile=32)
    theirs = loss_and_gradients(clip_loss, tensors)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-6, atol=1e-6)


def test_tiles_never_give_a_loss_below_zero():
    images, *_ = inputs(131, 65, dtype=torch.float32)
    assert 0 <= tiled_clip_loss(images, images, 100.0, tile=32) < 1e-20


def test_tiled_gradients_equal_finite_differences():
    tensors = inputs(5, 3, extra=2)
    assert torch.autograd.gradcheck(lambda *x: 3 * tiled_clip_loss(*x, tile=2), tensors)


def test_one_pair_in_tiles_has_no_loss():
    assert tiled_clip_loss(*inputs(1), tile=3) == 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_tiles_take_half_precision_and_autocast(dtype):
    images, texts, scale = (x.detach().to(dtype).requires_grad_() for x in inputs())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = tiled_clip_loss(images, texts, scale, tile=4)
        expected = clip_loss(images, texts, scale)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(expected.item(), rel=1e-6)
    loss.backward()
    assert images.grad.dtype == dtype
    assert scale.grad.isfinite()


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_tiles_stay_finite_at_extreme_scales(scale):
    images, texts, _ = inputs(dtype=torch.float32)
    loss = tiled_clip_loss(images, texts, scale, tile=4)
    assert loss.item() == pytest.approx(clip_loss(images, texts, scale).item(), rel=1e-5)
    loss.backward()
    assert images.grad.isfinite().all()


def test_a_gradient_of_the_tiled_gradient_is_refused():
    images, texts, scale = inputs()
    loss = tiled_clip_loss(images, texts, scale, tile=4)
    with pytest.raises(ValueError, match="create_graph must be False; got True; use clip_loss"):
        torch.autograd.grad(loss, images, create_graph=True)
    (gradient,) = torch.autograd.grad(loss, images)
    assert gradient.isfinite().all()


class Largest(torch.utils._python_dispatch.TorchDispatchMode):
    """Notes how many numbers the largest result of any operation holds."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for x in result if isinstance(result, (list, tuple)) else (result,):
            if isinstance(x, torch.Tensor):
                self.numbers = max(self.numbers, x.numel())
        return result


def largest(loss_fn, tensors, **kwargs) -> int:
    with Largest() as seen:
        loss_fn(*tensors, **kwargs).backward()
    return seen.numbers


def test_no_tensor_grows_with_the_square_of_the_batch():
    tensors = inputs(301, 3)
    assert largest(clip_loss, tensors) == 301 * 301
    assert largest(tiled_clip_loss, tensors, tile=16) == 301 * 3


class Towers(nn.Module):
    """Two small encoders with dropout, and a scale."""

    def __init__(self, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.image = nn.Sequential(nn.Linear(3, 11), nn.Dropout(dropout), nn.Linear(11, 5))
        self.text = nn.Sequential(nn.Linear(7, 13), nn.Tanh(), nn.Linear(13, 5))
        self.scale = LogitScale()

    def loss(self, images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
        return clip_loss(images, texts, self.scale())


def towers(*, dropout: float = 0.0) -> Towers:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return Towers(dropout=dropout).double()


def chunks(*sizes: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    generator = torch.Generator().manual_seed(2)
    return [
        tuple(torch.randn(n, dim, generator=generator, dtype=torch.float64) for dim in (3, 7))
        for n in sizes
    ]


def gradients(model: Towers) -> list[torch.Tensor]:
    return [parameter.grad for parameter in model.parameters()]


def test_cached_gradients_equal_those_of_the_whole_batch():
    cached, whole, batches = towers(), towers(), chunks(4, 1, 6)
    loss = cached_backward(cached.image, cached.text, batches, cached.loss)
    images, texts = (torch.cat(side) for side in zip(*batches, strict=True))
    expected = whole.loss(whole.image(images), whole.text(texts))
    expected.backward()
    assert loss.item() == pytest.approx(expected.item(), abs=1e-12)
    assert not loss.requires_grad
    for mine, theirs in zip(gradients(cached), gradients(whole), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-12)


def test_cached_gradients_add_to_what_is_there():
    once, twice, batches = towers(), towers(), chunks(2, 3)
    cached_backward(once.image, once.text, batches, once.loss)
    for _ in range(2):
        cached_backward(twice.image, twice.text, batches, twice.loss)
    for one, two in zip(gradients(once), gradients(twice), strict=True):
        torch.testing.assert_close(2 * one, two)


def test_dropout_drops_the_same_in_both_passes():
    cached, whole, batches = towers(dropout=0.5), towers(dropout=0.5), chunks(4, 3)
    torch.manual_seed(5)
    loss = cached_backward(cached.image, cached.text, batches, cached.loss)
    after = torch.rand(1)
    torch.manual_seed(5)  # the same draws, chunk by chunk, with all activations kept
    features = [(whole.image(images), whole.text(texts)) for images, texts in batches]
    expected = whole.loss(*(torch.cat(side) for side in zip(*features, strict=True)))
    expected.backward()
    assert loss.item() == pytest.approx(expected.item())
    for mine, theirs in zip(gradients(cached), gradients(whole), strict=True):
        torch.testing.assert_close(mine, theirs)
    assert torch.equal(after, torch.rand(1))  # the second pass has drawn nothing


def test_frozen_encoders_stay_frozen():
    model, batches = towers(), chunks(2, 3)
    model.image.requires_grad_(requires_grad=False)
    cached_backward(model.image, model.text, batches, model.loss)
    assert all(parameter.grad is None for parameter in model.image.parameters())
    assert all(parameter.grad is not None for parameter in model.text.parameters())


def test_a_side_that_the_loss_ignores_gets_gradient_zero():
    model, batches = towers(), chunks(2, 3)
    cached_backward(model.image, model.text, batches, lambda images, texts: images.sum())
    assert all((parameter.grad == 0).all() for parameter in model.text.parameters())


def test_activations_are_those_of_one_chunk():
    kept = []

    def pack(x: torch.Tensor) -> torch.Tensor:
        kept.append(len(x) if x.ndim == 2 and x.shape[1] in (11, 13) else 0)
        return x

    model, batches = towers(), chunks(3, 3, 3, 3)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        cached_backward(model.image, model.text, batches, model.loss)
    assert max(kept) == 3


@pytest.mark.usefixtures("unchecked")
def test_what_cannot_be_cached_is_refused():
    model, batches = towers(), chunks(2, 3)
    with pytest.raises(TypeError, match=r"batches must be a sequence .*; got generator"):
        cached_backward(model.image, model.text, (pair for pair in batches), model.loss)
    with pytest.raises(ValueError, match="at least one chunk; got none"):
        cached_backward(model.image, model.text, [], model.loss)
    with pytest.raises(TypeError, match="must return a tensor; got float"):
        cached_backward(model.image, model.text, batches, lambda a, b: 3.0)
    with pytest.raises(ValueError, match="one number with a gradient; got shape"):
        cached_backward(model.image, model.text, batches, lambda a, b: a.sum(1))
    with pytest.raises(ValueError, match="requires_grad=False"):
        cached_backward(model.image, model.text, batches, lambda a, b: a.detach().sum())


@pytest.mark.gpu
def test_tiles_and_cache_agree_on_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    tensors = [x.detach().cuda().requires_grad_() for x in inputs(101, 17, extra=7)]
    ours = loss_and_gradients(tiled_clip_loss, tensors, tile=32)
    for mine, theirs in zip(ours, loss_and_gradients(clip_loss, tensors), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-12)
    cached, whole = towers(dropout=0.5).cuda(), towers(dropout=0.5).cuda()
    batches = [(images.cuda(), texts.cuda()) for images, texts in chunks(4, 3)]
    torch.manual_seed(5)
    cached_backward(cached.image, cached.text, batches, cached.loss)
    torch.manual_seed(5)
    features = [(whole.image(images), whole.text(texts)) for images, texts in batches]
    whole.loss(*(torch.cat(side) for side in zip(*features, strict=True))).backward()
    for mine, theirs in zip(gradients(cached), gradients(whole), strict=True):
        torch.testing.assert_close(mine, theirs)
