"""17.1: words look at pictures through a gate that is shut at first.

Leaves out projections, heads, and the gated layer that thinks about what was found.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex17_learning_from_examples.gated_answers import (
    MISTAKES,
    Steps,
    gated_look,
)
from classroom.checks.invariances import TOLERANCE, finite
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Looking = tuple[Tensor, Tensor, Tensor, Tensor]


def _normal(rng: np.random.Generator, *shape: int) -> Tensor:
    return torch.from_numpy(rng.standard_normal(shape)).float()


def _drawn(
    rng: np.random.Generator, batch: int, words: int, places: int, width: int, blind: int = 0
) -> Looking:
    """Return words of which the first `blind` may see nothing, and the others not all."""
    may = torch.from_numpy(rng.random((batch, words, places)) < 0.5)
    may[:, :, 0] |= ~may.any(dim=-1)  # each sees something,
    may[:, :, -1] &= ~may.all(dim=-1)  # and none sees everything
    may[:, :blind] = False
    gate = float(rng.choice([-1, 1])) * float(rng.uniform(0.5, 1.8))
    asked = 1.3 * _normal(rng, batch, words, width), 1.5 * _normal(rng, batch, places, width)
    return *asked, may, torch.tensor(gate)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    word, both = torch.tensor([[[1.0, 0.0]]]), torch.ones(1, 1, 2, dtype=torch.bool)
    pair, gate = torch.tensor([[[2.0, 0.0], [2.0, 4.0]]]), torch.tensor(0.5)
    return [
        shown("the gate is shut", word, pair, both, torch.tensor(0.0)),
        shown("a little open", word, pair, both, gate),
        shown("the first place is hidden", word, pair, torch.tensor([[[False, True]]]), gate),
        shown("nothing may be seen", word, pair, ~both, gate),
    ]


def _opens(rng: np.random.Generator) -> Sequence[Case]:
    shut, open_wide = _drawn(rng, 2, 4, 3, 5)[:3], _drawn(rng, 2, 3, 4, 5)[:3]
    return [
        hidden("three words, five places", *_drawn(rng, 2, 3, 5, 4)),
        hidden("five words, three places", *_drawn(rng, 3, 5, 3, 6)),
        hidden("a gate that is shut", *shut, torch.tensor(0.0)),
        hidden("a gate far open", *open_wide, torch.tensor(rng.uniform(2, 5))),
    ]


def _sides(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("as many words as places", *_drawn(rng, 3, 5, 5, 2)),
        hidden("four of everything", *_drawn(rng, 4, 4, 4, 4)),
    ]


def _blind(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two words before the first picture", *_drawn(rng, 2, 5, 4, 3, blind=2)),
        hidden("nobody sees anything", *_drawn(rng, 3, 2, 5, 4, blind=2)),
        hidden("one word that sees nothing", *_drawn(rng, 1, 3, 2, 6, blind=1)),
    ]


def _shut(run: Callable[..., Any], words: Tensor, places: Tensor, may: Tensor, _: Any) -> bool:
    return bool(np.array_equal(run(words, places, may, torch.tensor(0.0)), words))


def _unseen(run: Callable[..., Any], *asked: Tensor) -> bool:
    """Return whether other places change only the words that may see them."""
    words, places, may, gate = asked
    for place in range(places.shape[1]):
        other = places.clone()
        other[:, place] += 7
        moved = ~np.isclose(run(words, places, may, gate), run(words, other, may, gate))
        if (moved.any(axis=-1) & ~may[:, :, place].numpy()).any():
            return False
    return True


def _mirrored(run: Callable[..., Any], words: Tensor, *rest: Tensor) -> bool:
    places, may, gate = rest
    both = np.asarray(run(words, places, may, gate)) + run(words, places, may, -gate)
    return bool(np.allclose(both, 2 * words, rtol=TOLERANCE, atol=TOLERANCE))


GATED_LOOK = Question(
    number="17.1",
    function="gated_look",
    reference=gated_look,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="through the gate", points=2, cases=_opens),
        Property(name="as many words as places", points=1, cases=_sides),
        Property(name="words that may see nothing", points=1, cases=_blind),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite(
            "Yours is infinite, or NaN. Where a word may see nothing, softmax has nothing to "
            "share out; such a word stays as it is."
        ),
        Invariance(
            name="shut",
            message="With a gate of 0 exactly the words must come back; yours are others. That "
            "is what keeps a finished language model as it was.",
            holds=_shut,
        ),
        Invariance(
            name="unseen",
            message="A place that a word may not see must change nothing for it; with yours it "
            "does.",
            holds=_unseen,
        ),
        Invariance(
            name="mirrored",
            message="A gate and its negative must move the words as far, and opposite ways; "
            "yours do not. What is added is tanh(gate) times what was found.",
            holds=_mirrored,
        ),
    ),
)
