"""05.4: the gradient of a large batch, with activations of one chunk.

The encoder that an answer is handed runs out of memory when the activations of more than two
chunks are kept, so that an answer which keeps them all cannot pass. Leaves out dropout, which
would have to drop the same again.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex05_train_a_clip import wrong_caches as wrong
from classroom.checks.ex05_train_a_clip.chunks import Chunks, Encode, Loss, features, push
from classroom.checks.ex05_train_a_clip.inputs import RTOL, number
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown


def cached_backward(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Return the loss of all chunks as one batch, and add its gradients to the parameters."""
    images, texts = features(encode, chunks)
    loss = loss_fn(images, texts)
    torch.autograd.backward(loss)
    push(encode, chunks, images.grad, texts.grad)
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
            answer=wrong.chunk_by_chunk(lambda loss, _: loss),
            variants=(wrong.chunk_by_chunk(lambda loss, count: loss / count),),
        ),
        Mistake(
            name="grad-not-cached",
            message="You kept every chunk's activations until the loss was known, and memory "
            "is full. Encode under torch.no_grad(), take the gradient for the features, then "
            "encode each chunk again.",
            answer=wrong.all_kept,
        ),
        Mistake(
            name="scale-grad-lost",
            message="The loss holds a parameter of its own, the scale, and its gradient is "
            "lost. loss.backward() reaches it; torch.autograd.grad gives only what it is asked "
            "for.",
            answer=wrong.scale_lost,
        ),
        Mistake(
            name="scale-grad-repeated",
            message="The towers' gradients are right, but you went back through the loss once "
            "for each chunk, and the scale's added up. Go back through it once.",
            answer=wrong.scale_repeated,
        ),
        Mistake(
            name="one-tower",
            message="Only one tower got a gradient. Push both features of a chunk back: "
            "torch.autograd.backward takes a list of tensors and a list of gradients.",
            answer=wrong.one_side(0),
            variants=(wrong.one_side(1),),
        ),
        Mistake(
            name="averaged",
            message="You divided the gradients by the number of chunks. The loss of the whole "
            "batch is a mean already: push its gradient as it is.",
            answer=wrong.averaged,
        ),
        Mistake(
            name="not-pushed",
            message="You have the gradient for the features, and stopped. Encode each chunk "
            "again, and send its rows of that gradient on: features.backward(gradient).",
            answer=wrong.not_pushed,
        ),
        Mistake(
            name="even-chunks",
            message="Chunks may differ in size. Split the gradient by the sizes that the "
            "features had, not into equal parts.",
            answer=wrong.even,
        ),
    ),
)
