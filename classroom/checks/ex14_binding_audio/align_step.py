"""14.3: one step that brings sounds to their pictures, in a space that stays as it is.

Two small towers stand for `tiny` and for what listens. Leaves out how sounds become numbers.
"""

from collections.abc import Callable, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex14_binding_audio.align_answers import MISTAKES, Steps, align_step
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

Batches = list[tuple[Tensor, Tensor, Tensor]]


def harness(  # noqa: PLR0913 - each is what a learner is shown of a case
    answer: "Answer",
    tower_weights: "Tensor",
    picture_weights: "Tensor",
    word_weights: "Tensor",
    log_scale: float,
    batches: "Batches",
    optimizer: str,
    rate: float,
    held: str,
) -> "list[Any]":
    """Return losses, the tower, and which parts of the model have changed or got gradients.

    The model comes in test mode, the tower with gradients of 1, as another batch may leave
    them. The optimizer holds the weights of the "tower" or of "both"; with "both, used before"
    the model comes with gradients of 1, too.
    """
    import torch
    from torch import nn

    class Tower(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weights = nn.Parameter(tower_weights.clone())

        def forward(self, sounds: "Any") -> "Any":
            return sounds @ self.weights

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pictures = nn.Parameter(picture_weights.clone())
            self.words = nn.Parameter(word_weights.clone())
            self.norm = nn.BatchNorm1d(len(picture_weights[0]), affine=False)
            self.logit_scale = nn.Parameter(torch.tensor(log_scale))

        def encode_image(self, pictures: "Any") -> "Any":
            return self.norm(pictures @ self.pictures)

        def encode_text(self, tokens: "Any") -> "Any":
            return self.words[tokens]

    tower, model = Tower(), Model().eval()
    tower.weights.grad = torch.ones_like(tower.weights)  # of somebody else's batch
    for part in model.parameters() if held == "both, used before" else []:
        part.grad = torch.ones_like(part)
    parts = [*tower.parameters(), *([] if held == "tower" else model.parameters())]
    chosen = getattr(torch.optim, optimizer)(parts, lr=rate)
    before = {name: part.clone() for name, part in model.state_dict().items()}
    losses = [answer(tower, model, chosen, *batch) for batch in batches]
    after = model.state_dict()
    changed = [name for name in before if not torch.equal(before[name], after[name])]
    reached = [
        name
        for name, part in model.named_parameters()
        if part.grad is not None and part.grad.any()
    ]
    return [losses, tower.weights, " ".join(changed), " ".join(reached)]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    losses, weights, changed, reached = outcome
    return {
        "losses": losses,
        "tower": weights,
        "of the model have changed": changed or "no parts",
        "of the model got gradients": reached or "no parts",
    }


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    two = torch.eye(2)
    batch = (two, two, torch.tensor([0, 1]))
    pair = torch.tensor([[2.0, 1.0], [0.0, 1.0]])
    return [
        shown("one step", pair, two, two, log(3), [batch], "SGD", 0.1, "tower"),
        shown(
            "one step, both held", pair, two, two.flip(0), log(3), [batch], "SGD", 0.1, "both"
        ),
    ]


def _drawn(
    rng: np.random.Generator, pairs: int, steps: int, optimizer: str, held: str
) -> tuple[object, ...]:
    """Return weights, a scale, and batches of sounds, pictures and a word for each."""

    def normal(*shape: int) -> Tensor:
        return torch.from_numpy(rng.standard_normal(shape).astype(np.float32))

    batches = [
        (normal(pairs, 4), normal(pairs, 5), torch.from_numpy(rng.permutation(9)[:pairs]))
        for _ in range(steps)
    ]
    scale, rate = (round(float(rng.uniform(*ends)), 3) for ends in ((1.2, 2.0), (0.05, 0.2)))
    weights = normal(4, 3), normal(5, 3), normal(9, 3)
    return *weights, scale, batches, optimizer, rate, held


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one step, five pairs", *_drawn(rng, 5, 1, "SGD", "tower")),
        hidden("as many pairs as numbers", *_drawn(rng, 3, 1, "SGD", "tower")),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three steps", *_drawn(rng, 7, 3, "SGD", "tower")),
        hidden("two steps of AdamW", *_drawn(rng, 5, 2, "AdamW", "tower")),
    ]


def _held(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("the optimizer holds both", *_drawn(rng, 6, 2, "SGD", "both")),
        hidden("AdamW holds both", *_drawn(rng, 4, 1, "AdamW", "both")),
        hidden("both were used before", *_drawn(rng, 5, 2, "SGD", "both, used before")),
    ]


def _right_at_first(part: str) -> Callable[..., bool]:
    """Return the law that after the first step this part is what it must be."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        *start, batches, optimizer, rate, held = arguments
        one = (*start, batches[:1], optimizer, rate, held)
        right = measure(harness(align_step, *one))[part]
        mine = run(*one)[part]
        if isinstance(right, str):
            return bool(mine == right)
        right = right.detach() if isinstance(right, Tensor) else right
        return bool(np.allclose(mine, right, rtol=1e-3, atol=1e-3))

    return holds


ALIGN_STEP = Question(
    number="14.3",
    function="align_step",
    reference=align_step,
    harness=harness,
    measure=measure,
    told="It takes a step for each of the batches (sounds, pictures, tokens), with a small "
    "model in test mode and a small tower that holds gradients of an earlier batch. Where "
    "held is 'both', the optimizer holds the model's weights as well; 'used before', these "
    "hold gradients, too.",
    build=Steps,
    rtol=1e-3,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one step", points=1, cases=_one),
        Property(name="several steps", points=2, cases=_several),
        Property(name="the model stays as it is", points=1, cases=_held),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="model-changed",
            message="Parts of the model were changed. Nothing of it may be, whatever the "
            "optimizer holds: encode pictures in torch.no_grad(), and leave its mode alone.",
            holds=_right_at_first("of the model have changed"),
        ),
        Invariance(
            name="model-reached",
            message="Gradients reach parts of the model. Use it in torch.no_grad().",
            holds=_right_at_first("of the model got gradients"),
        ),
        Invariance(
            name="loss",
            message="The loss of the first step is another. Vectors of length 1, their cosines "
            "times the model's scale, cross_entropy in both directions, their mean; return it "
            "as it was before the step.",
            holds=_right_at_first("losses"),
        ),
        Invariance(
            name="tower",
            message="The loss is right, but the tower's weights after the first step are "
            "others: zero_grad, backward, step, each once.",
            holds=_right_at_first("tower"),
        ),
    ),
)
