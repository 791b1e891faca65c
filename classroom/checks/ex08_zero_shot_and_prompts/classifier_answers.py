"""Answers to 08.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import (
    Answer,
    Mistake,
)
from mmcourse.clip import tokenize

Rows = Callable[[Tensor], Tensor]


def _prompts(names: list[str], templates: list[str]) -> list[str]:
    return [template.format(name) for name in names for template in templates]


def _unit(vectors: Tensor) -> Tensor:
    return F.normalize(vectors, dim=-1)


def _raw(vectors: Tensor) -> Tensor:
    return vectors


def _mean(vectors: Tensor) -> Tensor:
    return vectors.mean(dim=1)


def build(
    *,
    write: Callable[[list[str], list[str]], list[str]] = _prompts,
    each: Rows = _unit,
    merge: Rows = _mean,
    last: Rows = _unit,
    finish: Rows = torch.t,
) -> Answer:
    """Return an answer that does each step in its own way: one column a name."""

    def answer(model: Any, names: list[str], templates: list[str]) -> Tensor:
        features = model.encode_text(tokenize(write(names, templates)))
        table = features.reshape(len(names), -1, features.shape[1])
        return finish(last(merge(each(table))))  # (classes, templates, dim) -> (dim, classes)

    return answer


MISTAKES = (
    Mistake(
        name="mean-without-renormalise",
        message="The mean of vectors of length 1 is shorter than 1, and how much differs "
        "from name to name. Bring it to length 1 again.",
        changes={"last": _raw},
    ),
    Mistake(
        name="mean-of-raw",
        message="You averaged the vectors as they came, so that a long one counts more. "
        "Bring every prompt's vector to length 1 before the mean, too.",
        changes={"each": _raw},
    ),
    Mistake(
        name="not-normalised",
        message="Nothing was brought to length 1: neither each prompt's vector, nor the "
        "mean over a name's templates.",
        changes={"each": _raw, "last": _raw},
    ),
    Mistake(
        name="sum-not-mean",
        message="You added the vectors of a name up, and left the sum as long as it is. "
        "Bring it to length 1 again.",
        changes={"merge": lambda table: table.sum(dim=1), "last": _raw},
    ),
    Mistake(
        name="length-of-all",
        message="norm() without an axis is the length of the whole table. Each name is a "
        "vector of its own: norm(dim=-1, keepdim=True), or F.normalize(rows, dim=-1).",
        changes={"last": lambda rows: rows / rows.norm()},
    ),
    Mistake(
        name="normalised-across-templates",
        message="You normalised over a name's templates. A prompt is a vector of dim "
        "numbers: normalise along these, dim=-1.",
        changes={"each": lambda table: F.normalize(table, dim=1)},
    ),
    Mistake(
        name="template-not-formatted",
        message="A name did not take the place of {} in your prompts. "
        "template.format(name) puts it there.",
        changes={"write": lambda names, templates: templates * len(names)},
        variants=(
            {"write": lambda names, templates: [t + n for n in names for t in templates]},
            {"write": lambda names, templates: [f"{t} {n}" for n in names for t in templates]},
        ),
    ),
    Mistake(
        name="bare-names",
        message="You encoded the names alone. Each goes into every template.",
        changes={"write": lambda names, templates: [n for n in names for _ in templates]},
    ),
    Mistake(
        name="first-template-only",
        message="Only one template was used. Use all of them for each name, and take "
        "their mean.",
        changes={"write": lambda names, templates: _prompts(names, templates[:1])},
        variants=({"write": lambda names, templates: _prompts(names, templates[-1:])},),
    ),
    Mistake(
        name="names-mixed-up",
        message="You averaged prompts of different names. If the list runs through all "
        "names for each template, reshape it to (templates, classes, dim).",
        changes={
            "write": lambda names, templates: [t.format(n) for t in templates for n in names]
        },
    ),
    Mistake(
        name="wrong-axis",
        message="You averaged over the names, so all classes became one. Average over "
        "the templates of each name.",
        changes={"merge": lambda table: table.mean(dim=0)},
        variants=({"merge": lambda table: table.mean(dim=(0, 1)), "finish": _raw},),
    ),
    Mistake(
        name="normalised-across-names",
        message="You divided each of the dim numbers by its length over the names. A name "
        "is a vector: normalise along dim.",
        changes={"last": lambda rows: F.normalize(rows, dim=0)},
        variants=(
            {
                "each": lambda table: F.normalize(table, dim=0),
                "last": lambda rows: F.normalize(rows, dim=0),
            },
        ),
    ),
    Mistake(
        name="transposed",
        message="Names stand in rows. Pictures are multiplied from the left, so each name "
        "is a column: (dim, classes).",
        changes={"finish": _raw},
    ),
)
