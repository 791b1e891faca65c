"""07.1: from a model, pictures and texts to a probability for each text."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.invariances import sums_to, within
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Scale = Callable[[Tensor], Tensor | float]


def label_probabilities(model: Any, images: Tensor, tokens: Tensor) -> Tensor:
    """Return how probable each text is for each picture, (pictures, texts)."""
    return _logits(model, images, tokens).softmax(dim=-1)


def harness(
    answer: "Answer", images: "Tensor", tokens: "Tensor", scale: float, dim: int, seed: int
) -> "Any":
    """Return the probabilities that an answer computes with a stand-in for a CLIP."""
    import numpy as np
    import torch

    rng = np.random.default_rng(seed)
    shapes = (images[0].numel(), dim), (1009, dim), (dim,)
    look, words, centre = (torch.from_numpy(rng.standard_normal(one)).float() for one in shapes)

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logit_scale = torch.nn.Parameter(torch.tensor(float(scale)).log())

        def encode_image(self, images: "Any") -> "Any":
            return images.float().flatten(1) @ look + centre

        def encode_text(self, tokens: "Any") -> "Any":
            sums = words[tokens.long() % 1009].sum(dim=1) / 4 + 5 * centre
            return (1 + tokens.sum(dim=1, keepdim=True) % 5) * sums

        def forward(self, images: "Any", tokens: "Any") -> "Any":
            x, y = self.encode_image(images), self.encode_text(tokens)
            x, y = (rows / rows.norm(dim=-1, keepdim=True) for rows in (x, y))
            logits = self.logit_scale.exp() * x @ y.T
            return logits, logits.T

    return answer(Model(), images, tokens)


def _logits(
    model: Any,
    images: Tensor,
    tokens: Tensor,
    scale: Scale = torch.exp,
    unit: tuple[bool, bool] = (True, True),
) -> Tensor:
    """Return the logits with another scale, or with one side as the tower gives it."""
    x, y = model.encode_image(images), model.encode_text(tokens)
    x, y = (
        F.normalize(rows, dim=-1) if normal else rows
        for rows, normal in zip((x, y), unit, strict=True)
    )
    return scale(model.logit_scale) * x @ y.T


def _scaled(scale: Scale, unit: tuple[bool, bool] = (True, True)) -> Answer:
    """Return an answer that scales or normalises otherwise."""
    return lambda model, x, y: _logits(model, x, y, scale, unit).softmax(dim=-1)


def remark(answer: Answer) -> str | None:
    """Return a line on towers that run more often than they need to, or None."""
    calls: list[int] = []

    def spied(model: Any, images: Tensor, tokens: Tensor) -> Any:
        for tower in ("encode_image", "encode_text"):
            setattr(model, tower, _counted(getattr(model, tower), calls))
        return answer(model, images, tokens)

    harness(spied, torch.ones(3, 3, 2, 2), torch.tensor([[1, 2], [3, 4]]), 20, 3, 1)
    if len(calls) <= 2:
        return None
    return (
        f"For 3 pictures and 2 texts it calls a tower {len(calls)} times; 2 would do: give "
        "each tower all of its inputs, once."
    )


def _counted(tower: Callable[[Tensor], Tensor], calls: list[int]) -> Callable[[Tensor], Tensor]:
    def call(inputs: Tensor) -> Tensor:
        calls.append(len(inputs))
        return tower(inputs)

    return call


def _drawn(rng: np.random.Generator, pictures: int, texts: int, dim: int) -> tuple[Any, ...]:
    images = torch.from_numpy(rng.standard_normal((pictures, 3, 2, 3), dtype=np.float32))
    tokens = torch.from_numpy(rng.integers(1, 1000, (texts, 5)))
    scale = round(float(rng.uniform(20, 60)), 1)
    return images, tokens, scale, dim, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(7)
    return [
        shown("one picture, two texts", *_drawn(fixed, 1, 2, 3)),
        shown("two pictures, three texts", *_drawn(fixed, 2, 3, 3)),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one picture, four texts", *_drawn(rng, 1, 4, 5)),
        hidden("one picture, seven texts", *_drawn(rng, 1, 7, 3)),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two pictures, five texts", *_drawn(rng, 2, 5, 7)),
        hidden("five pictures, three texts", *_drawn(rng, 5, 3, 4)),
        hidden("as many pictures as texts", *_drawn(rng, 3, 3, 3)),
    ]


def _alone(run: Callable[..., Any], images: Tensor, *others: Any) -> bool:
    first = np.asarray(run(images[:1], *others))[0]
    return bool(np.allclose(np.asarray(run(images, *others))[0], first, atol=1e-3))


LABEL_PROBABILITIES = Question(
    number="07.1",
    function="label_probabilities",
    reference=label_probabilities,
    harness=harness,
    rtol=1e-3,
    atol=1e-3,  # float32 knows a logit near 60 to 1e-5, sums and a softmax add to that
    remark=remark,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one picture", points=1, cases=_one),
        Property(name="several pictures", points=2, cases=_several),
    ),
    mistakes=(
        Mistake(
            name="no-normalise",
            message="You multiplied vectors of any length, which makes everything sound "
            "certain, and long texts win. Divide pictures *and* texts by their lengths.",
            answer=_scaled(torch.exp, (False, False)),
            variants=(
                _scaled(lambda _: 100.0, (False, False)),
                _scaled(torch.exp, (True, False)),
                _scaled(torch.exp, (False, True)),
                _scaled(lambda _: 100.0, (True, False)),
                _scaled(lambda _: 100.0, (False, True)),
            ),
        ),
        Mistake(
            name="softmax-over-images",
            message="Your softmax runs down the pictures. Each picture shares 1 out among the "
            "texts: dim=-1.",
            answer=lambda *given: _logits(*given).softmax(dim=0),
        ),
        Mistake(
            name="scale-hard-coded",
            message="Your scale is 100, which other models have learned. Ask this one for its "
            "own: model.logit_scale.exp().",
            answer=_scaled(lambda _: 100.0),
        ),
        Mistake(
            name="log-scale-used",
            message="logit_scale is the logarithm of the scale. Take its exp().",
            answer=_scaled(lambda log_scale: log_scale),
        ),
        Mistake(
            name="no-scale",
            message="You took the softmax of the cosines themselves, which makes all texts "
            "nearly alike. Multiply by the learned scale first.",
            answer=_scaled(lambda _: 1.0),
        ),
        Mistake(
            name="no-softmax",
            message="These are logits or cosines. Their softmax over the texts makes "
            "probabilities.",
            answer=_logits,
            variants=(lambda model, x, y: _logits(model, x, y, lambda _: 1.0),),
        ),
        Mistake(
            name="transposed",
            message="Rows and columns are exchanged: a row for each picture, a column for "
            "each text. A model gives logits for pictures first.",
            answer=lambda *given: label_probabilities(*given).T,
            variants=(lambda *given: _logits(*given).T.softmax(dim=-1),),
        ),
        Mistake(
            name="first-picture-only",
            message="You returned the first picture's row alone. A row for each picture is "
            "asked for, also where there is one.",
            answer=lambda *given: label_probabilities(*given)[0],
        ),
    ),
    invariances=(
        sums_to("Each row must add up to 1; one of yours does not."),
        within("A probability lies in 0 to 1; one of yours does not.", 0, 1),
        Invariance(
            name="alone",
            message="A picture's probabilities must not depend on other pictures; yours do.",
            holds=_alone,
        ),
    ),
    left_out="A tower that runs more often than needed: no output shows it. The check counts, "
    "and takes no points.",
)
