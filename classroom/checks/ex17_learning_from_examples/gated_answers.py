"""Answers to 17.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Pair = Callable[[Tensor, Tensor], Tensor]
Join = Callable[[Tensor, Tensor, Tensor], Tensor]
LARGE = 1e9
"""What stands for infinity in many an answer."""


def _words_with_places(words: Tensor, places: Tensor) -> Tensor:
    return words @ places.mT  # (batch, words, width) -> (batch, words, places)


def _hidden(scores: Tensor, may: Tensor) -> Tensor:
    return scores.masked_fill(~may, -torch.inf)


def _hidden_low(scores: Tensor, may: Tensor) -> Tensor:
    return scores.masked_fill(~may, -LARGE)


def _shares_hidden(words: Tensor, places: Tensor, may: Tensor, gate: Tensor) -> Tensor:
    shares = (words @ places.mT / words.shape[-1] ** 0.5).softmax(dim=-1)
    return words + gate.tanh() * (shares * may) @ places


def _nothing_for_the_blind(found: Tensor, may: Tensor) -> Tensor:
    return found.where(may.any(dim=-1, keepdim=True), torch.tensor(0.0))


def _as_found(found: Tensor, _: Tensor) -> Tensor:
    return found


def _added(words: Tensor, gate: Tensor, found: Tensor) -> Tensor:
    return words + gate * found


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`gated_look`, with steps that may be replaced."""

    compare: Pair = _words_with_places
    scale: Callable[[Tensor, int], Tensor] = lambda scores, width: scores / width**0.5
    hide: Pair = _hidden
    share: Callable[[Tensor], Tensor] = lambda scores: scores.softmax(dim=-1)
    blind: Pair = _nothing_for_the_blind
    opened: Callable[[Tensor], Tensor] = torch.tanh
    join: Join = _added

    def __call__(self, words: Tensor, places: Tensor, may: Tensor, gate: Tensor) -> Tensor:
        """Return the words with what they found, as far as the gate is open."""
        scores = self.scale(self.compare(words, places), words.shape[-1])
        found = self.share(self.hide(scores, may)) @ places
        return self.join(words, self.opened(gate), self.blind(found, may))


gated_look = Steps()
"""Words that look at places through a gate."""


MISTAKES = (
    Mistake(
        name="gate-without-tanh",
        message="You multiplied by the gate itself. tanh keeps it from -1 to 1, however far "
        "training pushes it: torch.tanh(gate).",
        changes={"opened": lambda gate: gate},
        variants=({"opened": lambda gate: gate.clamp(-1, 1)},),
    ),
    Mistake(
        name="gate-half-open",
        message="Your gate is a sigmoid, which is half open at 0. A new gate must be shut: "
        "tanh(0) is 0.",
        changes={"opened": torch.sigmoid},
    ),
    Mistake(
        name="gate-on-the-stream",
        message="Your gate multiplies the words too, so that a shut gate leaves nothing of "
        "them. It belongs to what was found alone: words + tanh(gate) · found.",
        changes={"join": lambda words, gate, found: gate * (words + found)},
    ),
    Mistake(
        name="gate-between",
        message="Your gate takes from the words what it gives to the picture. The words pass "
        "whole: words + tanh(gate) · found.",
        changes={"join": lambda words, gate, found: (1 - gate) * words + gate * found},
    ),
    Mistake(
        name="words-lost",
        message="You return what was found, without the words. Add it to them.",
        changes={"join": lambda _, gate, found: gate * found},
    ),
    Mistake(
        name="gate-left-out",
        message="Your gate decides nothing: what was found is added whole.",
        changes={"opened": torch.ones_like},
    ),
    Mistake(
        name="keys-from-the-text",
        message="Your words look at each other. Queries are the words; keys and values are "
        "the places: words @ places.mT.",
        changes={"compare": lambda words, _: words @ words.mT},
    ),
    Mistake(
        name="softmax-over-words",
        message="Your softmax runs over the words, so that they compete for a place. Each word "
        "shares itself out among the places: dim=-1.",
        changes={"share": lambda scores: scores.softmax(dim=1)},
        variants=({"share": lambda scores: scores.softmax(dim=1), "hide": _hidden_low},),
    ),
    Mistake(
        name="no-scale",
        message="The scores are not divided by the square root of width.",
        changes={"scale": lambda scores, _: scores},
    ),
    Mistake(
        name="scaled-by-width",
        message="You divided the scores by width itself. Divide by its square root.",
        changes={"scale": lambda scores, width: scores / width},
    ),
    Mistake(
        name="mask-ignored",
        message="Words look where `may` is False. Set these scores to -inf before softmax.",
        changes={"hide": lambda scores, _: scores},
    ),
    Mistake(
        name="mask-turned-round",
        message="You hid the places where `may` is True, and looked at the others.",
        changes={"hide": lambda scores, may: _hidden(scores, ~may)},
        variants=(
            {"hide": lambda scores, may: _hidden_low(scores, ~may)},
            {
                "hide": lambda scores, may: _hidden(scores, ~may),
                "blind": lambda found, _: found.nan_to_num(),
            },
        ),
    ),
    Mistake(
        name="hidden-after-softmax",
        message="You hid places after softmax: what they took is lost to those that may be "
        "seen. Hide their scores before it: -inf.",
        answer=_shares_hidden,
    ),
    Mistake(
        name="hidden-as-zero",
        message="You set hidden scores to 0, which leaves them a share: exp(0) is 1. Set them "
        "to -inf.",
        changes={"hide": lambda scores, may: scores * may},
        variants=({"hide": lambda scores, may: scores * may, "blind": _as_found},),
    ),
    Mistake(
        name="blind-words-are-nan",
        message="A word that may see nothing becomes NaN: softmax of -inf alone is 0 / 0. "
        "Such a word takes nothing; set what it found to 0.",
        changes={"blind": _as_found},
    ),
    Mistake(
        name="blind-words-see-all",
        message="A word that may see nothing takes the mean of all places: equal scores make "
        "equal shares, however low. Set what it found to 0.",
        changes={"blind": _as_found, "hide": _hidden_low},
    ),
)
