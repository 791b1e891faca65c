"""17.3: each token gets a mix of itself and those just before it, and none of a later one.

Leaves out what it is for: attention finds what came after a word only if each token knows what
came before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

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

Asked = tuple[Tensor, Tensor]


def _drawn(rng: np.random.Generator, batch: int, tokens: int, width: int, taps: int) -> Asked:
    x, weights = rng.standard_normal((batch, tokens, width)), rng.standard_normal((taps, width))
    return torch.from_numpy(x).float(), torch.from_numpy(weights).float()


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    row = torch.tensor([[[1.0], [2.0], [3.0]]])
    return [
        shown("ten times the token before", row, torch.tensor([[0.0], [10.0]])),
        shown("ten times itself", row, torch.tensor([[10.0]])),
        shown("a hundred times the second before", row, torch.tensor([[0.0], [0.0], [100.0]])),
    ]


def _mixes(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven tokens, four taps", *_drawn(rng, 2, 7, 5, 4)),
        hidden("nine tokens, three taps", *_drawn(rng, 3, 9, 4, 3)),
        hidden("one number a token", *_drawn(rng, 2, 6, 1, 2)),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five of everything", *_drawn(rng, 5, 5, 5, 5)),
        hidden("as many tokens as numbers", *_drawn(rng, 2, 6, 6, 4)),
    ]


def _short(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("fewer tokens than taps", *_drawn(rng, 3, 2, 4, 5)),
        hidden("one token", *_drawn(rng, 2, 1, 3, 4)),
        hidden("one tap", *_drawn(rng, 2, 4, 3, 1)),
    ]


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


def _no_later_one(run: Callable[..., Any], x: Tensor, taps: Tensor) -> bool:
    """Return whether tokens stay as they are when later ones change."""
    for token in range(1, x.shape[1]):
        other = x.clone()
        other[:, token:] += 5
        mine, again = np.asarray(run(x, taps)), np.asarray(run(other, taps))
        if not np.allclose(mine[:, :token], again[:, :token], rtol=1e-3, atol=1e-3):
            return False
    return True


def _each_number(run: Callable[..., Any], x: Tensor, taps: Tensor) -> bool:
    """Return whether a number of a token depends on the same number of others alone."""
    alone = [run(x[:, :, n : n + 1], taps[:, n : n + 1]) for n in range(x.shape[2])]
    return bool(np.allclose(run(x, taps), np.concatenate(alone, 2), rtol=1e-3, atol=1e-3))


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
)


SHORT_CONVOLUTION = Question(
    number="17.3",
    function="short_convolution",
    reference=short_convolution,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="itself and those before", points=2, cases=_mixes),
        Property(name="as many tokens as numbers", points=1, cases=_sides),
        Property(name="short documents, one tap", points=1, cases=_short),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="later",
            message="What comes later must not change a token; with yours it does.",
            holds=_no_later_one,
        ),
        Invariance(
            name="numbers",
            message="Each number of a token must depend on the same number of others alone; "
            "with yours it does not.",
            holds=_each_number,
        ),
    ),
)
