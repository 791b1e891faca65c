"""06.4: the mask with which no token sees a later one, but for a picture's in front."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

INF = float("inf")
BIGGEST = torch.finfo(torch.float32).max
Seen = Callable[[Tensor, Tensor, int], Tensor]
"""Whether token i, down, sees token j, across, where `prefix` stand in front."""


def causal_mask(n: int, prefix: int = 0) -> Tensor:
    """Return 0 where row i may look at column j, j <= i or j < prefix, else -inf: (n, n)."""
    mask = torch.full((n, n), -INF).triu(1)
    mask[:, :prefix] = 0
    return mask


def _earlier(i: Tensor, j: Tensor) -> Tensor:
    return j <= i


def _in_front(i: Tensor, j: Tensor, prefix: int) -> Tensor:
    return torch.maximum(i, j) < prefix


def build(
    *,
    text: Callable[[Tensor, Tensor], Tensor] = _earlier,
    front: Seen = _in_front,
    shown: Callable[[Tensor], Tensor] = torch.zeros_like,
    hides: Callable[[Tensor], Tensor] = lambda zeros: zeros - INF,
    given: Callable[[Tensor], Tensor] = lambda mask: mask,
) -> Answer:
    """Return an answer that shows other tokens, or writes its mask in another way.

    Args:
        text: whether token i sees token j, as in a text.
        front: whether it sees it because of those in front, besides.
        shown: what stands in the mask for yes, of zeros.
        hides: what stands in it for no.
        given: what it returns of the mask.
    """

    def answer(n: int, prefix: int = 0) -> Tensor:
        i, j = torch.arange(n)[:, None], torch.arange(n)[None]
        zeros = torch.zeros(n, n)
        seen = text(i, j) | front(i, j, prefix)
        return given(torch.where(seen, shown(zeros), hides(zeros)))

    return answer


def _hidden_from_the_rest(n: int, prefix: int = 0) -> Tensor:
    """Hide those in front from the text behind them."""
    mask = causal_mask(n, prefix)
    mask[prefix:, :prefix] = -INF
    return mask


def _opened_after_nan(n: int, prefix: int = 0) -> Tensor:
    """Open the picture's columns in a mask that holds 0 · infinity."""
    mask = torch.ones(n, n).triu(1) * -INF
    mask[:, :prefix] = 0
    return mask


def _diagonal_moved(n: int, prefix: int = 0) -> Tensor:
    return torch.full((n, n), -INF).triu(prefix + 1)


def _one_column(n: int, prefix: int = 0) -> Tensor:
    """Open the last of the picture's columns alone."""
    mask = causal_mask(n)
    if prefix:
        mask[:, prefix - 1] = 0
    return mask


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("two tokens", 2, 0),
        shown("three tokens", 3, 0),
        shown("one token", 1, 0),
        shown("four tokens, two of them a picture's", 4, 2),
    ]


def _some(rng: np.random.Generator, low: int, high: int) -> list[int]:
    return sorted(rng.permutation(np.arange(low, high))[:2].tolist())


def _texts(rng: np.random.Generator) -> Sequence[Case]:
    numbers = [*_some(rng, 4, 12), *_some(rng, 12, 30)]
    return [hidden(f"{n} tokens of text", n, 0) for n in numbers]


def _pictures(rng: np.random.Generator) -> Sequence[Case]:
    few, many = (int(rng.integers(*one)) for one in ((2, 5), (5, 9)))
    return [
        hidden("a picture before three tokens", few + 3, few),
        hidden("a picture before seven tokens", many + 7, many),
        hidden("a picture alone", few, few),
        hidden("a picture of one token", many, 1),
    ]


CAUSAL_MASK = Question(
    number="06.4",
    function="causal_mask",
    reference=causal_mask,
    build=build,
    rtol=0,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a text", points=1, cases=_texts),
        Property(name="a picture in front", points=1, cases=_pictures),
    ),
    mistakes=(
        Mistake(
            name="prefix-ignored",
            message="Your mask is a text's. The first `prefix` tokens are a picture's, which "
            "see each other in both directions.",
            changes={"front": lambda i, j, _: (i < 0) | (j < 0)},
        ),
        Mistake(
            name="prefix-sees-all",
            message="Your picture also sees the text behind it. Only its own columns are open "
            "to its rows: those below `prefix`.",
            changes={"front": lambda i, j, prefix: (i < prefix) | (j < 0)},
            variants=({"front": lambda i, j, prefix: (i < prefix) | (j < prefix)},),
        ),
        Mistake(
            name="prefix-hidden",
            message="Your text does not see the picture in front of it. Whatever came before a "
            "token, it sees.",
            answer=_hidden_from_the_rest,
        ),
        Mistake(
            name="prefix-off-by-one",
            message="One token too many, or too few, counts as the picture's. Its tokens are 0 "
            "to prefix - 1: [:prefix].",
            changes={"front": lambda i, j, prefix: torch.maximum(i, j) <= prefix},
            variants=(
                {"front": lambda _, j, prefix: j <= prefix},
                {"front": lambda i, j, prefix: torch.maximum(i, j) < prefix - 1},
            ),
        ),
        Mistake(
            name="one-column",
            message="You opened one column, that of the picture's last token. Open all of its "
            "columns: mask[:, :prefix].",
            answer=_one_column,
        ),
        Mistake(
            name="diagonal-moved",
            message="You moved the diagonal by `prefix`, so every token sees some of those "
            "that come later. Open the first `prefix` columns instead.",
            answer=_diagonal_moved,
            variants=(lambda n, prefix: torch.full((n, n), -INF).triu(max(prefix, 1)),),
        ),
        Mistake(
            name="upper-lower-swapped",
            message="Your mask hides what came before and shows what comes later. Row i is "
            "token i looking: hide the columns right of the diagonal.",
            changes={"text": lambda i, j: j >= i},
            variants=(
                {"text": lambda i, j: j >= i, "front": lambda _, j, prefix: j < prefix},
                {"text": lambda i, j: j >= i, "front": lambda i, j, prefix: i + 0 * j < prefix},
            ),
        ),
        Mistake(
            name="masks-self",
            message="Your tokens may not see themselves, and the first sees nothing at all: a "
            "softmax of −inf alone is NaN. Leave the diagonal at 0.",
            changes={"text": lambda i, j: j < i},
            variants=({"text": lambda i, j: j > i},),
        ),
        Mistake(
            name="sees-the-next",
            message="Each token sees one too many, the next one. Hiding starts right beside "
            "the diagonal: triu(1).",
            changes={"text": lambda i, j: j <= i + 1},
        ),
        Mistake(
            name="hides-nothing",
            message="Nothing is hidden in your mask. −inf stands where a token is not to look.",
            changes={"hides": torch.zeros_like},
        ),
        Mistake(
            name="ones-and-zeros",
            message="Your mask says yes and no. It is *added* to the scores: 0 changes "
            "nothing, −inf makes a share of 0.",
            changes={"shown": torch.ones_like, "hides": torch.zeros_like},
            variants=(
                {"hides": torch.ones_like},
                {"given": lambda mask: mask == 0},
                {"given": lambda mask: mask != 0},
            ),
        ),
        Mistake(
            name="ones-and-infinity",
            message="Where a token may look, your mask adds 1. It must add 0.",
            changes={"shown": torch.ones_like},
        ),
        Mistake(
            name="zero-times-infinity",
            message="0 · inf is NaN. Put −inf where it belongs instead of multiplying: fill a "
            "matrix with it, then triu, or masked_fill.",
            changes={"shown": lambda zeros: zeros * INF},
            variants=(_opened_after_nan,),
        ),
        Mistake(
            name="plus-infinity",
            message="Your infinity is positive, so later tokens would get everything. Minus "
            "infinity leaves them nothing.",
            changes={"hides": lambda zeros: zeros + INF},
        ),
        Mistake(
            name="finite",
            message="A large negative number mostly does, until scores are as large, or a "
            'format ends before it. float("-inf") makes the share exactly 0.',
            changes={"hides": lambda zeros: zeros - 1e9},
            variants=tuple(
                {"hides": lambda zeros, value=value: zeros - value}
                for value in (1.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e10, 1e12, BIGGEST)
            ),
        ),
    ),
)
