"""Answers to 09.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from mmcourse.clip import tokenize

Hits = list[tuple[str, float]]


def _unit(vectors: Tensor) -> Tensor:
    return F.normalize(vectors, dim=-1)


def _kept(values: Tensor) -> Tensor:
    return values


def _descending(scores: Tensor) -> Tensor:
    return scores.argsort(descending=True)


def _cut(rows: Tensor, k: int) -> Tensor:
    return rows[:k]


def _hits(names: list[str], scores: Tensor, rows: list[int]) -> Any:
    return [(names[row], float(scores[row])) for row in rows]


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    unit: Callable[[Tensor], Tensor] = _unit,
    pictures: Callable[[Any], Tensor] = lambda index: index.features,
    score: Callable[[Tensor], Tensor] = _kept,
    drop: Callable[[Tensor], Tensor] = lambda table: table[0],
    rank: Callable[[Tensor], Tensor] = _descending,
    cut: Callable[[Tensor, int], Tensor] = _cut,
    pair: Callable[[list[str], Tensor, list[int]], Any] = _hits,
) -> Answer:
    """Return an answer that does each step in its own way."""

    @torch.no_grad()
    def answer(query: str, index: Any, k: int) -> Any:
        vector = unit(index.model.encode_text(tokenize([query])))  # (1, dim)
        scores = drop(score(vector @ pictures(index).T))  # (1, pictures) -> (pictures,)
        return pair(index.names, scores, cut(rank(scores), k).tolist())

    return answer


def _insisting(scores: Tensor, k: int) -> Tensor:
    return scores.topk(k).indices


def _cut_then_sorted(query: str, index: Any, k: int) -> Any:
    part = copy(index)
    part.names, part.features = index.names[:k], index.features[:k]
    return build()(query, part, k)


def _by_place(rows: Tensor, k: int) -> Tensor:
    return torch.stack([rows[place] for place in range(k)])


def _squeezed_to_a_list(query: str, index: Any, k: int) -> Hits:
    with torch.no_grad():
        vector = _unit(index.model.encode_text(tokenize([query])))
    scores = (vector @ index.features.T).squeeze().tolist()
    rows = sorted(range(len(scores)), key=lambda row: -scores[row])[:k]
    return [(index.names[row], scores[row]) for row in rows]


def _squeezed_and_paired(query: str, index: Any, k: int) -> Hits:
    with torch.no_grad():
        vector = _unit(index.model.encode_text(tokenize([query])))
    scores = (vector @ index.features.T).squeeze().tolist()
    return sorted(zip(index.names, scores, strict=False), key=lambda hit: -hit[1])[:k]


def _squeezed_and_sliced(query: str, index: Any, k: int) -> Hits:
    with torch.no_grad():
        vector = _unit(index.model.encode_text(tokenize([query])))
    scores = (vector @ index.features.T).squeeze()
    order = scores.argsort(descending=True).tolist()
    return [(index.names[row], scores[row].item()) for row in order[:k]]


MISTAKES = (
    Mistake(
        name="squeeze-one-image",
        message="squeeze() takes *every* axis of length 1 away; with one picture nothing "
        "is left to sort. Say which axis is to go: squeeze(dim=...).",
        changes={"drop": torch.squeeze},
        variants=(_squeezed_to_a_list, _squeezed_and_paired, _squeezed_and_sliced),
    ),
    Mistake(
        name="ascending-sort",
        message="The best picture does not come first: sorting goes upwards unless told "
        "otherwise. argsort(descending=True), and then cut.",
        changes={"rank": torch.argsort},
        variants=(
            {"cut": lambda rows, k: rows[:k].flip(0)},
            {"cut": lambda rows, k: rows[-k:]},
        ),
    ),
    Mistake(
        name="k-larger-than-N",
        message="You insist on k hits, and the album may hold fewer. Cut the sorted list "
        "with [:k], which stops at its end, or take min(k, pictures).",
        changes={"rank": _kept, "cut": _insisting},
        variants=({"cut": _by_place},),
    ),
    Mistake(
        name="k-ignored",
        message="You return the whole album. Cut the sorted list after k.",
        changes={"cut": lambda rows, _: rows},
    ),
    Mistake(
        name="query-not-normalised",
        message="These are dot products: the query's vector has any length. Divide it by "
        "its length; the index holds vectors of length 1.",
        changes={"unit": _kept},
    ),
    Mistake(
        name="wrong-axis",
        message="You normalised down the columns, over the texts, and there is one. A text's "
        "numbers stand in a row: dim=-1.",
        changes={"unit": lambda vector: vector / vector.norm(dim=0)},
        variants=({"unit": lambda vector: F.normalize(vector, dim=0)},),
    ),
    Mistake(
        name="times-scale",
        message="You multiplied the cosines by a scale. It changes no rank, and cosines "
        "are asked for.",
        changes={"score": lambda cosines: 100 * cosines},
        variants=({"score": lambda cosines: np.exp(3.0) * cosines},),
    ),
    Mistake(
        name="probabilities",
        message="You took a softmax over the pictures. Cosines are asked for: they mean "
        "the same whatever else is in the album.",
        changes={"score": lambda cosines: cosines.softmax(-1)},
        variants=(
            {"score": lambda cosines: (100 * cosines).softmax(-1)},
            {"score": lambda cosines: (np.exp(3.0) * cosines).softmax(-1)},
        ),
    ),
    Mistake(
        name="names-not-sorted",
        message="The cosines are sorted, the names are not. Sort row numbers with argsort, "
        "and look up name and cosine with them.",
        changes={
            "pair": lambda names, scores, rows: [
                (name, float(scores[row])) for name, row in zip(names, rows, strict=False)
            ]
        },
    ),
    Mistake(
        name="cosines-not-sorted",
        message="The names are sorted, the cosines are not. Look both up with the same row "
        "number.",
        changes={
            "pair": lambda names, scores, rows: [
                (names[row], float(score)) for row, score in zip(rows, scores, strict=False)
            ]
        },
    ),
    Mistake(
        name="not-sorted",
        message="These are the first k pictures of the album. Sort by cosine before you cut.",
        changes={"rank": lambda scores: torch.arange(len(scores))},
    ),
    Mistake(
        name="cut-before-sorted",
        message="You cut before you sorted, so only the first k pictures of the album are "
        "compared. Sort all of them by cosine, then cut.",
        answer=_cut_then_sorted,
    ),
    Mistake(
        name="rows-not-names",
        message="You return numbers of rows. Look the names up: index.names[row].",
        changes={"pair": lambda _, scores, rows: [(row, float(scores[row])) for row in rows]},
    ),
    Mistake(
        name="names-only",
        message="The cosines are missing: each hit is a pair of name and cosine.",
        changes={"pair": lambda names, _, rows: [names[row] for row in rows]},
    ),
    Mistake(
        name="pairs-exchanged",
        message="Each hit is a name and its cosine, in this order.",
        changes={
            "pair": lambda names, scores, rows: [
                (float(scores[row]), names[row]) for row in rows
            ]
        },
    ),
    Mistake(
        name="encodes-pictures",
        message="You encoded the pictures again. Their vectors are in index.features "
        "already, of length 1: encode the question alone.",
        changes={"pictures": lambda index: _unit(index.model.encode_image(index.pixels))},
        variants=({"pictures": lambda index: index.model.encode_image(index.pixels)},),
    ),
)
