"""07.1: from a model, pictures and texts to a probability for each text, batch by batch.

Beside the numbers it is measured what no number shows, and what stops a program on many
pictures: how many of them the tower gets at once, how often texts are read, and whether notes
for a backward pass are kept.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex07_using_clip.label_answers import (
    MISTAKES,
    build,
)
from classroom.checks.invariances import of_item, sums_to, within
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def harness(  # noqa: PLR0913 - what a stand-in is made of
    answer: "Answer",
    images: "Tensor",
    tokens: "Tensor",
    batch: int,
    scale: float,
    dim: int,
    seed: int,
) -> "Any":
    """Return the probabilities of an answer, and how it used a stand-in for a CLIP."""
    import numpy as np
    import torch

    rng = np.random.default_rng(seed)
    shapes = (images[0].numel(), dim), (1009, dim), (dim,)
    look, words, centre = (torch.from_numpy(rng.standard_normal(one)).float() for one in shapes)
    seen, read = [0], [0]

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logit_scale = torch.nn.Parameter(torch.tensor(float(scale)).log())
            self.look, self.words = torch.nn.Parameter(look), torch.nn.Parameter(words)

        def encode_image(self, images: "Any") -> "Any":
            seen.append(len(images))
            return images.float().flatten(1) @ self.look + centre

        def encode_text(self, tokens: "Any") -> "Any":
            read.append(len(tokens))
            sums = self.words[tokens.long() % 1009].sum(dim=1) / 4 + 5 * centre
            return (1 + tokens.sum(dim=1, keepdim=True) % 5) * sums

        def forward(self, images: "Any", tokens: "Any") -> "Any":
            x, y = self.encode_image(images), self.encode_text(tokens)
            x, y = (rows / rows.norm(dim=-1, keepdim=True) for rows in (x, y))
            logits = self.logit_scale.exp() * x @ y.T
            return logits, logits.T

    found = answer(Model(), images, tokens, batch)
    return [found, max(seen), sum(read), bool(getattr(found, "requires_grad", False))]


def measure(outcome: Any, _: Any, tokens: Any, batch: int, *__: Any) -> list[Any]:
    """Return the probabilities, and in words whether memory and time were saved."""
    found, seen, read, notes = outcome
    return [
        found,
        "at most a batch at once" if seen <= batch else "more than a batch at once",
        "each text read once" if read <= len(tokens) else "texts read again",
        "notes for a backward pass" if notes else "no notes",
    ]


def _drawn(
    rng: np.random.Generator, pictures: int, texts: int, dim: int, batch: int
) -> tuple[Any, ...]:
    images = torch.from_numpy(rng.standard_normal((pictures, 3, 2, 3), dtype=np.float32))
    tokens = torch.from_numpy(rng.integers(1, 1000, (texts, 5)))
    scale = round(float(rng.uniform(20, 60)), 1)
    return images, tokens, batch, scale, dim, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(7)
    return [
        shown("one picture, two texts", *_drawn(fixed, 1, 2, 3, 1)),
        shown("two pictures, three texts", *_drawn(fixed, 2, 3, 3, 2)),
        shown("five pictures, two at a time", *_drawn(fixed, 5, 3, 3, 2)),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one picture, four texts", *_drawn(rng, 1, 4, 5, 3)),
        hidden("one picture, seven texts", *_drawn(rng, 1, 7, 3, 1)),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two pictures, five texts", *_drawn(rng, 2, 5, 7, 8)),
        hidden("five pictures, three texts", *_drawn(rng, 5, 3, 4, 5)),
        hidden("as many pictures as texts", *_drawn(rng, 3, 3, 3, 4)),
    ]


def _many(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("eleven pictures, four at a time", *_drawn(rng, 11, 3, 5, 4)),
        hidden("six pictures, two at a time", *_drawn(rng, 6, 5, 4, 2)),
    ]


def _alone(run: Callable[..., Any], images: Tensor, *others: Any) -> bool:
    first = np.asarray(run(images[:1], *others)[0])[0]
    return bool(np.allclose(np.asarray(run(images, *others)[0])[0], first, atol=1e-3))


LABEL_PROBABILITIES = Question(
    number="07.1",
    function="label_probabilities",
    reference=build(),
    harness=harness,
    measure=measure,
    build=build,
    rtol=1e-3,
    atol=1e-3,  # float32 knows a logit near 60 to 1e-5, sums and a softmax add to that
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one picture", points=1, cases=_one),
        Property(name="several pictures", points=1, cases=_several),
        Property(name="a batch at a time", points=1, cases=_many),
    ),
    mistakes=MISTAKES,
    invariances=(
        of_item(0, sums_to("Each row must add up to 1; one of yours does not.")),
        of_item(0, within("A probability lies in 0 to 1; one of yours does not.", 0, 1)),
        Invariance(
            name="alone",
            message="A picture's probabilities must not depend on other pictures; yours do.",
            holds=_alone,
        ),
    ),
)
