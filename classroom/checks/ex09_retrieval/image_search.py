"""09.1: one text, and the pictures of an index, best first."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex09_retrieval.search_answers import (
    MISTAKES,
    _unit,
    build,
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


def harness(
    answer: "Answer", query: str, names: list[str], features: "Tensor", k: int, seed: int
) -> "Any":
    """Return what an answer finds in an index that has these names and features."""
    from types import SimpleNamespace

    import numpy as np
    import torch

    rng = np.random.default_rng(seed)
    dim = features.shape[1]
    words, look = (torch.from_numpy(rng.standard_normal((n, dim))).float() for n in (1009, 12))

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context_length = 77
            self.logit_scale = torch.nn.Parameter(torch.tensor(3.0))
            self.words = torch.nn.Parameter(words)

        def encode_text(self, tokens: "Any") -> "Any":
            rows = self.words[tokens.long() % 1009]
            return (rows * (tokens > 0).unsqueeze(-1)).sum(dim=1)

        def encode_image(self, images: "Any") -> "Any":
            return images.float().flatten(1) @ look

    model, pixels = Model(), torch.from_numpy(rng.random((len(names), 3, 2, 2)))
    index = SimpleNamespace(model=model, names=list(names), pixels=pixels, features=features)
    return answer(query, index, k)


def remark(answer: Answer) -> str | None:
    """Return a line on pictures that are encoded again for a query, or None."""
    read: list[int] = []

    def spied(query: str, index: Any, k: int) -> Any:
        encode = index.model.encode_image

        def counted(images: Tensor) -> Any:
            read.append(len(images))
            return encode(images)

        index.model.encode_image = counted
        return answer(query, index, k)

    harness(spied, "a cat", ["1.png", "2.png", "3.png"], torch.eye(3), 2, 1)
    if not read:
        return None
    return (
        f"For one query it encodes {sum(read)} pictures. index.features holds their vectors "
        "already: encode the query alone."
    )


WORDS = ("cat", "dog", "bird", "car", "tree", "boat", "flower", "bridge")
PLACES = ("in the snow", "on a beach", "at night", "in a forest", "by the sea")


def _drawn(rng: np.random.Generator, pictures: int, dim: int, k: int) -> tuple[Any, ...]:
    names = [f"{number:03}.png" for number in rng.permutation(1000)[:pictures]]
    features = _unit(torch.from_numpy(rng.standard_normal((pictures, dim))).float())
    query = f"a {rng.choice(WORDS)} {rng.choice(PLACES)}"
    return query, names, features, k, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(9)
    return [
        shown("the best of three", *_drawn(fixed, 3, 2, 1)),
        shown("an album of one picture", *_drawn(fixed, 1, 2, 1)),
    ]


def _best(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three of seven", *_drawn(rng, 7, 5, 3)),
        hidden("five of eleven", *_drawn(rng, 11, 3, 5)),
        hidden("as many pictures as numbers", *_drawn(rng, 4, 4, 4)),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("an album of one picture", *_drawn(rng, 1, int(rng.integers(3, 6)), 1))]


def _more(rng: np.random.Generator) -> Sequence[Case]:
    return [hidden("five wanted, three there", *_drawn(rng, 3, 4, 5))]


def _descends(run: Callable[..., Any], *arguments: Any) -> bool:
    scores = [float(score) for _, score in run(*arguments)]
    return scores == sorted(scores, reverse=True)


def _within(run: Callable[..., Any], *arguments: Any) -> bool:
    return all(abs(float(score)) < 1.001 for _, score in run(*arguments))


IMAGE_SEARCH = Question(
    number="09.1",
    function="image_search",
    reference=build(),
    harness=harness,
    told="It makes an index of these names and features, with a stand-in for a model, and "
    "asks image_search(query, index, k).",
    build=build,
    rtol=1e-4,
    atol=1e-5,
    remark=remark,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the best, best first", points=2, cases=_best),
        Property(name="one picture", points=1, cases=_one),
        Property(name="fewer than wanted", points=1, cases=_more),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="order",
            message="The cosines must go down from hit to hit; yours do not.",
            holds=_descends,
        ),
        Invariance(
            name="range",
            message="A cosine lies in −1 to 1; one of yours does not.",
            holds=_within,
        ),
    ),
    left_out="Pictures that are encoded again and not used: no output shows it; the check "
    "counts, and takes no points.",
)
