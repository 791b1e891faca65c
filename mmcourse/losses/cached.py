"""A large batch in little memory: gradients of the whole, activations of a chunk.

GradCache (arXiv 2101.06983, section 3). Leaves out several devices.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked

Encode: TypeAlias = Callable[[Any], Tensor]


@checked
def cached_backward(
    encode_image: Encode,
    encode_text: Encode,
    batches: Sequence[tuple[Any, Any]],
    loss_fn: Callable[[Tensor, Tensor], Tensor],
) -> Float[Tensor, ""]:
    """Return the loss of all chunks as one batch, and add its gradients to the parameters.

    1. Encode every chunk without keeping activations.
    2. Put the features together, compute the loss, and its gradient for the features. What
       `loss_fn` itself holds, such as a scale, gets its gradient here.
    3. Encode every chunk again, with activations, and push its part of that gradient through.

    Gradients equal those of the whole batch; activations are those of one chunk; encoders run
    twice forward. Before each chunk's second pass torch's own random state is put back, on the
    CPU and on CUDA, so that dropout drops the same again. A Generator of your own is not.
    Batch normalisation in training mode sees chunks, not the batch, and counts each twice.
    Source: arXiv 2101.06983, section 3.

    Args:
        encode_image: gives the features (chunk, dim) of a chunk's pictures.
        encode_text: gives the features (chunk, dim) of a chunk's texts.
        batches: the chunks, each (images, texts); not a generator, they are read twice.
        loss_fn: gives the loss of all images' and all texts' features, for instance
            `lambda images, texts: clip_loss(images, texts, scale())`.

    Raises:
        TypeError: `batches` is no sequence, or the loss is no tensor.
        ValueError: there is no chunk, or the loss is not one number with a gradient.

    Chunks of one number each, and as loss the product of all features' sums:

    >>> weight = torch.tensor(3.0, requires_grad=True)
    >>> chunks = [(torch.ones(1, 1), torch.ones(1, 1)), (torch.ones(1, 1), torch.ones(1, 1))]
    >>> def product(images, texts):
    ...     return images.sum() * texts.sum()
    >>> loss = cached_backward(lambda x: weight * x, lambda x: x, chunks, product)
    >>> loss, weight.grad  # (3 + 3) (1 + 1), and its slope (1 + 1) (1 + 1)
    (tensor(12.), tensor(4.))
    """
    if not isinstance(batches, Sequence):
        raise TypeError(
            "cached_backward: batches must be a sequence, because it is read twice; got "
            f"{type(batches).__name__}; list(batches) makes one."
        )
    if len(batches) == 0:
        raise ValueError("cached_backward: there must be at least one chunk; got none.")
    states, features = _encode_all(encode_image, encode_text, batches)
    # where backward ends, and leaves the gradient: behind the features there is no graph
    whole = [torch.cat(side).requires_grad_() for side in zip(*features, strict=True)]
    loss = loss_fn(whole[0], whole[1])
    _check_loss(loss)
    torch.autograd.backward(loss)
    parts = zip(*features, strict=True)
    gradients = [_gradients(side, part) for side, part in zip(whole, parts, strict=True)]
    for (images, texts), state, *gradient in zip(batches, states, *gradients, strict=True):
        with state.restored():  # other units dropped would be another network's gradient
            again = encode_image(images), encode_text(texts)
        _push(again, gradient)
    return loss.detach()  # its graph has been used up


def _encode_all(
    encode_image: Encode, encode_text: Encode, batches: Sequence[tuple[Any, Any]]
) -> tuple[list["_RandomState"], list[tuple[Tensor, Tensor]]]:
    """Return every chunk's features, without activations, and the random state before each."""
    states, features = list[_RandomState](), list[tuple[Tensor, Tensor]]()
    with torch.no_grad():
        for images, texts in batches:
            states.append(_RandomState.now())  # before the encoders draw from it
            features.append((encode_image(images), encode_text(texts)))
    return states, features


@dataclass(frozen=True)
class _RandomState:
    """Where torch's own generators stand, on the CPU and on every CUDA device."""

    cpu: Tensor
    cuda: list[Tensor]

    @classmethod
    def now(cls) -> "_RandomState":
        cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        return cls(torch.get_rng_state(), cuda)

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Let generators start here again, and go on afterwards as if nothing was drawn."""
        with torch.random.fork_rng(devices=range(len(self.cuda))):
            torch.set_rng_state(self.cpu)
            if self.cuda:
                torch.cuda.set_rng_state_all(self.cuda)
            yield


def _gradients(whole: Tensor, parts: Sequence[Tensor]) -> Sequence[Tensor]:
    """Return the gradient for each chunk's features; 0 where the loss does without them."""
    gradient = torch.zeros_like(whole) if whole.grad is None else whole.grad
    return torch.split(gradient, [len(part) for part in parts])


def _push(features: tuple[Tensor, ...], gradients: Sequence[Tensor]) -> None:
    """Send the gradients for the features on to the parameters; frozen encoders have none."""
    pairs = [pair for pair in zip(features, gradients, strict=True) if pair[0].requires_grad]
    if pairs:
        tensors, along = zip(*pairs, strict=True)
        torch.autograd.backward(tensors, along)


def _check_loss(loss: object) -> None:
    if not isinstance(loss, Tensor):
        raise TypeError(
            f"cached_backward: loss_fn must return a tensor; got {type(loss).__name__}."
        )
    if loss.ndim or not loss.requires_grad:
        raise ValueError(
            "cached_backward: loss_fn must return one number with a gradient; got shape "
            f"{tuple(loss.shape)}, requires_grad={loss.requires_grad}; compute it from the "
            "features it is given, without detaching them."
        )
