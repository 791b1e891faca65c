"""Ways through chunks that are wrong in one part: the mistakes of 05.4."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from classroom.checks.ex05_train_a_clip.chunks import Encode, Loss, features, push
from classroom.checks.question import Answer


def chunk_by_chunk(
    reduce: Callable[[Tensor, int], Tensor],
) -> Answer:
    """Return an answer that takes each chunk's own loss; `reduce` says what it counts for."""

    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
        total: Any = 0
        for chunk in chunks:
            loss = reduce(loss_fn(*encode(chunk)), len(chunks))
            torch.autograd.backward(loss)
            total = total + loss.detach()
        return total

    return answer


def all_kept(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Keep the activations of every chunk until the loss is known."""
    encoded = [encode(chunk) for chunk in chunks]
    loss = loss_fn(*(torch.cat(side) for side in zip(*encoded, strict=True)))
    torch.autograd.backward(loss)
    return loss.detach()


def scale_lost(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Ask for the gradient of the features alone."""
    whole = features(encode, chunks)
    loss = loss_fn(*whole)
    push(encode, chunks, *torch.autograd.grad(loss, whole))
    return loss.detach()


def scale_repeated(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
    """Let one chunk after the other stand with its activations among all."""
    with torch.no_grad():
        encoded = [encode(chunk) for chunk in chunks]
    loss: Any = None
    for place, chunk in enumerate(chunks):
        parts = [*encoded[:place], encode(chunk), *encoded[place + 1 :]]
        loss = loss_fn(*(torch.cat(side) for side in zip(*parts, strict=True)))
        torch.autograd.backward(loss)
    return loss.detach()


def one_side(side: int) -> Answer:
    """Return an answer that pushes the gradient of one tower."""

    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
        whole = features(encode, chunks)
        loss = loss_fn(*whole)
        torch.autograd.backward(loss)
        push(lambda chunk: encode(chunk)[side : side + 1], chunks, whole[side].grad)  # type: ignore[arg-type,return-value]
        return loss.detach()

    return answer


def averaged(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Divide the gradient by the number of chunks."""
    images, texts = features(encode, chunks)
    loss = loss_fn(images, texts)
    torch.autograd.backward(loss)
    push(encode, chunks, images.grad, texts.grad, share=1 / len(chunks))
    return loss.detach()


def not_pushed(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Stop at the features."""
    loss = loss_fn(*features(encode, chunks))
    torch.autograd.backward(loss)
    return loss.detach()


def even(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Cut the gradient into equal parts, whatever the chunks are."""
    whole = features(encode, chunks)
    loss = loss_fn(*whole)
    torch.autograd.backward(loss)
    parts = zip(*(side.grad.chunk(len(chunks)) for side in whole), strict=True)  # type: ignore[union-attr]
    for chunk, gradients in zip(chunks, parts, strict=True):
        torch.autograd.backward(encode(chunk), gradients)
    return loss.detach()
