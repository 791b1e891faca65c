"""05.4: the gradient of a large batch, with activations of one chunk.

The encoder that an answer is handed runs out of memory when the activations of more than two
chunks are kept, so that an answer which keeps them all cannot pass. Leaves out dropout, which
would have to drop the same again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmcourse.checks.ex05_train_a_clip.inputs import RTOL, number
from mmcourse.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

Encode = Callable[[Any], tuple[Tensor, Tensor]]
Loss = Callable[[Tensor, Tensor], Tensor]
Chunks = list[tuple[Tensor, Tensor]]


def cached_backward(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Return the loss of all chunks as one batch, and add its gradients to the parameters."""
    images, texts = _features(encode, chunks)
    loss = loss_fn(images, texts)
    torch.autograd.backward(loss)
    _push(encode, chunks, images.grad, texts.grad)
    return loss.detach()


def harness(
    answer: "Answer", pictures: "Tensor", words: "Tensor", scale: float, chunks: "Chunks"
) -> "list[Any]":
    """Return the loss, and the gradients of the scale and of both towers."""
    import weakref

    import torch
    import torch.nn.functional as F

    weights = [part.clone().requires_grad_() for part in (pictures, words)]
    learned = torch.tensor(scale, dtype=words.dtype, requires_grad=True)
    alive: Any = weakref.WeakSet()

    class Kept:
        def __init__(self, tensor: "Any", chunk: int) -> None:
            self.tensor, self.chunk = tensor.detach(), chunk  # or it would keep itself alive
            alive.add(self)

    calls = iter(range(1_000_000))

    def encode(chunk: "Any") -> "Any":
        number = next(calls)
        if torch.is_grad_enabled() and len({kept.chunk for kept in alive}) > 1:
            raise MemoryError("there is room for the activations of two chunks, not of three")
        with torch.autograd.graph.saved_tensors_hooks(
            lambda tensor: Kept(tensor, number), lambda kept: kept.tensor
        ):
            return [(x @ weight).tanh() for x, weight in zip(chunk, weights, strict=True)]

    def loss_fn(images: "Any", texts: "Any") -> "Any":
        cosines = F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
        logits, right = learned * cosines, torch.arange(len(images))
        return (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2

    loss = answer(encode, chunks, loss_fn)
    parts = (learned, *weights)
    grads = [torch.zeros_like(part) if part.grad is None else part.grad for part in parts]
    return [loss, *grads]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    names = ("loss", "gradient of scale", "gradient of pictures", "gradient of words")
    return dict(zip(names, outcome, strict=True))


def _features(encode: Encode, chunks: Sequence[Any]) -> tuple[Tensor, ...]:
    """Return both sides of the whole batch, without activations, to take a gradient for."""
    with torch.no_grad():
        sides = zip(*(encode(chunk) for chunk in chunks), strict=True)
        return tuple(torch.cat(side).requires_grad_() for side in sides)


def _push(encode: Encode, chunks: Sequence[Any], *gradients: Any, share: float = 1) -> None:
    """Encode each chunk again, and send its rows of the gradients to the parameters."""
    start = 0
    for chunk in chunks:
        again = encode(chunk)
        end = start + len(again[0])
        torch.autograd.backward(again, [share * gradient[start:end] for gradient in gradients])
        start = end


def _chunk_by_chunk(
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


def _all_kept(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    features = [encode(chunk) for chunk in chunks]
    loss = loss_fn(*(torch.cat(side) for side in zip(*features, strict=True)))
    torch.autograd.backward(loss)
    return loss.detach()


def _scale_lost(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    whole = _features(encode, chunks)
    loss = loss_fn(*whole)
    _push(encode, chunks, *torch.autograd.grad(loss, whole))
    return loss.detach()


def _scale_repeated(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Any:
    """Let one chunk after the other stand with its activations among all."""
    with torch.no_grad():
        features = [encode(chunk) for chunk in chunks]
    loss: Any = None
    for place, chunk in enumerate(chunks):
        parts = [*features[:place], encode(chunk), *features[place + 1 :]]
        loss = loss_fn(*(torch.cat(side) for side in zip(*parts, strict=True)))
        torch.autograd.backward(loss)
    return loss.detach()


def _one_side(side: int) -> Answer:
    def answer(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
        whole = _features(encode, chunks)
        loss = loss_fn(*whole)
        torch.autograd.backward(loss)
        _push(lambda chunk: encode(chunk)[side : side + 1], chunks, whole[side].grad)  # type: ignore[arg-type,return-value]
        return loss.detach()

    return answer


def _averaged(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    images, texts = _features(encode, chunks)
    loss = loss_fn(images, texts)
    torch.autograd.backward(loss)
    _push(encode, chunks, images.grad, texts.grad, share=1 / len(chunks))
    return loss.detach()


def _not_pushed(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    loss = loss_fn(*_features(encode, chunks))
    torch.autograd.backward(loss)
    return loss.detach()


def _even(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    whole = _features(encode, chunks)
    loss = loss_fn(*whole)
    torch.autograd.backward(loss)
    parts = zip(*(side.grad.chunk(len(chunks)) for side in whole), strict=True)  # type: ignore[union-attr]
    for chunk, gradients in zip(chunks, parts, strict=True):
        torch.autograd.backward(encode(chunk), gradients)
    return loss.detach()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("two chunks of one pair", *_drawn(fixed, 1, 1)),
        shown("three chunks of two pairs", *_drawn(fixed, 2, 2, 2)),
    ]


def _drawn(rng: np.random.Generator, *sizes: int) -> tuple[Tensor, Tensor, float, Chunks]:
    """Return both towers' weights, a scale, and chunks of these sizes."""
    pictures, words = (torch.from_numpy(rng.standard_normal(size)) for size in ((4, 3), (2, 3)))
    chunks = [
        tuple(torch.from_numpy(rng.standard_normal((size, dim))) for dim in (4, 2))
        for size in sizes
    ]
    return pictures, words, number(rng, 3, 9), chunks  # type: ignore[return-value]


def _equal(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two chunks of three pairs", *_drawn(rng, 3, 3)),
        hidden("four chunks of two pairs", *_drawn(rng, 2, 2, 2, 2)),
    ]


def _unequal(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("chunks of five and two pairs", *_drawn(rng, 5, 2)),
        hidden("chunks of two, three, one and one", *_drawn(rng, 2, 3, 1, 1)),
        hidden("one chunk", *_drawn(rng, 5)),
    ]


CACHED_BACKWARD = Question(
    number="05.4",
    function="cached_backward",
    reference=cached_backward,
    harness=harness,
    measure=measure,
    rtol=RTOL,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="equal chunks", points=3, cases=_equal),
        Property(name="uneven chunks", points=1, cases=_unequal),
    ),
    mistakes=(
        Mistake(
            name="chunk-only-negatives",
            message="Each of your chunks has a loss of its own, with its few pairs as the only "
            "wrong answers. Put the features of all chunks together first: one loss for all.",
            answer=_chunk_by_chunk(lambda loss, _: loss),
            variants=(_chunk_by_chunk(lambda loss, count: loss / count),),
        ),
        Mistake(
            name="grad-not-cached",
            message="You kept every chunk's activations until the loss was known, and memory "
            "is full. Encode under torch.no_grad(), take the gradient for the features, then "
            "encode each chunk again.",
            answer=_all_kept,
        ),
        Mistake(
            name="scale-grad-lost",
            message="The loss holds a parameter of its own, the scale, and its gradient is "
            "lost. loss.backward() reaches it; torch.autograd.grad gives only what it is asked "
            "for.",
            answer=_scale_lost,
        ),
        Mistake(
            name="scale-grad-repeated",
            message="The towers' gradients are right, but you went back through the loss once "
            "for each chunk, and the scale's added up. Go back through it once.",
            answer=_scale_repeated,
        ),
        Mistake(
            name="one-tower",
            message="Only one tower got a gradient. Push both features of a chunk back: "
            "torch.autograd.backward takes a list of tensors and a list of gradients.",
            answer=_one_side(0),
            variants=(_one_side(1),),
        ),
        Mistake(
            name="averaged",
            message="You divided the gradients by the number of chunks. The loss of the whole "
            "batch is a mean already: push its gradient as it is.",
            answer=_averaged,
        ),
        Mistake(
            name="not-pushed",
            message="You have the gradient for the features, and stopped. Encode each chunk "
            "again, and send its rows of that gradient on: features.backward(gradient).",
            answer=_not_pushed,
        ),
        Mistake(
            name="even-chunks",
            message="Chunks may differ in size. Split the gradient by the sizes that the "
            "features had, not into equal parts.",
            answer=_even,
        ),
    ),
)
