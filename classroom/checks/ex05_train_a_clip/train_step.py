"""05.1: one step of training, with its scale learned and held.

A small model is built and trained where the answer runs; what became of it is compared.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer

from classroom.checks.ex05_train_a_clip.inputs import RTOL, clip_loss, number
from classroom.checks.ex05_train_a_clip.wrong_steps import MISTAKES, MOST, build
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

Batches = list[tuple[Tensor, Tensor]]


def train_step(model: Any, optimizer: Optimizer, images: Tensor, tokens: Tensor) -> float:
    """Change the model by one step, in training mode, and return the loss before it."""
    model.train()
    features = model.encode_image(images), model.encode_text(tokens)
    loss = clip_loss(*features, model.logit_scale.exp())
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    optimizer.step()
    with torch.no_grad():
        model.logit_scale.clamp_(max=MOST)
    return loss.item()


def harness(  # noqa: PLR0913 - each is what a learner is shown of a case
    answer: "Answer",
    pictures: "Tensor",
    words: "Tensor",
    scale: float,
    batches: "Batches",
    optimizer: str,
    rate: float,
) -> "list[Any]":
    """Return the losses of several steps, and what became of a model in test mode.

    Its parameters hold gradients of 1 at first, as another batch may leave them.
    """
    import torch
    from torch import nn

    class Towers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pictures = nn.Parameter(pictures.clone())
            self.norm = nn.BatchNorm1d(len(pictures[0]), affine=False, dtype=pictures.dtype)
            self.words = nn.Parameter(words.clone())
            self.logit_scale = nn.Parameter(torch.tensor(scale, dtype=words.dtype).log())

        def encode_image(self, images: "Any") -> "Any":
            return self.norm(images @ self.pictures)

        def encode_text(self, tokens: "Any") -> "Any":
            return self.words[tokens]

    model = Towers().eval()
    for part in model.parameters():
        part.grad = torch.ones_like(part)  # of somebody else's batch
    chosen = getattr(torch.optim, optimizer)(model.parameters(), lr=rate)
    losses = [answer(model, chosen, images, tokens) for images, tokens in batches]
    end = model.logit_scale.detach().exp()
    return [losses, end, model.norm.running_mean, model.pictures, model.words]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    names = ("losses", "scale", "running means", "picture weights", "word weights")
    return dict(zip(names, outcome, strict=True))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    two = torch.eye(2, dtype=torch.float64)
    facing = torch.tensor([[1.0, -1.0], [-1.0, 1.0]], dtype=torch.float64)
    batch = (two, torch.tensor([0, 1]))
    scale = log(3)  # cosines of 1 and -1 are worth 3 points and 1/3: right with 9 of 10
    return [
        shown("one step", two, facing, scale, [batch], "SGD", 0.1),
        shown("two steps", two, facing, scale, [batch] * 2, "SGD", 0.1),
    ]


def _drawn(
    rng: np.random.Generator, pairs: int, dims: int, steps: int, optimizer: str
) -> tuple[object, ...]:
    """Return weights, a scale, and batches of pictures and one word for each."""
    pictures, words = rng.standard_normal((dims + 1, dims)), rng.standard_normal((9, dims))
    batches = [
        (
            torch.from_numpy(rng.standard_normal((pairs, dims + 1))),
            torch.from_numpy(rng.permutation(9)[:pairs]),
        )
        for _ in range(steps)
    ]
    both = torch.from_numpy(pictures), torch.from_numpy(words)
    return *both, number(rng, 3, 9), batches, optimizer, number(rng, 0.05, 0.2)


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one step, five pairs", *_drawn(rng, 5, 3, 1, "SGD")),
        hidden("one step of AdamW", *_drawn(rng, 4, 4, 1, "AdamW")),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three steps", *_drawn(rng, 5, 3, 3, "SGD")),
        hidden("two steps of AdamW", *_drawn(rng, 7, 2, 2, "AdamW")),
    ]


def _sure(rng: np.random.Generator, steps: int) -> tuple[object, ...]:
    """Return a model that is right of every pair, so that its scale rises past 100."""
    images, pictures = (
        torch.from_numpy(rng.standard_normal(size)) for size in ((9, 3), (3, 2))
    )
    features = images @ pictures
    words = (features - features.mean(dim=0)) / features.std(dim=0, correction=0)
    batches = [(images, torch.arange(9))] * steps
    return pictures, words, number(rng, 90, 99), batches, "AdamW", number(rng, 0.2, 0.3)


def _high(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("a scale near 100, one step", *_sure(rng, 1)),
        hidden("a scale near 100, three steps", *_sure(rng, 3)),
    ]


def _right_at_first(*parts: str) -> Callable[..., bool]:
    """Return the law that after the first step these parts are what they must be."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        *model, batches, optimizer, rate = arguments
        one = (*model, batches[:1], optimizer, rate)
        mine, right = run(*one), measure(harness(train_step, *one))
        close = partial(np.allclose, rtol=1e-3, atol=1e-3)
        return all(close(mine[part], plain(right[part])) for part in parts)

    return holds


TRAIN_STEP = Question(
    number="05.1",
    function="train_step",
    reference=train_step,
    harness=harness,
    measure=measure,
    told="It takes a step for each of the batches with a small model in test mode, whose "
    "parameters hold gradients of an earlier batch at first.",
    rtol=RTOL,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one step", points=1, cases=_one),
        Property(name="several steps", points=2, cases=_several),
        Property(name="the scale stays at 100 at most", points=1, cases=_high),
    ),
    build=build,
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="loss",
            message="The loss of the first step is another. Encode in training mode, take "
            "clip_loss with model.logit_scale.exp(), and return it as it was before the step.",
            holds=_right_at_first("losses"),
        ),
        Invariance(
            name="towers",
            message="The loss is right, but the towers' weights after the first step are "
            "others: zero_grad, backward, step, each once.",
            holds=_right_at_first("picture weights", "word weights"),
        ),
        Invariance(
            name="scale",
            message="The towers' weights are right, but the scale after the first step is "
            "another: it learns as they do, and is at most 100.",
            holds=_right_at_first("scale"),
        ),
        Invariance(
            name="running means",
            message="The weights are right, but the towers saw other batches, or saw them more "
            "than once: encode each picture once, in training mode.",
            holds=_right_at_first("running means"),
        ),
    ),
)
