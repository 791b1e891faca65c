"""15.4: one step that brings recordings of unlike lengths to the vectors of their sentences.

A small encoder stands for what hears speech. Leaves out where the sentences' vectors come from.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex15_speech.align_answers import MISTAKES, Steps, align_step
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

SILENCE = -13.8
"""What stands in padding: the logarithm of the least power that a log-mel holds."""
Batches = list[tuple[Tensor, Tensor, Tensor]]


def harness(  # noqa: PLR0913 - each is what a learner is shown of a case
    answer: "Answer",
    weights: "Tensor",
    bias: "Tensor",
    stride: int,
    batches: "Batches",
    optimizer: str,
    rate: float,
) -> "list[Any]":
    """Return the losses of several steps, and the encoder's weights and bias afterwards.

    The encoder makes one step of `stride` frames, of the first of them, and one of those that
    are left over: padding moves no step that is true. Its weights and its bias hold gradients
    of 1 at first, as another batch may leave them.
    """
    import torch
    from torch import nn

    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weights = nn.Parameter(weights.clone())
            self.bias = nn.Parameter(bias.clone())

        def forward(self, mels: "Any", frames: "Any") -> "Any":
            steps = mels[..., ::stride].transpose(1, 2)
            return steps @ self.weights + self.bias, (frames + stride - 1) // stride

    encoder = Encoder()
    for part in encoder.parameters():
        part.grad = torch.ones_like(part)  # of somebody else's batch
    chosen = getattr(torch.optim, optimizer)(encoder.parameters(), lr=rate)
    losses = [answer(encoder, chosen, *batch) for batch in batches]
    return [losses, encoder.weights, encoder.bias]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    return dict(zip(("losses", "weights", "bias"), outcome, strict=True))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    two, bias = torch.eye(2), torch.tensor([0.0, 1.0])
    mels = torch.tensor([[[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
    short = torch.full((1, 2, 4), SILENCE)
    short[0, :, :2] = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    three, target = torch.tensor([3]), torch.tensor([[2.0, 0.0]])
    return [
        shown("two steps, both true", two, bias, 2, [(mels, three, target)], "SGD", 0.1),
        shown("one true step", two, bias, 2, [(short, torch.tensor([2]), target)], "SGD", 0.1),
    ]


def _batch(rng: np.random.Generator, frames: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Return log-mels of so many frames, padded with silence, their frames, and targets."""

    def normal(*shape: int) -> Tensor:
        return torch.from_numpy(rng.standard_normal(shape).astype(np.float32))

    mels = torch.full((len(frames), 5, max(frames)), SILENCE)
    for row, count in zip(mels, frames, strict=True):
        row[:, :count] = normal(5, count)
    lengths = torch.from_numpy(rng.uniform(0.5, 4, (len(frames), 1)).astype(np.float32))
    return mels, torch.tensor(frames), lengths * normal(len(frames), 3)


def _drawn(
    rng: np.random.Generator, stride: int, frames: Sequence[Sequence[int]], optimizer: str
) -> tuple[object, ...]:
    """Return weights, a bias, and a batch for each list of frames."""
    weights, bias = (
        torch.from_numpy(rng.standard_normal(shape).astype(np.float32))
        for shape in ((5, 3), (3,))
    )
    batches = [_batch(rng, [int(one) for one in rng.permutation(some)]) for some in frames]
    return weights, bias, stride, batches, optimizer, round(float(rng.uniform(0.05, 0.2)), 3)


def _alike(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("recordings of one length", *_drawn(rng, 2, [[12, 12, 12, 12]], "SGD")),
        hidden("one recording", *_drawn(rng, 3, [[13]], "SGD")),
    ]


def _unlike(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("recordings of four lengths", *_drawn(rng, 2, [[5, 8, 13, 17]], "SGD")),
        hidden("as many recordings as steps", *_drawn(rng, 2, [[4, 9, 6, 10, 7]], "SGD")),
        hidden("one of a single step", *_drawn(rng, 3, [[3, 11, 8]], "AdamW")),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    three, two = [[4, 7, 13], [10, 5, 15], [12, 3, 8]], [[7, 16, 11, 24], [20, 5, 13, 9]]
    return [
        hidden("three steps", *_drawn(rng, 2, three, "SGD")),
        hidden("two steps of AdamW", *_drawn(rng, 3, two, "AdamW")),
    ]


def _more_padding(run: Callable[..., Any], *asked: Any) -> bool:
    """Return whether the loss stays when every batch gets four more frames of padding."""
    *encoder, batches, optimizer, rate = asked
    longer = [
        (torch.cat([mels, torch.full((*mels.shape[:2], 4), SILENCE)], dim=2), *others)
        for mels, *others in batches
    ]
    one, other = (run(*encoder, each, optimizer, rate) for each in (batches, longer))
    return bool(np.allclose(one["losses"], other["losses"], rtol=1e-3, atol=1e-3))


def _right_at_first(part: str) -> Callable[..., bool]:
    """Return the law that after the first step this part is what it must be."""

    def holds(run: Callable[..., Any], *asked: Any) -> bool:
        *encoder, batches, optimizer, rate = asked
        one = (*encoder, batches[:1], optimizer, rate)
        right = measure(harness(align_step, *one))[part]
        right = right.detach() if isinstance(right, Tensor) else right
        return bool(np.allclose(run(*one)[part], right, rtol=1e-3, atol=1e-3))

    return holds


ALIGN_STEP = Question(
    number="15.4",
    function="align_step",
    reference=align_step,
    harness=harness,
    measure=measure,
    told="It takes a step for each of the batches (mels, frames, targets), with a small "
    "encoder that makes one step of `stride` frames, and one of those that are left over; it "
    "holds gradients of an earlier batch.",
    build=Steps,
    rtol=1e-3,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="recordings of one length", points=1, cases=_alike),
        Property(name="recordings of unlike lengths", points=2, cases=_unlike),
        Property(name="several steps", points=1, cases=_several),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="more-padding",
            message="More padding behind the recordings must change nothing; with yours it "
            "does. Step i of a recording counts where i < its number of steps.",
            holds=_more_padding,
        ),
        Invariance(
            name="loss",
            message="The loss of the first step is another. The mean of the true steps, "
            "length 1; targets of length 1; 1 minus the mean cosine, as it was before the "
            "step.",
            holds=_right_at_first("losses"),
        ),
        Invariance(
            name="encoder",
            message="The loss is right, but the weights after the first step are others: "
            "zero_grad, backward, step, each once.",
            holds=_right_at_first("weights"),
        ),
    ),
)
