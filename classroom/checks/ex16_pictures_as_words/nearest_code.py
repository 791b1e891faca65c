"""16.2: vectors that are exchanged for the nearest of a learnt codebook's, and what that costs.

Leaves out remedies against entries that nobody chooses.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex16_pictures_as_words.nearest_answers import (
    MISTAKES,
    Steps,
    nearest_code,
)
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)

Asked = tuple[Tensor, Tensor, float, Tensor]
NAMES = (
    "exchanged",
    "codes",
    "loss",
    "what the loss says to the vectors",
    "what the loss says to the codebook",
    "what comes through to the vectors",
    "what comes through to the codebook",
)


def harness(
    answer: "Answer",
    vectors: "Tensor",
    codebook: "Tensor",
    commitment: float,
    weights: "Tensor",
) -> "list[Any]":
    """Return the three results, then the gradients of the loss and of what was exchanged.

    The latter is that of a weighted sum. Where no gradient flows there are zeros.
    """
    import torch

    both = [vectors.clone().requires_grad_(), codebook.clone().requires_grad_()]
    exchanged, codes, loss = answer(*both, commitment)

    def slopes(total: "Any") -> "list[Any]":
        ways: list[Any] = [None, None]
        if getattr(total, "requires_grad", False):
            ways = list(torch.autograd.grad(total, both, retain_graph=True, allow_unused=True))
        return [
            torch.zeros_like(one) if way is None else way
            for one, way in zip(both, ways, strict=True)
        ]

    return [exchanged, codes, loss, *slopes(loss), *slopes((exchanged * weights).sum())]


def measure(outcome: list[Any], *_: object) -> dict[str, Any]:
    """Return the outcome by names, so that a difference says where it is."""
    return dict(zip(NAMES, outcome, strict=True))


def _telling(vectors: np.ndarray, codebook: np.ndarray) -> bool:
    """Return whether nearest entries are clear, and no product or angle finds them all."""
    distances = np.square(vectors[:, None] - codebook).sum(axis=2)
    first, second = np.sort(distances, axis=1)[:, :2].T
    codes, products = distances.argmin(axis=1), vectors @ codebook.T
    angles = products / np.linalg.norm(codebook, axis=1)
    found = [products.argmax(axis=1), angles.argmax(axis=1)]
    return bool((second - first).min() > 1e-2 and all((codes != one).any() for one in found))


def _drawn(rng: np.random.Generator, n: int, entries: int, dim: int) -> Asked:
    """Return vectors and entries of unlike lengths, a commitment, and weights."""
    while True:
        codebook = rng.uniform(0.3, 3, (entries, 1)) * rng.standard_normal((entries, dim))
        vectors = 1.5 * rng.standard_normal((n, dim))
        if _telling(vectors, codebook):
            break
    parts = (vectors, codebook, rng.uniform(0.5, 2, (n, dim)))
    one, other, weights = (torch.from_numpy(part).float() for part in parts)
    return one, other, round(float(rng.uniform(0.1, 0.6)), 2), weights


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    codebook, two = torch.tensor([[0.0], [10.0]]), torch.tensor([[1.0], [9.0]])
    return [
        shown("each is 1 from its entry", two, codebook, 0.25, torch.ones(2, 1)),
        shown("a long entry is far", two[:1], codebook, 0.25, torch.ones(1, 1)),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("nine vectors, five entries", *_drawn(rng, 9, 5, 3)),
        hidden("seven vectors, eleven entries", *_drawn(rng, 7, 11, 4)),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five of everything", *_drawn(rng, 5, 5, 5)),
        hidden("as many vectors as entries", *_drawn(rng, 8, 8, 2)),
    ]


def _part(part: str, message: str, name: str) -> Invariance:
    """Return the law that a part of the outcome is what it must be."""

    def holds(run: Callable[..., Any], *asked: Any) -> bool:
        right = measure(harness(nearest_code, *asked))[part].detach()
        return bool(np.allclose(run(*asked)[part], right, rtol=1e-3, atol=1e-3))

    return Invariance(name=name, message=message, holds=holds)


NEAREST_CODE = Question(
    number="16.2",
    function="nearest_code",
    reference=nearest_code,
    harness=harness,
    measure=measure,
    told="It calls nearest_code(vectors, codebook, commitment), and asks for the gradients of "
    "the loss, and of a weighted sum of the exchanged vectors, to vectors and codebook.",
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several vectors", points=2, cases=_several),
        Property(name="as many as entries or numbers", points=1, cases=_sides),
    ),
    mistakes=MISTAKES,
    invariances=(
        _part("codes", "You found other entries than the nearest ones.", "codes"),
        _part("exchanged", "The exchanged vectors must be the nearest entries.", "exchanged"),
        _part(
            NAMES[5],
            "What is made of the exchanged vectors must reach the vectors as if nothing had "
            "been exchanged.",
            "through",
        ),
        _part(
            "loss",
            "The loss is another: mean squares of both terms, the second times the commitment.",
            "loss",
        ),
        _part(NAMES[3], "The loss moves the vectors otherwise: detach the entries.", "held"),
        _part(NAMES[4], "The loss moves the codebook otherwise: detach the vectors.", "pulled"),
    ),
)
