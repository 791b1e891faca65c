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
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

MOST = 100
"""The scale is never larger (arXiv 2103.00020, section 2.5)."""
USUAL = ("zero", "backward", "step", "clamp")
Batches = list[tuple[Tensor, Tensor]]


def train_step(model: Any, optimizer: Optimizer, images: Tensor, tokens: Tensor) -> float:
    """Change the model by one step, in training mode, and return the loss before it."""
    return _step()(model, optimizer, images, tokens)


def _learned(model: Any) -> Tensor:
    return model.logit_scale.exp()


def _step(
    scale: Callable[[Any], Tensor | float] = _learned,
    order: Sequence[str] = USUAL,
    *,
    train: bool = True,
    most: float = log(MOST),
) -> Callable[..., float]:
    """Return a step with another scale, or with its parts in another order."""

    def answer(model: Any, optimizer: Optimizer, images: Tensor, tokens: Tensor) -> float:
        model.train(train)
        parts: dict[str, Callable[[], object]] = {
            "zero": optimizer.zero_grad,
            "step": optimizer.step,
            "clamp": lambda: model.logit_scale.data.clamp_(max=most),
        }
        if "clamp" in order[:1]:
            parts["clamp"]()
        loss = clip_loss(model.encode_image(images), model.encode_text(tokens), scale(model))
        for name in order:
            parts.get(name, partial(torch.autograd.backward, loss))()
        return loss.item()

    return answer


def harness(  # noqa: PLR0913 - each is what a learner is shown of a case
    answer: "Answer",
    pictures: "Tensor",
    words: "Tensor",
    scale: float,
    batches: "Batches",
    optimizer: str,
    rate: float,
) -> "list[Any]":
    """Return the losses of several steps, and what became of a model in test mode."""
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


TRAIN_STEP = Question(
    number="05.1",
    function="train_step",
    reference=train_step,
    harness=harness,
    measure=measure,
    rtol=RTOL,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one step", points=1, cases=_one),
        Property(name="several steps", points=2, cases=_several),
        Property(name="the scale stays at 100 at most", points=1, cases=_high),
    ),
    mistakes=(
        Mistake(
            name="zero-grad-missing",
            message="The gradients of all steps add up. Forget the old ones before backward(): "
            "optimizer.zero_grad().",
            answer=_step(order=("backward", "step", "clamp")),
        ),
        Mistake(
            name="scale-not-optimised",
            message="The scale does not learn: your loss holds a number, or a copy without a "
            "gradient. Pass model.logit_scale.exp() itself.",
            answer=_step(lambda model: model.logit_scale.exp().item()),
            variants=(
                _step(lambda _: 1 / 0.07),
                _step(lambda _: 100.0),
            ),
        ),
        Mistake(
            name="clamp-missing",
            message="The scale went past 100. After the step, hold logit_scale at log(100): it "
            "is the scale's logarithm.",
            answer=_step(order=("zero", "backward", "step")),
            variants=(_step(most=MOST),),
        ),
        Mistake(
            name="clamped-before-step",
            message="You held the scale before the step, and the step took it past 100 again. "
            "Hold model.logit_scale itself, after optimizer.step().",
            answer=_step(order=("clamp", "zero", "backward", "step")),
            variants=(
                _step(order=("zero", "clamp", "backward", "step")),
                _step(lambda model: _learned(model).clamp(max=MOST), USUAL[:-1]),
            ),
        ),
        Mistake(
            name="eval-mode",
            message="The model trained in its test mode, in which whoever tested it last left "
            "it. Start with model.train().",
            answer=_step(train=False),
        ),
        Mistake(
            name="nothing-learned",
            message="After your step the weights are what they were. Call backward(), then "
            "optimizer.step(); zero_grad() goes before backward(), not between the two.",
            answer=_step(order=("zero", "backward", "clamp")),
            variants=(_step(order=("backward", "zero", "step", "clamp")),),
        ),
        Mistake(
            name="step-before-backward",
            message="You stepped before backward(), so each step followed the gradients of the "
            "batch before.",
            answer=_step(order=("step", "zero", "backward", "clamp")),
        ),
        Mistake(
            name="scale-without-exp",
            message="logit_scale is the logarithm of the scale. The loss takes the scale: "
            "model.logit_scale.exp().",
            answer=_step(lambda model: model.logit_scale),
        ),
        Mistake(
            name="scale-as-temperature",
            message="You divided by the scale. A temperature divides, a scale multiplies.",
            answer=_step(lambda model: (-model.logit_scale).exp()),
        ),
    ),
)
