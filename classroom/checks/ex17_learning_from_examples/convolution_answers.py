"""Answers to 17.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Shift = Callable[[Tensor, int, int], Tensor]


def _earlier(x: Tensor, back: int, _: int = 0) -> Tensor:
    """Return at each token the one `back` before it, zeros where there is none."""
    shifted = torch.zeros_like(x)
    shifted[:, back:] = x[:, : max(0, x.shape[1] - back)]
    return shifted


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`short_convolution`, with steps that may be replaced."""

    shift: Shift = _earlier
    weigh: Callable[[Tensor], Tensor] = lambda taps: taps
    join: Callable[[Tensor, Tensor, int], Tensor] = lambda x, mixed, _: x + mixed

    def __call__(self, x: Tensor, taps: Tensor) -> Tensor:
        """Return each token with a mix of itself and those before it."""
        weights = self.weigh(taps)
        mixed = torch.zeros_like(x)
        for back in range(len(taps)):
            mixed = mixed + weights[back] * self.shift(x, back, len(taps))
        return self.join(x, mixed, len(taps))


short_convolution = Steps()
"""Each token with a mix of itself and those before it."""


def _rolled(x: Tensor, back: int, _: int) -> Tensor:
    return x.roll(back, dims=1)


def _edge_repeated(x: Tensor, back: int, _: int) -> Tensor:
    return x[:, (torch.arange(x.shape[1]) - back).clamp(min=0)]


def _within_tokens(x: Tensor, back: int, _: int) -> Tensor:
    return _earlier(x.mT, back).mT


def _over_documents(x: Tensor, back: int, _: int) -> Tensor:
    return _earlier(x.transpose(0, 1), back).transpose(0, 1)


def _ahead(x: Tensor, back: int, _: int) -> Tensor:
    return _earlier(x.flip(1), back).flip(1)


def _centred(x: Tensor, back: int, taps: int) -> Tensor:
    away = back - taps // 2
    return _earlier(x, away) if away >= 0 else _ahead(x, -away, taps)


def _centred_low(x: Tensor, back: int, taps: int) -> Tensor:
    return _centred(x, back, taps - 1)


def _complete_alone(x: Tensor, mixed: Tensor, taps: int) -> Tensor:
    complete = (torch.arange(x.shape[1]) >= taps - 1)[:, None]
    return x + mixed.where(complete, torch.tensor(0.0))


def _mixed_already(x: Tensor, taps: Tensor) -> Tensor:
    out = (1 + taps[0]) * x
    for token in range(x.shape[1]):
        for back in range(1, min(len(taps), token + 1)):
            out[:, token] = out[:, token] + taps[back] * out[:, token - back]
    return out


def _tap_by_tap(x: Tensor, taps: Tensor) -> Tensor:
    for back, tap in enumerate(taps):
        x = x + tap * _earlier(x, back)
    return x


MISTAKES = (
    Mistake(
        name="sees-ahead",
        message="Your tokens get a mix of later ones, which is what the model is to guess. "
        "Tap j takes the token j places before.",
        changes={"shift": _ahead},
    ),
    Mistake(
        name="weights-turned-round",
        message="Your weights are turned round: taps[0] is for the token itself, taps[1] for "
        "the one before. (conv1d has them the other way: flip them for it.)",
        changes={"weigh": lambda taps: taps.flip(0)},
    ),
    Mistake(
        name="padded-at-the-wrong-end",
        message="The zeros stand at the wrong end: each token is mixed with later ones, and "
        "its weights are turned round. They stand before the first token.",
        changes={"shift": _ahead, "weigh": lambda taps: taps.flip(0)},
    ),
    Mistake(
        name="padded-at-both-ends",
        message="You put zeros at both ends, so that each token stands in the middle of its "
        "mix and sees later ones. All of them stand before the first token.",
        changes={"shift": _centred},
        variants=({"shift": _centred_low},),
    ),
    Mistake(
        name="one-too-far",
        message="You begin with the token before: taps[0] is for the token itself.",
        changes={"shift": lambda x, back, _: _earlier(x, back + 1)},
    ),
    Mistake(
        name="itself-left-out",
        message="taps[0] plays no part: it mixes in the token itself, besides what passes.",
        changes={"weigh": lambda taps: torch.cat([0 * taps[:1], taps[1:]])},
    ),
    Mistake(
        name="tokens-lost",
        message="You return the mix alone. Add it to the tokens, x + mix.",
        changes={"join": lambda _, mixed, __: mixed},
    ),
    Mistake(
        name="goes-round",
        message="The first tokens get a mix of the last ones: roll brings them round. Before "
        "the first token there are zeros.",
        changes={"shift": _rolled},
    ),
    Mistake(
        name="first-repeated",
        message="You repeated the first token where there is none. Zeros stand there.",
        changes={"shift": _edge_repeated},
    ),
    Mistake(
        name="complete-ones-alone",
        message="The first tokens stay unmixed, because they have fewer before them than there "
        "are taps. They mix those that there are.",
        changes={"join": _complete_alone},
        variants=({"join": lambda x, mixed, taps: (x + mixed)[:, taps - 1 :]},),
    ),
    Mistake(
        name="one-weight-for-all",
        message="All numbers of a token have the same weight with you. taps[j] is a row: each "
        "number has one of its own.",
        changes={"weigh": lambda taps: taps[:, :1].expand_as(taps)},
        variants=({"weigh": lambda taps: taps.mean(dim=1, keepdim=True).expand_as(taps)},),
    ),
    Mistake(
        name="within-a-token",
        message="You shifted numbers within a token. Shift tokens: axis 1.",
        changes={"shift": _within_tokens},
    ),
    Mistake(
        name="between-documents",
        message="You mixed a document with the one before it in the batch. Shift tokens: "
        "axis 1.",
        changes={"shift": _over_documents},
    ),
    Mistake(
        name="averaged",
        message="You divided by the number of taps. The weights say all: add up.",
        changes={"join": lambda x, mixed, taps: x + mixed / taps},
    ),
    Mistake(
        name="mixed-already",
        message="You mix tokens that were mixed already: each tap must take those that came "
        "in, x, not what you have made of them.",
        answer=_mixed_already,
        variants=(_tap_by_tap,),
    ),
)
