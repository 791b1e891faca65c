"""10.4: CoOp's learned vectors between the start token and a name, one context for all classes.

What reaches the context as gradient is compared, too. Leaves out the text tower that reads the
prompts, and training: `mmcourse.few_shot.coop` has both.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.context_answers import MISTAKES, build
from classroom.checks.ex10_adapting_clip.inputs import normal
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def harness(answer: "Answer", words: "Tensor", context: "Tensor", places: "Tensor") -> "Any":
    """Return the prompts, and the gradient that their sum of squares leaves at the context."""
    learned = context.clone().requires_grad_()
    prompts = answer(words, learned, places)
    if prompts is None:
        return None
    if getattr(prompts, "requires_grad", False):
        prompts.square().sum().backward()
    return {"prompts": prompts, "gradient of context": learned.grad}


def _drawn(
    rng: np.random.Generator, classes: int, length: int, vectors: int, dim: int, spare: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return embedded names with start and end, a context, and so many places more."""
    words = normal(rng, classes, length, dim)
    words[:, 0] = words[0, 0].clone()  # the start token is the same in all
    places = normal(rng, length + vectors + spare, dim)
    return words, normal(rng, vectors, dim), places


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    words = torch.tensor([[[1.0], [20.0], [9.0]], [[1.0], [30.0], [9.0]]])
    places = torch.tensor([[0.0], [0.1], [0.2], [0.3], [0.4]])
    return [
        shown("one name, one vector", words[:1], torch.tensor([[5.0]]), places),
        shown("two names, two vectors", words, torch.tensor([[5.0], [6.0]]), places),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five names, three vectors", *_drawn(rng, 5, 4, 3, 2, 7)),
        hidden("three names, two vectors", *_drawn(rng, 3, 6, 2, 4, 1)),
        hidden("two names, four vectors", *_drawn(rng, 2, 4, 4, 3, 2)),
    ]


def _edges(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one name", *_drawn(rng, 1, 5, 3, 2, 4)),
        hidden("one vector", *_drawn(rng, 4, 3, 1, 5, 2)),
        hidden("as many of each", *_drawn(rng, 4, 4, 4, 4, 4)),
        hidden("no place left over", *_drawn(rng, 3, 5, 2, 3, 0)),
    ]


def _longer(run: Callable[..., Any], words: Tensor, context: Tensor, places: Tensor) -> bool:
    length = words.shape[1] + len(context)
    return bool(np.shape(run(words, context, places)["prompts"])[1] == length)


def _learns(run: Callable[..., Any], *arguments: Any) -> bool:
    return run(*arguments)["gradient of context"] is not None


def _adds(run: Callable[..., Any], words: Tensor, context: Tensor, places: Tensor) -> bool:
    with_places = run(words, context, places)["prompts"]
    without = run(words, context, 0 * places)["prompts"]
    added = places[: words.shape[1] + len(context)].numpy()
    return bool(np.allclose(with_places - without, added, atol=1e-3))


WITH_CONTEXT = Question(
    number="10.4",
    function="with_context",
    reference=build(),
    harness=harness,
    told="It calls with_context with a context that learns, adds up the squares of what comes "
    "out, and goes backward to the context.",
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several names", points=2, cases=_several),
        Property(name="one name, one vector, no place left over", points=1, cases=_edges),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="length",
            message="Each prompt must be longer than the name, by one place a learned vector.",
            holds=_longer,
        ),
        Invariance(
            name="places",
            message="The first rows of places must be added, one to each vector, and nothing "
            "else done with them.",
            holds=_adds,
        ),
        Invariance(
            name="learns",
            message="No gradient reaches context, so it would learn nothing.",
            holds=_learns,
        ),
    ),
)
