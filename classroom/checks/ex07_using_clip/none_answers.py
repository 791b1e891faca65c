"""Answers to 07.3, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor

from classroom.checks.question import (
    Answer,
    Mistake,
)

Rows = Callable[[Tensor], Tensor]


def _softmax(logits: Tensor) -> Tensor:
    return logits.softmax(dim=-1)


def _softmax_of_powers(logits: Tensor) -> Tensor:
    odds = logits.exp()
    return odds / odds.sum(dim=-1, keepdim=True)


def _sum(shares: Tensor) -> Tensor:
    return shares.sum(dim=-1, keepdim=True)


def build(
    *,
    scaled: Callable[[Tensor, float], Tensor] = torch.mul,
    shares: Rows = _softmax,
    ways: Rows = _sum,
    columns: Callable[[Tensor, Tensor], list[Tensor]] = lambda names, none: [names, none],
) -> Answer:
    """Return an answer that scales, shares out, merges or sets columns in its own way."""

    def answer(cosines: Tensor, scale: float, offered: int) -> Tensor:
        all_of_them = shares(scaled(cosines, scale))
        names, others = all_of_them[:, :offered], all_of_them[:, offered:]
        return torch.cat(columns(names, ways(others)), dim=-1)

    return answer


def _joined(names: Tensor, none: Tensor) -> Tensor:
    return torch.cat([names, none[:, None].to(names.dtype)], dim=-1)


def _above(threshold: float, *, of_probability: bool = False) -> Answer:
    """Return an answer that says none where the best name stays below a threshold."""

    def answer(cosines: Tensor, scale: float, offered: int) -> Tensor:
        names = cosines[:, :offered]
        shares = (scale * names).softmax(dim=-1)
        best = (shares if of_probability else names).max(dim=-1).values
        none = best < threshold
        return _joined(shares * ~none[:, None], none)

    return answer


def _merged(merge: Rows) -> Answer:
    """Return an answer that makes one logit of the ways out, then takes the softmax."""

    def answer(cosines: Tensor, scale: float, offered: int) -> Tensor:
        logits = scale * cosines
        return _joined(logits[:, :offered], merge(logits[:, offered:])).softmax(dim=-1)

    return answer


def _alone(none: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Return an answer that shares 1 out among the offered alone; then comes what is left."""

    def answer(cosines: Tensor, scale: float, offered: int) -> Tensor:
        logits = scale * cosines
        names = logits[:, :offered].softmax(dim=-1)
        return _joined(names, none(names, logits[:, offered:]))

    return answer


def _no_column(cosines: Tensor, scale: float, offered: int) -> Tensor:
    """Leave the last column out where there is no way out."""
    if offered == cosines.shape[1]:
        return (scale * cosines).softmax(dim=-1)
    return build()(cosines, scale, offered)


MISTAKES = (
    Mistake(
        name="after-softmax",
        message="You took the softmax of the offered names alone, so that they share all "
        "of 1 before anything else has a say. Take it over all prompts.",
        answer=_alone(lambda names, _: 1 - names.max(dim=-1).values),
        variants=(
            _alone(lambda names, _: 1 - names.sum(dim=-1)),
            _alone(lambda _, ways: ways.softmax(dim=-1).sum(dim=-1)),
            lambda cosines, scale, offered: _alone(
                lambda *_: (scale * cosines).softmax(dim=-1)[:, offered:].sum(dim=-1)
            )(cosines, scale, offered),
            lambda cosines, scale, offered: (scale * cosines[:, :offered]).softmax(dim=-1),
        ),
    ),
    Mistake(
        name="threshold-on-cosine-without-validation",
        message="You say none below a threshold. Which one fits depends on the model and "
        "the names; without validation data it is a guess. Let the ways out compete.",
        answer=_above(0.25),
        variants=(
            *(_above(one) for one in (0.2, 0.3, 0.5)),
            *(_above(one, of_probability=True) for one in (0.5, 0.6, 0.7, 0.8, 0.9)),
        ),
    ),
    Mistake(
        name="summed-logits",
        message="You added the logits of the ways out up before the softmax. "
        "Probabilities add up, logits do not: softmax first, then the sum.",
        answer=_merged(lambda ways: ways.sum(dim=-1)),
    ),
    Mistake(
        name="mean-logit",
        message="You took the mean of the ways out before the softmax, as if there were "
        "one. Each has its own probability; add these up.",
        answer=_merged(lambda ways: ways.mean(dim=-1)),
    ),
    Mistake(
        name="best-way-out-only",
        message="Only the best way out counts in your answer. Add up the probabilities of "
        "all of them.",
        answer=_merged(
            lambda ways: ways.max(dim=-1).values if ways.shape[1] else ways.sum(dim=-1)
        ),
        variants=(
            _merged(lambda ways: ways.max(dim=-1).values),
            {"ways": lambda shares: shares.max(dim=-1, keepdim=True).values},
            {"ways": lambda x: x.max(-1, keepdim=True).values if x.shape[1] else _sum(x)},
        ),
    ),
    Mistake(
        name="mean-probability",
        message="You took the mean of the probabilities of the ways out. Add them up: the "
        "row must add up to 1.",
        changes={"ways": lambda shares: shares.mean(dim=-1, keepdim=True)},
        variants=({"ways": lambda x: x.mean(-1, keepdim=True) if x.shape[1] else _sum(x)},),
    ),
    Mistake(
        name="first-way-out-only",
        message="Only one way out counts in your answer. Add up the probabilities of all "
        "of them.",
        changes={"ways": lambda shares: shares[:, :1]},
        variants=({"ways": lambda shares: shares[:, -1:]},),
    ),
    Mistake(
        name="no-scale",
        message="You took the softmax of the cosines themselves. Multiply by the scale first.",
        changes={"scaled": lambda cosines, _: cosines},
    ),
    Mistake(
        name="divided-by-scale",
        message="You divided the cosines by the scale. A scale multiplies.",
        changes={"scaled": torch.div},
    ),
    Mistake(
        name="scale-hard-coded",
        message="Your scale is 100, whatever is given. Multiply by `scale`.",
        changes={"scaled": lambda cosines, _: 100 * cosines},
    ),
    Mistake(
        name="overflow",
        message="e to the power of a logit near 100 is more than float32 holds: inf / inf "
        "is NaN. softmax avoids that, since it takes the largest logit off first.",
        changes={"shares": _softmax_of_powers},
    ),
    Mistake(
        name="softmax-over-images",
        message="Your softmax runs down the pictures. Each picture shares 1 out among the "
        "prompts: dim=-1.",
        changes={"shares": lambda logits: logits.softmax(dim=0)},
    ),
    Mistake(
        name="no-softmax",
        message="These are cosines or logits. Their softmax over all prompts makes "
        "probabilities, and those may be added up.",
        changes={"shares": lambda logits: logits},
    ),
    Mistake(
        name="none-first",
        message="The probability of none stands first. It is the last column.",
        changes={"columns": lambda names, none: [none, names]},
    ),
    Mistake(
        name="not-added-up",
        message="The ways out still have a column each. Add them up, to one column: none "
        "of these.",
        changes={"ways": lambda shares: shares},
    ),
    Mistake(
        name="no-column-without-ways-out",
        message="Without ways out your last column is missing. It stays, and is 0: a row has "
        "offered + 1 numbers, always.",
        answer=_no_column,
    ),
    Mistake(
        name="none-left-out",
        message="The column for none of these is missing. It is the last one, and the "
        "row adds up to 1 with it.",
        changes={"columns": lambda names, _: [names]},
    ),
)
