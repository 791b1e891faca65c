"""Answers to 12.1, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

LARGE = 1e9
"""What stands for infinity in many an answer."""


def _queries_with_keys(queries: Tensor, keys: Tensor, _: Tensor) -> Tensor:
    return queries @ keys.mT  # (batch, words, dim) -> (batch, words, places)


def _queries_with_values(queries: Tensor, _: Tensor, values: Tensor) -> Tensor:
    return queries @ values.mT


def _by_root_of_dim(scores: Tensor, dim: int, _: int) -> Tensor:
    return scores / dim**0.5


def _hidden(scores: Tensor, mask: Tensor, low: float = float("-inf")) -> Tensor:
    return scores.masked_fill(~mask[:, None, :], low)


def _over_places(scores: Tensor, _: Tensor) -> Tensor:
    return scores.softmax(dim=-1)


def _values_mixed(shares: Tensor, _: Tensor, values: Tensor) -> Tensor:
    return shares @ values


def _keys_mixed(shares: Tensor, keys: Tensor, _: Tensor) -> Tensor:
    return shares @ keys


def build(
    *,
    compare: Callable[[Tensor, Tensor, Tensor], Tensor] = _queries_with_keys,
    scale: Callable[[Tensor, int, int], Tensor] = _by_root_of_dim,
    hide: Callable[[Tensor, Tensor], Tensor] = _hidden,
    share: Callable[[Tensor, Tensor], Tensor] = _over_places,
    mix: Callable[[Tensor, Tensor, Tensor], Tensor] = _values_mixed,
) -> Answer:
    """Return an answer that compares, scales, masks, shares or mixes in its own way."""

    def answer(queries: Tensor, keys_values: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        keys, values = keys_values
        scores = scale(compare(queries, keys, values), keys.shape[-1], values.shape[-1])
        return mix(share(hide(scores, mask), mask), keys, values)

    return answer


def _as_is(scores: Tensor, *_: object) -> Tensor:
    return scores


def _turned_round(low: float) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda scores, mask: _hidden(scores, ~mask, low)


def _shown_again(scores: Tensor, mask: Tensor) -> Tensor:
    return scores.softmax(dim=-1) * mask[:, None, :]


def _one_in_all(scores: Tensor, _: Tensor) -> Tensor:
    return scores.flatten(1).softmax(dim=-1).view_as(scores)


def _strongest(scores: Tensor, _: Tensor) -> Tensor:
    return torch.nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(scores.dtype)


def _each_divided(share: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Return an answer that divides the shares, not the scores, by the root of dim."""

    def answer(queries: Tensor, keys_values: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        keys, values = keys_values
        scores = _hidden(queries @ keys.mT, mask)
        return share(scores, mask) / keys.shape[-1] ** 0.5 @ values

    return answer


MISTAKES = (
    Mistake(
        name="hidden-too-high",
        message="The score that you give to hidden places is not low enough: those of others "
        'may be lower still. Minus infinity, float("-inf"), is below all.',
        changes={"hide": lambda scores, mask: _hidden(scores, mask, -100.0)},
    ),
    Mistake(
        name="softmax-over-queries",
        message="Your softmax runs over the words, so that words compete for a place. Each "
        "word shares itself out among the places: dim=-1 of (batch, words, places).",
        changes={"share": lambda scores, _: scores.softmax(dim=1)},
        variants=(
            {
                "share": lambda scores, _: scores.softmax(dim=1),
                "hide": lambda scores, mask: _hidden(scores, mask, -LARGE),
            },
        ),
    ),
    Mistake(
        name="softmax-over-batch",
        message="Your softmax runs over the batch: one question takes from another's picture. "
        "Share out among the places: dim=-1.",
        changes={"share": lambda scores, _: scores.softmax(dim=0)},
        variants=(
            {
                "share": lambda scores, _: scores.softmax(dim=0),
                "hide": lambda scores, mask: _hidden(scores, mask, -LARGE),
            },
        ),
    ),
    Mistake(
        name="softmax-over-all",
        message="All words of a question together have one share to give. Each word has one "
        "of its own: softmax over the places alone, dim=-1.",
        changes={"share": _one_in_all},
    ),
    Mistake(
        name="no-scale",
        message="The scores are not divided by the square root of dim, the length of a query. "
        "Dot products of long vectors are large, and softmax would look at one place alone.",
        changes={"scale": _as_is},
    ),
    Mistake(
        name="scaled-by-dim",
        message="You divided the scores by dim itself. Divide by its square root.",
        changes={"scale": lambda scores, dim, _: scores / dim},
    ),
    Mistake(
        name="scale-multiplied",
        message="You multiplied the scores by the square root of dim. Divide by it.",
        changes={"scale": lambda scores, dim, _: scores * dim**0.5},
    ),
    Mistake(
        name="scaled-by-another-size",
        message="You divided the scores by the square root of another size. It is that of a "
        "query and a key: dim, their last axis, not places, words or the values' width.",
        changes={"scale": lambda scores, _, width: scores / width**0.5},
        variants=(
            {"scale": lambda scores, *_: scores / scores.shape[-1] ** 0.5},
            {"scale": lambda scores, *_: scores / scores.shape[-2] ** 0.5},
        ),
    ),
    Mistake(
        name="scaled-after-softmax",
        message="You divided the shares by the square root of dim, so that they add up to 1 "
        "no more. Divide the scores, before softmax.",
        answer=_each_divided(_over_places),
    ),
    Mistake(
        name="keys-used-as-values",
        message="You mixed the keys. They say where to look; what is found there are the "
        "values: shares @ values.",
        changes={"mix": _keys_mixed},
    ),
    Mistake(
        name="values-used-as-keys",
        message="You compared the queries with the values. Compare them with the keys, the "
        "first of the pair; values are what is handed on.",
        changes={"compare": _queries_with_values},
        variants=({"compare": _queries_with_values, "mix": _keys_mixed},),
    ),
    Mistake(
        name="mask-ignored",
        message="Words look at places where the mask is False. Set their scores to -inf "
        "before softmax.",
        changes={"hide": _as_is},
    ),
    Mistake(
        name="mask-turned-round",
        message="You hid the places where the mask is True, and looked at the others. Here "
        "True means: may be looked at. (PyTorch has both conventions.)",
        changes={"hide": _turned_round(float("-inf"))},
        variants=({"hide": _turned_round(-LARGE)},),
    ),
    Mistake(
        name="masked-after-softmax",
        message="You set shares to 0 after softmax, so that the rest adds up to less than 1. "
        "Set the scores to -inf before it.",
        changes={"hide": _as_is, "share": _shown_again},
    ),
    Mistake(
        name="mask-as-numbers",
        message="You set the scores of hidden places to 0, or added 0 and 1: softmax makes a "
        "share of 0, too, exp(0) = 1. Only -inf gives none.",
        changes={"hide": lambda scores, mask: scores * mask[:, None, :]},
        variants=({"hide": lambda scores, mask: scores + mask[:, None, :].to(scores.dtype)},),
    ),
    Mistake(
        name="mask-along-the-wrong-axis",
        message="Your mask does not stand along the places. It is (batch, places), the scores "
        "are (batch, words, places): mask[:, None, :].",
        changes={"hide": lambda scores, mask: scores.masked_fill(~mask[:, :, None], -LARGE)},
        variants=(
            {"hide": lambda scores, mask: scores.masked_fill(~mask, -LARGE)},
            {"hide": lambda scores, mask: scores.masked_fill(~mask, float("-inf"))},
            {"hide": lambda scores, mask: scores.masked_fill(~mask[:, :, None], float("-inf"))},
        ),
    ),
    Mistake(
        name="no-softmax",
        message="You mixed the values by the scores themselves. softmax makes shares of them: "
        "none below 0, all together 1.",
        changes={"hide": lambda scores, mask: _hidden(scores, mask, 0.0), "share": _as_is},
        variants=({"share": _as_is},),
    ),
    Mistake(
        name="not-normalised",
        message="Your shares do not add up to 1 for each word. exp alone, or a sigmoid, is no "
        "softmax: divide by the sum over the places.",
        changes={"share": lambda scores, _: scores.exp()},
        variants=(
            {"share": lambda scores, _: scores.sigmoid()},
            {"hide": _as_is, "share": lambda scores, mask: scores.exp() * mask[:, None, :]},
        ),
    ),
    Mistake(
        name="strongest-alone",
        message="Each word takes the value of its best place alone. It takes something from "
        "all places, by their shares.",
        changes={"share": _strongest},
    ),
    Mistake(
        name="attention-returned",
        message="You returned the shares. Return what is found with them: shares @ values, "
        "(batch, words, width).",
        changes={"mix": lambda shares, *_: shares},
    ),
    Mistake(
        name="words-averaged",
        message="You returned one vector for a question. Each of its words has one: (batch, "
        "words, width).",
        changes={"mix": lambda shares, _, values: (shares @ values).mean(1)},
        variants=({"mix": lambda shares, _, values: (shares @ values).sum(1)},),
    ),
)
