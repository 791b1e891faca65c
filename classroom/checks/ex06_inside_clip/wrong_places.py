"""Texts that are read at a wrong place: the mistakes of 06.3."""

from collections.abc import Callable

import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

START, END = 49_406, 49_407
"""The two largest ids of CLIP's vocabulary."""


def at(hidden: Tensor, places: Tensor) -> Tensor:
    """Return each text's state at its own place."""
    return hidden[torch.arange(len(hidden)), places]


def _end(_: Tensor, tokens: Tensor) -> Tensor:
    return tokens.argmax(dim=1)


def build(
    *,
    place: Callable[[Tensor, Tensor], Tensor] = _end,
    moved: int = 0,
    given: Callable[[Tensor], Tensor] = lambda vectors: vectors,
) -> Answer:
    """Return an answer that reads each text at another place, or changes what it reads."""

    def answer(hidden: Tensor, tokens: Tensor) -> Tensor:
        places = (place(hidden, tokens) + moved).clamp(max=tokens.shape[1] - 1)
        return given(at(hidden, places))

    return answer


def _last_end(_: Tensor, tokens: Tensor) -> Tensor:
    return tokens.shape[1] - 1 - tokens.flip(1).argmax(dim=1)


def _all_ends(hidden: Tensor, tokens: Tensor) -> Tensor:
    return (hidden * (tokens == END).unsqueeze(-1)).sum(dim=1)


def _mean_of_ends(hidden: Tensor, tokens: Tensor) -> Tensor:
    return _all_ends(hidden, tokens) / (tokens == END).sum(dim=1, keepdim=True)


def _down_the_texts(hidden: Tensor, tokens: Tensor) -> Tensor:
    return tokens.argmax(dim=0)[: len(hidden)]


def _up_to_end(hidden: Tensor, tokens: Tensor) -> Tensor:
    """Return the mean of the places up to the end token."""
    mask = seen(tokens)
    return (hidden * mask.unsqueeze(-1)).sum(dim=1) / mask.sum(dim=1, keepdim=True)


def seen(tokens: Tensor) -> Tensor:
    """Return True up to the end token: (n, length)."""
    return torch.arange(tokens.shape[1]) <= tokens.argmax(dim=1, keepdim=True)


def _where_not_0(hidden: Tensor, tokens: Tensor) -> Tensor:
    mask = (tokens != 0).unsqueeze(-1)
    return (hidden * mask).sum(dim=1) / mask.sum(dim=1)


def _last_not_0(_: Tensor, tokens: Tensor) -> Tensor:
    return (torch.arange(tokens.shape[1]) * (tokens != 0)).argmax(dim=1)


MISTAKES = (
    Mistake(
        name="took-last-position",
        message="You read the last place, which is padding for all but the longest texts. "
        "Read where the end token stands.",
        changes={"place": lambda _, tokens: torch.full((len(tokens),), -1)},
    ),
    Mistake(
        name="took-first-position",
        message="You read the first place, as for a picture's class token. In a text the "
        "first place has seen nothing but itself; the end has seen all.",
        changes={"place": lambda _, tokens: torch.zeros(len(tokens), dtype=torch.int64)},
    ),
    Mistake(
        name="last-end",
        message="Where the end token stands several times you read the last of them. The "
        "text ends at the first; argmax finds that one.",
        changes={"place": _last_end},
    ),
    Mistake(
        name="all-ends",
        message="Where the end token stands several times you took all of them. The text "
        "ends at the first; argmax finds that one.",
        answer=_all_ends,
        variants=(lambda hidden, tokens: hidden[tokens == END], _mean_of_ends),
    ),
    Mistake(
        name="mean-pooled",
        message="You averaged over the places. CLIP reads one place, the end token's, "
        "which has seen the whole text.",
        answer=lambda hidden, _: hidden.mean(dim=1),
        variants=(_up_to_end, _where_not_0),
    ),
    Mistake(
        name="argmax-of-embeddings",
        message="You looked for the largest hidden state. The end is where the largest "
        "*id* stands: take argmax of the tokens.",
        changes={"place": lambda hidden, _: hidden.sum(dim=2).argmax(dim=1)},
        variants=(
            {"place": lambda hidden, _: hidden.norm(dim=2).argmax(dim=1)},
            {"place": lambda hidden, _: hidden.amax(dim=2).argmax(dim=1)},
            lambda hidden, _: hidden.amax(dim=1),
        ),
    ),
    Mistake(
        name="every-end-of-every-text",
        message="hidden[:, ends] takes every text's end from every text. Pair them: "
        "text 0 with its end, text 1 with its own, hidden[torch.arange(n), ends].",
        answer=lambda hidden, tokens: hidden[:, tokens.argmax(dim=1)],
    ),
    Mistake(
        name="one-place-off",
        message="You read the place next to the end token. argmax counts from 0, as places "
        "do: add and subtract nothing.",
        changes={"moved": -1},
        variants=({"moved": 1},),
    ),
    Mistake(
        name="same-end-for-all",
        message="You read all texts where one of them ends. Each has an end of its own: "
        "argmax along dim=1.",
        changes={"place": lambda _, tokens: tokens[0].argmax().expand(len(tokens))},
        variants=(
            {"place": lambda _, tokens: tokens.argmax(dim=1).amax().expand(len(tokens))},
        ),
    ),
    Mistake(
        name="wrong-axis",
        message="argmax(dim=0) looks for the largest id of each place among the texts. "
        "Look along each text: dim=1.",
        changes={"place": _down_the_texts},
    ),
    Mistake(
        name="counted-non-zeros",
        message='You took 0 for padding. It is also the id of "!", and words may follow '
        "the end. Only the end token itself, the largest id, tells.",
        changes={"place": lambda _, tokens: (tokens != 0).sum(dim=1) - 1},
        variants=({"place": _last_not_0},),
    ),
    Mistake(
        name="normalised",
        message="You made each vector's length 1. The state itself is asked for, as it is.",
        changes={"given": lambda vectors: vectors / vectors.norm(dim=1, keepdim=True)},
    ),
    Mistake(
        name="axis-kept",
        message="Your vectors are right, with an axis too many. Index with a number, or two "
        "tensors of numbers: the shape is (n, dim).",
        changes={"given": lambda vectors: vectors[:, None]},
        variants=({"given": lambda vectors: vectors[None]},),
    ),
    Mistake(
        name="returned-places",
        message="These are the places of the end tokens. Read the hidden states there.",
        answer=lambda _, tokens: tokens.argmax(dim=1),
    ),
)
