"""07.3: a closed world gets a way out, before the softmax."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import follows_order, sums_to
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


def with_none_of_these(cosines: Tensor, scale: float, offered: int) -> Tensor:
    """Return probabilities of the offered names, and of none of them, (n, offered + 1)."""
    shares = (scale * cosines).softmax(dim=-1)
    return _joined(shares[:, :offered], shares[:, offered:].sum(dim=-1))


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


def _merged(merge: Callable[[Tensor], Tensor]) -> Answer:
    """Return an answer that makes one logit of the ways out, then takes the softmax."""

    def answer(cosines: Tensor, scale: float, offered: int) -> Tensor:
        logits = scale * cosines
        return _joined(logits[:, :offered], merge(logits[:, offered:])).softmax(dim=-1)

    return answer


def _after_softmax(cosines: Tensor, scale: float, offered: int) -> Tensor:
    shares = (scale * cosines[:, :offered]).softmax(dim=-1)
    return _joined(shares, 1 - shares.max(dim=-1).values)


def _two_softmaxes(cosines: Tensor, scale: float, offered: int) -> Tensor:
    names = (scale * cosines[:, :offered]).softmax(dim=-1)
    return _joined(names, (scale * cosines).softmax(dim=-1)[:, offered:].sum(dim=-1))


def _cosines(rng: np.random.Generator, pictures: int, prompts: int) -> Tensor:
    """Return cosines as a CLIP gives them: none far from the others."""
    return torch.from_numpy(rng.uniform(0.15, 0.4, (pictures, prompts)))


def _scale(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(8, 20)), 1)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    odds = torch.tensor([[6.0, 2.0, 1.0, 1.0]], dtype=torch.float64).log() / 10
    return [
        shown("odds of 6, 2, 1 and 1", odds, 10.0, 2),
        shown("the same, three names offered", odds, 10.0, 3),
        shown("no way out", odds, 10.0, 4),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two names, three ways out", _cosines(rng, 3, 5), _scale(rng), 2),
        hidden("three names, four ways out", _cosines(rng, 5, 7), _scale(rng), 3),
        hidden("as many pictures as prompts", _cosines(rng, 4, 4), _scale(rng), 2),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one way out", _cosines(rng, 2, 4), _scale(rng), 3),
        hidden("no way out", _cosines(rng, 2, 3), _scale(rng), 3),
    ]


def _keeps_odds(run: Callable[..., Any], cosines: Tensor, scale: float, offered: int) -> bool:
    """Return whether the offered names keep their odds among each other."""
    names = np.asarray(run(cosines, scale, offered))[:, :offered]
    right = np.exp(scale * cosines[:, :offered].numpy())
    return bool(
        np.allclose(
            names * right.sum(axis=1, keepdims=True),
            right * names.sum(axis=1, keepdims=True),
            rtol=1e-3,
        )
    )


WITH_NONE_OF_THESE = Question(
    number="07.3",
    function="with_none_of_these",
    reference=with_none_of_these,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the ways out add up", points=2, cases=_several),
        Property(name="one way out, or no one", points=1, cases=_few),
    ),
    mistakes=(
        Mistake(
            name="after-softmax",
            message="You took the softmax of the offered names alone, so that they share all "
            "of 1 before anything else has a say. Take it over all prompts.",
            answer=_after_softmax,
            variants=(_two_softmaxes,),
        ),
        Mistake(
            name="threshold-on-cosine-without-validation",
            message="You say none below a threshold. Which one fits depends on the model and "
            "the names; without validation data it is a guess. Let the ways out compete.",
            answer=_above(0.25),
            variants=(
                _above(0.2),
                _above(0.3),
                _above(0.5),
                _above(0.5, of_probability=True),
                _above(0.6, of_probability=True),
                _above(0.7, of_probability=True),
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
            answer=_merged(lambda ways: ways.max(dim=-1).values),
            variants=(
                lambda cosines, scale, offered: _joined(
                    (scale * cosines).softmax(dim=-1)[:, :offered],
                    (scale * cosines).softmax(dim=-1)[:, offered:].max(dim=-1).values,
                ),
            ),
        ),
        Mistake(
            name="no-scale",
            message="You took the softmax of the cosines themselves. Multiply by the scale "
            "first.",
            answer=lambda cosines, _, offered: with_none_of_these(cosines, 1.0, offered),
        ),
        Mistake(
            name="none-first",
            message="The probability of none stands first. It is the last column.",
            answer=lambda *given: with_none_of_these(*given).roll(1, dims=1),
        ),
        Mistake(
            name="not-added-up",
            message="The ways out still have a column each. Add them up, to one column: none "
            "of these.",
            answer=lambda cosines, scale, _: (scale * cosines).softmax(dim=-1),
        ),
        Mistake(
            name="none-left-out",
            message="The column for none of these is missing. It is the last one, and the "
            "row adds up to 1 with it.",
            answer=lambda *given: with_none_of_these(*given)[:, :-1],
        ),
    ),
    invariances=(
        sums_to("Each row must add up to 1; one of yours does not."),
        follows_order("Turning the pictures round must turn the rows round."),
        Invariance(
            name="odds",
            message="A way out takes from all names alike: their odds among each other must "
            "stay what the cosines say.",
            holds=_keeps_odds,
        ),
    ),
    left_out="A threshold of any other height: its output is that of no known answer, and it "
    "fails without being named.",
)
