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

from classroom.checks.ex05_train_a_clip.chunks import Chunks, Encode, Loss, encoded
from classroom.checks.ex05_train_a_clip.inputs import RTOL, number
from classroom.checks.ex05_train_a_clip.wrong_caches import MISTAKES, build
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from classroom.comparison import plain


def cached_backward(encode: Encode, chunks: Sequence[Any], loss_fn: Loss) -> Tensor:
    """Return the loss of all chunks as one batch, and add its gradients to the parameters."""
    images, texts, sizes = encoded(encode, chunks)
    loss = loss_fn(images.requires_grad_(), texts.requires_grad_())
    torch.autograd.backward(loss)
    gradients = (side.grad.split(sizes) for side in (images, texts))  # type: ignore[union-attr]
    for chunk, *parts in zip(chunks, *gradients, strict=True):
        torch.autograd.backward(encode(chunk), parts)
    return loss.detach()


def harness(
    answer: "Answer",
    pictures: "Tensor",
    words: "Tensor",
    scale: float,
    chunks: "Chunks",
    before: float,
) -> "list[Any]":
    """Return the loss, and the gradients of the scale and of both towers.

    Each gradient holds `before` at first, in every place.
    """
    import weakref

    import torch
    import torch.nn.functional as F

    weights = [part.clone().requires_grad_() for part in (pictures, words)]
    learned = torch.tensor(scale, dtype=words.dtype, requires_grad=True)
    parts = (learned, *weights)
    for part in parts:
        part.grad = torch.full_like(part, before) if before else None
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
    grads = [torch.zeros_like(part) if part.grad is None else part.grad for part in parts]
    return [loss, *grads]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    names = ("loss", "gradient of scale", "gradient of pictures", "gradient of words")
    return dict(zip(names, outcome, strict=True))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("two chunks of one pair", *_drawn(fixed, 1, 1), 0.0),
        shown("three chunks of two pairs", *_drawn(fixed, 2, 2, 2), 0.0),
        shown("gradients of 1 before, to be added to", *_drawn(fixed, 2, 1), 1.0),
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
        hidden("two chunks of three pairs", *_drawn(rng, 3, 3), 0.0),
        hidden("four chunks of two pairs", *_drawn(rng, 2, 2, 2, 2), 0.0),
    ]


def _unequal(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("chunks of five and two pairs", *_drawn(rng, 5, 2), number(rng, 1, 2)),
        hidden("chunks of two, three, one and one", *_drawn(rng, 2, 3, 1, 1), 0.0),
        hidden("one chunk", *_drawn(rng, 5), number(rng, -2, -1)),
    ]


def _is_right(*parts: str) -> Callable[..., bool]:
    """Return the law that these parts are what they must be."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        mine, right = run(*arguments), measure(harness(cached_backward, *arguments))
        return all(
            np.allclose(mine[part], plain(right[part]), rtol=1e-3, atol=1e-3) for part in parts
        )

    return holds


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
        Property(name="uneven chunks, gradients added", points=1, cases=_unequal),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="loss",
            message="The loss is not that of the whole batch: put the features of all chunks "
            "together, and call loss_fn once.",
            holds=_is_right("loss"),
        ),
        Invariance(
            name="scale",
            message="The loss is right, but the gradient of the scale inside it is not: go "
            "back through the loss once, with loss.backward(), and clear nothing.",
            holds=_is_right("gradient of scale"),
        ),
        Invariance(
            name="towers",
            message="Loss and scale are right, but the towers' gradients are not: each chunk's "
            "features are pushed with their own rows of the gradient for all features.",
            holds=_is_right("gradient of pictures", "gradient of words"),
        ),
    ),
)
