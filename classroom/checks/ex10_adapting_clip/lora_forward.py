"""10.5: a linear layer with a LoRA correction, W x + bias + (alpha / rank) B A x."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.inputs import between, normal
from classroom.checks.ex10_adapting_clip.lora_answers import MISTAKES, build
from classroom.checks.invariances import TOLERANCE
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def harness(  # noqa: PLR0913 - what the learner's function is given, and itself
    answer: "Answer",
    x: "Tensor",
    weight: "Tensor",
    bias: "Tensor | None",
    a: "Tensor",
    b: "Tensor",
    alpha: float,
) -> "dict[str, Any]":
    """Return what an answer gives, and what has become of the layer."""
    outcome = answer(x, weight, bias, a, b, alpha)
    return {"outcome": outcome, "weight afterwards": weight, "bias afterwards": bias}


def _drawn(
    rng: np.random.Generator,
    before: tuple[int, ...],
    inputs: int,
    outputs: int,
    rank: int,
    bias: int = 1,
) -> tuple[Any, ...]:
    """Return x, a layer with a bias or none, a correction, and an alpha above the rank."""
    return (
        normal(rng, *before, inputs),
        normal(rng, outputs, inputs),
        normal(rng, outputs) if bias else None,
        normal(rng, rank, inputs),
        normal(rng, outputs, rank),
        between(rng, rank + 1.3, rank + 4),
    )


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    x, weight, bias = torch.tensor([[1.0, 2.0]]), torch.eye(2), torch.tensor([10.0, 20.0])
    one = torch.tensor([[1.0, 1.0]]), torch.tensor([[0.0], [1.0]])
    two = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])
    return [
        shown("rank 1", x, weight, bias, *one, 2.0),
        shown("rank 2", x, weight, bias, *two, 6.0),
        shown("b is 0: the layer as it was", x, weight, bias, one[0], 0 * one[1], 2.0),
    ]


def _layers(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five inputs, three outputs, rank 2", *_drawn(rng, (7,), 5, 3, 2)),
        hidden("a square layer", *_drawn(rng, (3,), 5, 5, 2)),
        hidden("as much of each", *_drawn(rng, (4,), 4, 4, 4)),
        hidden("rank 3", *_drawn(rng, (1,), 5, 7, 3)),
    ]


def _edges(rng: np.random.Generator) -> Sequence[Case]:
    x, weight, bias, a, b, _ = _drawn(rng, (3,), 6, 4, 3)
    return [
        hidden("tokens", *_drawn(rng, (2, 3), 5, 4, 2)),
        hidden("no bias", *_drawn(rng, (5,), 4, 3, 2, bias=0)),
        hidden("alpha below 1", x, weight, bias, a, b, between(rng, 0.2, 0.8)),
    ]


def _starts_as_it_was(run: Callable[..., Any], *given: Any) -> bool:
    x, weight, bias, a, b, alpha = given
    right = torch.nn.functional.linear(x, weight, bias).numpy()
    outcome = run(x, weight, bias, a, 0 * b, alpha)["outcome"]
    return bool(np.allclose(outcome, right, atol=TOLERANCE))


def _in_proportion(run: Callable[..., Any], *given: Any) -> bool:
    *others, alpha = given
    once, twice, none = (run(*others, t * alpha)["outcome"] for t in (1.0, 2.0, 0.0))
    return bool(np.allclose(twice - once, once - none, rtol=TOLERANCE, atol=10 * TOLERANCE))


def _layer_stays(run: Callable[..., Any], *given: Any) -> bool:
    _, weight, bias, *_ = given
    after = run(*given)
    same = np.array_equal(after["weight afterwards"], weight.numpy())
    return same and (bias is None or np.array_equal(after["bias afterwards"], bias.numpy()))


LORA_FORWARD = Question(
    number="10.5",
    function="lora_forward",
    reference=build(),
    harness=harness,
    told="It calls lora_forward(x, weight, bias, a, b, alpha), and looks at weight and bias "
    "afterwards.",
    build=build,
    rtol=1e-4,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="layers of all sizes", points=2, cases=_layers),
        Property(name="tokens, no bias, a small alpha", points=1, cases=_edges),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="layer",
            message="weight and bias must be afterwards what they were before.",
            holds=_layer_stays,
        ),
        Invariance(
            name="start",
            message="While b is 0, the layer must give what it gave without a correction.",
            holds=_starts_as_it_was,
        ),
        Invariance(
            name="alpha",
            message="The correction must grow in proportion to alpha.",
            holds=_in_proportion,
        ),
    ),
)
