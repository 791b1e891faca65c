"""09.1: one text, and the pictures of an index, best first."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.ex09_retrieval.searches import (
    Hits,
    by_position,
    cosines,
    hits,
    hits_of_list,
    insisting,
    names_unsorted,
    squeezed,
    times,
    vector,
    worst,
)
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


def image_search(query: str, index: Any, k: int) -> Hits:
    """Return the names of the best pictures with their cosines, best first, at most k."""
    return hits(cosines(query, index), index, k)


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

        def encode_text(self, tokens: "Any") -> "Any":
            return (words[tokens.long() % 1009] * (tokens > 0).unsqueeze(-1)).sum(dim=1)

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
    features = F.normalize(
        torch.from_numpy(rng.standard_normal((pictures, dim))).float(), dim=-1
    )
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
    reference=image_search,
    harness=harness,
    rtol=1e-4,
    atol=1e-5,
    remark=remark,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the best, best first", points=2, cases=_best),
        Property(name="one picture", points=1, cases=_one),
        Property(name="fewer than wanted", points=1, cases=_more),
    ),
    mistakes=(
        Mistake(
            name="squeeze-one-image",
            message="squeeze() takes *every* axis of length 1 away; with one picture nothing "
            "is left to sort. Say which axis: squeeze(0), or take row [0].",
            answer=squeezed,
            variants=(
                lambda query, index, k: hits_of_list(
                    (F.normalize(vector(query, index), dim=-1) @ index.features.T)
                    .squeeze()
                    .tolist(),
                    index,
                    k,
                ),
            ),
        ),
        Mistake(
            name="ascending-sort",
            message="You return the pictures that fit worst: sorting goes upwards unless told "
            "otherwise. argsort(descending=True).",
            answer=worst,
            variants=(
                lambda *given: image_search(*given)[::-1],
                lambda query, index, k: image_search(query, index, len(index.names))[-k:],
            ),
        ),
        Mistake(
            name="k-larger-than-N",
            message="You insist on k hits, and the album may hold fewer. Cut the sorted list "
            "with [:k], which stops at its end, or take min(k, pictures).",
            answer=insisting,
            variants=(by_position,),
        ),
        Mistake(
            name="query-not-normalised",
            message="These are dot products: the query's vector has any length. Divide it by "
            "its length; the index holds vectors of length 1.",
            answer=lambda query, index, k: hits(
                vector(query, index)[0] @ index.features.T, index, k
            ),
        ),
        Mistake(
            name="times-scale",
            message="You multiplied the cosines by a scale. It changes no rank, and cosines "
            "are asked for.",
            answer=times(100.0),
            variants=(
                lambda query, index, k: hits(
                    cosines(query, index) * index.model.logit_scale.exp().detach(), index, k
                ),
            ),
        ),
        Mistake(
            name="names-not-sorted",
            message="The cosines are sorted, the names are not. Sort row numbers with argsort, "
            "and look up name and cosine with them.",
            answer=names_unsorted,
        ),
        Mistake(
            name="not-sorted",
            message="These are the first k pictures of the album. Sort by cosine before you "
            "cut.",
            answer=lambda query, index, k: [
                (name, float(score))
                for name, score in zip(index.names, cosines(query, index), strict=True)
            ][:k],
        ),
        Mistake(
            name="probabilities",
            message="You took a softmax over the pictures. Cosines are asked for: they mean "
            "the same whatever else is in the album.",
            answer=lambda query, index, k: hits(cosines(query, index).softmax(-1), index, k),
            variants=(
                lambda query, index, k: hits(
                    (100 * cosines(query, index)).softmax(-1), index, k
                ),
            ),
        ),
    ),
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
    left_out="encodes-database: pictures that are encoded again for every query. It is slow, "
    "and no output shows it; the check counts, and takes no points.",
)
