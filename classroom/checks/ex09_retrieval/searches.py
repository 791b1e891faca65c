"""Answers to 09.1, most of them wrong, from a text's vector to names and scores."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer
from mmcourse.clip import tokenize

Hits = list[tuple[str, float]]


def vector(text: str, index: Any) -> Tensor:
    """Return a text's vector as the tower gives it, (1, dim)."""
    with torch.no_grad():
        features: Tensor = index.model.encode_text(tokenize([text]))
    return features


def cosines(query: str, index: Any) -> Tensor:
    """Return the cosine of a text with each picture, (pictures,)."""
    return F.normalize(vector(query, index), dim=-1)[0] @ index.features.T


def hits(scores: Tensor, index: Any, k: int) -> Hits:
    """Return names and scores of the k largest, fewer where there are fewer."""
    rows = scores.argsort(descending=True)[:k].tolist()
    return [(index.names[row], float(scores[row])) for row in rows]


def squeezed(query: str, index: Any, k: int) -> Hits:
    """Drop every axis of length 1, as code you will meet does."""
    features = F.normalize(vector(query, index), dim=-1)
    similarities = (features @ index.features.T).squeeze()
    return hits(similarities, index, k)


def worst(query: str, index: Any, k: int) -> Hits:
    """Return those that fit worst."""
    scores = cosines(query, index)
    rows = scores.argsort()[:k].tolist()
    return [(index.names[row], float(scores[row])) for row in rows]


def insisting(query: str, index: Any, k: int) -> Hits:
    """Return k, or raise where there are fewer."""
    scores = cosines(query, index)
    best = scores.topk(k)
    return [(index.names[i], float(s)) for s, i in zip(*best, strict=True)]


def by_position(query: str, index: Any, k: int) -> Hits:
    """Return k by their places, or raise where there are fewer."""
    scores = cosines(query, index)
    order = scores.argsort(descending=True)
    return [(index.names[order[place]], float(scores[order[place]])) for place in range(k)]


def names_unsorted(query: str, index: Any, k: int) -> Hits:
    """Sort the scores and not the names."""
    scores = cosines(query, index).sort(descending=True).values[:k]
    return [(name, float(score)) for name, score in zip(index.names, scores, strict=False)]


def times(scale: float) -> Answer:
    """Return an answer whose scores are scaled."""
    return lambda query, index, k: hits(scale * cosines(query, index), index, k)


def hits_of_list(scores: Any, index: Any, k: int) -> Hits:
    """Return the best of a list of scores."""
    rows = sorted(range(len(scores)), key=lambda row: -scores[row])[:k]
    return [(index.names[row], scores[row]) for row in rows]
