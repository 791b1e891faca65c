"""Ways through chunks that are wrong in one part: the mistakes of 05.4."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from classroom.checks.ex05_train_a_clip.chunks import Encode, Loss, encoded
from classroom.checks.question import Answer, Mistake

Parts = Sequence[Tensor]


def _watched(side: Tensor) -> Tensor:
    return side.requires_grad_()


def _back(loss: Tensor, whole: Parts) -> list[Any]:
    torch.autograd.backward(loss)
    return [side.grad for side in whole]


def _by_sizes(gradient: Tensor, sizes: list[int]) -> Parts:
    return torch.split(gradient, sizes)


def _by_first_size(gradient: Tensor, sizes: list[int]) -> Parts:
    return [gradient[place * sizes[0] :][: sizes[0]] for place in range(len(sizes))]


def _keep(_: object) -> None:
    """Leave the gradients as they were."""


def _forget(function: Any) -> None:
    """Clear the gradients of what a function holds."""
    for cell in inspect.unwrap(function).__closure__ or ():
        held = (
            cell.cell_contents if isinstance(cell.cell_contents, list) else [cell.cell_contents]
        )
        for one in held:
            if isinstance(one, Tensor):
                one.grad = None


def build(  # noqa: PLR0913 - each is a place for one mistake
    *,
    first: Callable[[Any], None] = _keep,
    watched: Callable[[Tensor], Tensor] = _watched,
    back: Callable[[Tensor, Parts], list[Any]] = _back,
    cut: Callable[[Any, list[int]], Parts] = _by_sizes,
    pushed: Callable[[Parts, Parts], tuple[Parts, Parts]] = lambda *sides: sides,
    share: Callable[[int], float] = lambda _: 1,
    given: Callable[[Tensor], Any] = torch.detach,
) -> Answer:
    """Return a way through chunks with other parts.

    Args:
        first: what it does with `encode` and `loss_fn` before all else.
        watched: how a whole side's features begin a graph.
        back: goes back through the loss, and returns the gradients for the features.
        cut: cuts one of them into chunks.
        pushed: chooses, of a chunk's features and gradients, what is pushed.
        share: what the gradients are multiplied by, of the number of chunks.
        given: what it returns, of the loss.
    """

    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
        first(encode)
        first(loss_fn)
        images, texts, sizes = encoded(encode, chunks)
        whole = [watched(images), watched(texts)]
        loss = loss_fn(*whole)
        gradients = [cut(gradient, sizes) for gradient in back(loss, whole)]
        for chunk, *parts in zip(chunks, *gradients, strict=True):
            sides, along = pushed(encode(chunk), parts)
            torch.autograd.backward(sides, [share(len(chunks)) * part for part in along])
        return given(loss)

    return answer


def _chunk_by_chunk(
    reduce: Callable[[Tensor, int], Tensor], given: Callable[[Any, int], Any]
) -> Answer:
    """Return an answer that takes each chunk's own loss; `reduce` says what it counts for."""

    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
        total: Any = 0
        for chunk in chunks:
            loss = reduce(loss_fn(*encode(chunk)), len(chunks))
            torch.autograd.backward(loss)
            total = total + loss.detach()
        return given(total, len(chunks))

    return answer


def _all_kept(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Keep the activations of every chunk until the loss is known."""
    kept = [encode(chunk) for chunk in chunks]
    loss = loss_fn(*(torch.cat(side) for side in zip(*kept, strict=True)))
    torch.autograd.backward(loss)
    return loss.detach()


def _scale_repeated(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
    """Let one chunk after the other stand with its activations among all."""
    with torch.no_grad():
        kept = [encode(chunk) for chunk in chunks]
    loss: Any = None
    for place, chunk in enumerate(chunks):
        parts = [*kept[:place], encode(chunk), *kept[place + 1 :]]
        loss = loss_fn(*(torch.cat(side) for side in zip(*parts, strict=True)))
        torch.autograd.backward(loss)
    return loss.detach()


def _without_grad(fail: Callable[[None], object]) -> Answer:
    """Return an answer that takes the gradient of features that have none."""

    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
        images, texts, _ = encoded(encode, chunks)
        torch.autograd.backward(loss_fn(images, texts))
        return fail(None)

    return answer


MISTAKES = (
    Mistake(
        name="chunk-only-negatives",
        message="Each of your chunks has a loss of its own, with its few pairs as the only "
        "wrong answers. Put the features of all chunks together first: one loss for all.",
        answer=_chunk_by_chunk(lambda loss, _: loss, lambda total, _: total),
        variants=(
            _chunk_by_chunk(lambda loss, count: loss / count, lambda total, _: total),
            _chunk_by_chunk(lambda loss, _: loss, lambda total, count: total / count),
        ),
    ),
    Mistake(
        name="grad-not-cached",
        message="The activations of all chunks lay in memory at once, and it is full. Encode "
        "under torch.no_grad(), take the gradient for the features; then encode one chunk "
        "again, go back through it, and only then take the next.",
        answer=_all_kept,
    ),
    Mistake(
        name="scale-grad-lost",
        message="The loss holds a parameter of its own, the scale, and its gradient is "
        "lost. loss.backward() reaches it; torch.autograd.grad gives only what it is asked "
        "for.",
        changes={"back": lambda loss, whole: list(torch.autograd.grad(loss, whole))},
    ),
    Mistake(
        name="scale-grad-repeated",
        message="The towers' gradients are right, but you went back through the loss once "
        "for each chunk, and the scale's added up. Go back through it once.",
        answer=_scale_repeated,
    ),
    Mistake(
        name="features-without-grad",
        message="A .grad is None: features that come from torch.no_grad() begin no graph. "
        "Call .requires_grad_() on them before the loss takes them.",
        answer=_without_grad(lambda grad: grad[0:1]),  # type: ignore[index]
        variants=(
            _without_grad(lambda grad: grad.split([1])),  # type: ignore[attr-defined]
            _without_grad(lambda grad: grad.chunk(2)),  # type: ignore[attr-defined]
        ),
    ),
    Mistake(
        name="one-tower",
        message="Only one tower got a gradient. Push both features of a chunk back: "
        "torch.autograd.backward takes a list of tensors and a list of gradients.",
        changes={"pushed": lambda sides, parts: (sides[:1], parts[:1])},
        variants=({"pushed": lambda sides, parts: (sides[1:], parts[1:])},),
    ),
    Mistake(
        name="gradients-exchanged",
        message="Pictures got the gradient for texts, texts the one for pictures.",
        changes={"pushed": lambda sides, parts: (sides, parts[::-1])},
    ),
    Mistake(
        name="averaged",
        message="You divided the gradients by the number of chunks. The loss of the whole "
        "batch is a mean already: push its gradient as it is.",
        changes={"share": lambda count: 1 / count},
    ),
    Mistake(
        name="mean-for-sum",
        message="You took the mean of features times gradient, which divides by the count of "
        "numbers. Their *sum* has the gradient that is to be pushed.",
        changes={"pushed": lambda sides, parts: (sides, [one / one.numel() for one in parts])},
        variants=({"pushed": lambda sides, parts: (sides, [one / len(one) for one in parts])},),
    ),
    Mistake(
        name="not-pushed",
        message="You have the gradient for the features, and stopped. Encode each chunk "
        "again, with activations, and send its rows of that gradient on.",
        changes={"share": lambda _: 0},
    ),
    Mistake(
        name="pushes-ones",
        message="You sent ones back, as .sum().backward() does. Send each chunk's rows of the "
        "gradient for the features: torch.autograd.backward(features, gradients).",
        changes={"cut": lambda gradient, sizes: torch.split(torch.ones_like(gradient), sizes)},
    ),
    Mistake(
        name="first-rows",
        message="Every chunk got the first rows of the gradient. Each has rows of its own, "
        "behind those of the chunks before it.",
        changes={"cut": lambda gradient, sizes: [gradient[:size] for size in sizes]},
    ),
    Mistake(
        name="even-chunks",
        message="Chunks may differ in size. Split the gradient by the sizes that the "
        "features had, not into equal parts.",
        changes={"cut": lambda gradient, sizes: gradient.chunk(len(sizes))},
        variants=({"cut": _by_first_size},),
    ),
    Mistake(
        name="grad-cleared",
        message="You cleared the gradients that the parameters had before. Here they are added "
        "to: whoever calls you clears them, or adds up several batches.",
        changes={"first": _forget},
    ),
    Mistake(
        name="no-return",
        message="Your function returns nothing (None). End it with `return loss.detach()`.",
        changes={"given": lambda _: None},
    ),
)
