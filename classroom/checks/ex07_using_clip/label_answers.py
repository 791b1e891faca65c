"""Answers to 07.1, a right one and the mistakes that are known."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from classroom.checks.scale_mistakes import SCALE_MISTAKES

Rows = Callable[[Tensor], Tensor]


def _softmax(logits: Tensor) -> Tensor:
    return logits.softmax(dim=-1)


def _unit(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=-1)


def _raw(rows: Tensor) -> Tensor:
    return rows


def _of_all(rows: Tensor) -> Tensor:
    return rows / rows.norm()


def _by_columns(rows: Tensor) -> Tensor:
    return F.normalize(rows, dim=0)


def _parts(images: Tensor, batch: int) -> Sequence[Tensor]:
    return torch.split(images, batch)


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    pictures: Rows = _unit,
    texts: Rows = _unit,
    scale: Callable[[Tensor], Tensor | float] = torch.exp,
    each: Rows = _raw,
    finish: Callable[[Tensor], Any] = _softmax,
    parts: Callable[[Tensor, int], Sequence[Tensor]] = _parts,
    again: bool = False,
    notes: bool = False,
) -> Answer:
    """Return an answer that does each step in its own way; `each` follows every part."""

    def answer(model: Any, images: Tensor, tokens: Tensor, batch: int) -> Any:
        with torch.set_grad_enabled(notes):
            rows, y = [], None
            for part in parts(images, batch):
                if y is None or again:
                    y = texts(model.encode_text(tokens))
                x = pictures(model.encode_image(part))
                rows.append(each(scale(model.logit_scale) * x @ y.T))
            return finish(torch.cat(rows))

    return answer


MISTAKES = (
    Mistake(
        name="no-normalise",
        message="You multiplied vectors of any length, which makes everything sound "
        "certain, and long texts win. Divide pictures *and* texts by their lengths.",
        changes={"pictures": _raw, "texts": _raw},
        variants=(
            {"pictures": _raw},
            {"texts": _raw},
            {"pictures": _raw, "texts": _raw, "scale": lambda _: 100.0},
        ),
    ),
    Mistake(
        name="length-of-all",
        message="You divided by the length of a whole table. Each row is a vector of its "
        "own: norm(dim=-1, keepdim=True), or F.normalize(rows, dim=-1).",
        changes={"pictures": _of_all, "texts": _of_all},
        variants=({"pictures": _of_all}, {"texts": _of_all}),
    ),
    Mistake(
        name="wrong-axis",
        message="You gave columns length 1. Each row of a table is a vector of its own: "
        "norm(dim=-1, keepdim=True), or F.normalize(rows, dim=-1).",
        answer=build(texts=_by_columns),
        variants=(build(pictures=_by_columns), build(pictures=_by_columns, texts=_by_columns)),
    ),
    Mistake(
        name="softmax-over-images",
        message="Your softmax runs down the pictures. Each picture shares 1 out among the "
        "texts: dim=-1.",
        changes={"finish": lambda logits: logits.softmax(dim=0)},
        variants=({"each": lambda logits: logits.softmax(dim=0), "finish": _raw},),
    ),
    *SCALE_MISTAKES,
    Mistake(
        name="divided-by-scale",
        message="You divided the cosines by the scale. A scale multiplies; a temperature "
        "divides.",
        changes={"scale": lambda log_scale: 1 / log_scale.exp()},
    ),
    Mistake(
        name="no-softmax",
        message="These are logits or cosines. Their softmax over the texts makes "
        "probabilities.",
        changes={"finish": _raw},
        variants=({"finish": _raw, "scale": lambda _: 1.0},),
    ),
    Mistake(
        name="sigmoid",
        message="You took the sigmoid of each logit by itself. Among these texts one is "
        "right, so they share 1 out: softmax over the texts.",
        changes={"finish": torch.sigmoid},
    ),
    Mistake(
        name="best-text-only",
        message="You returned the best text's place. A probability for each text is asked for.",
        changes={"finish": lambda logits: logits.argmax(dim=-1)},
    ),
    Mistake(
        name="transposed",
        message="Rows and columns are exchanged: a row for each picture, a column for "
        "each text. A model gives logits for pictures first.",
        changes={"finish": lambda logits: _softmax(logits).T},
        variants=({"finish": lambda logits: logits.T.softmax(dim=-1)},),
    ),
    Mistake(
        name="first-picture-only",
        message="You returned the first picture's row alone. A row for each picture is "
        "asked for, also where there is one.",
        changes={"finish": lambda logits: _softmax(logits)[0]},
    ),
    Mistake(
        name="all-at-once",
        message="The picture tower got all pictures in one call. Give it at most `batch` "
        "at a time, and put the rows together: images.split(batch), torch.cat.",
        changes={"parts": lambda images, _: [images]},
    ),
    Mistake(
        name="so-many-parts",
        message="You cut the pictures into `batch` parts, of any size. A part holds at most "
        "`batch` pictures: images.split(batch) cuts so, images.chunk does not.",
        answer=build(parts=lambda images, batch: images.chunk(batch)),
    ),
    Mistake(
        name="rest-lost",
        message="The last pictures are missing where they do not fill a batch. The last "
        "batch may be smaller: images.split(batch) does so.",
        changes={"parts": lambda images, n: images.split(n)[: len(images) // n]},
        variants=({"parts": lambda images, n: images.split(n)[: max(1, len(images) // n)]},),
    ),
    Mistake(
        name="one-batch-only",
        message="Only one batch of pictures was answered. Collect the rows of each in a "
        "list, and return all of them: torch.cat(rows).",
        changes={"parts": lambda images, batch: images.split(batch)[:1]},
        variants=({"parts": lambda images, batch: images.split(batch)[-1:]},),
    ),
    Mistake(
        name="texts-again",
        message="The texts are encoded once more for each batch of pictures. They do not "
        "change: encode them once, before the loop.",
        changes={"again": True},
    ),
    Mistake(
        name="notes-kept",
        message="The outcome keeps notes for a backward pass that never comes, of every "
        "picture. Work inside `with torch.no_grad():`.",
        changes={"notes": True},
    ),
)
