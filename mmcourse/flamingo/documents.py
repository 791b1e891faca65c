"""Documents of the word game: in words alone, and with pictures.

The language model reads "red cat is dax <eoc> blue car is wug <eoc> …" and learns that a word
means, in each document, what its examples have in common. A document with pictures says less:
"<image> is dax <eoc>". Its other kind names what is to be seen: "<image> red cat <eoc>".
Leaves out pictures themselves: a thing is known here by its kind and colour.
"""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.game import Thing, draw_game, draw_things
from mmcourse.flamingo.words import END_OF_CHUNK, GAME_KINDS, IMAGE, INVENTED, IS, game_words
from mmcourse.tokenizer.words import PADDING
from mmcourse.world import COLOURS

CHUNKS = 8
"""Chunks of a document."""

MORE_CHUNKS = 11
"""Chunks of a text whose things are one word each."""

NAMED_TEXTS = 0.12
"""Share of texts that name what is to be seen."""

NAMED = 0.25
"""Share of documents that name what is to be seen."""

PLAIN_GAMES = 0.57
"""Share of texts whose words mean two to four kinds, or as many colours, and nothing else."""


@checked
def tokens_of(documents: Sequence[str]) -> Int[Tensor, "batch length"]:
    """Return the numbers of the words of each document, padded to the longest.

    Raises:
        ValueError: a document holds a word that is not of the game.

    >>> tokens_of(["<image> is dax", "is"])
    tensor([[ 3,  5, 36],
            [ 5,  0,  0]])
    """
    ids = game_words().ids
    for word in (word for document in documents for word in document.split()):
        if word not in ids:
            raise ValueError(
                f"tokens_of: every word must be among the {len(ids)} of the game; got "
                f"{word!r:.40}; `game_words().words` holds them."
            )
    rows = [[ids[word] for word in document.split()] for document in documents]
    longest = max(map(len, rows), default=0)
    padded = [row + [PADDING] * (longest - len(row)) for row in rows]
    return torch.tensor(padded, dtype=torch.long).reshape(len(rows), longest)


@checked
def chunk(said: str, thing: Thing | None = None) -> str:
    """Return one chunk: what is said of a picture, or of a thing that is told in words.

    >>> chunk("is dax"), chunk("is dax", ("cat", "red"))
    ('<image> is dax <eoc>', 'red cat is dax <eoc>')
    """
    shown = IMAGE if thing is None else f"{thing[1]} {thing[0]}"
    return " ".join(f"{shown} {said} {END_OF_CHUNK}".split())


@checked
def text_document(rng: np.random.Generator, *, bind: bool = True) -> str:
    """Return a document in words alone, of at most 44 words; `rng` is advanced.

    Args:
        rng: decides everything.
        bind: whether names mean something; without, those of a document change places, and
            nothing can be learnt from examples.
    """
    if rng.random() < NAMED_TEXTS:
        marks = [IMAGE if rng.random() < 0.5 else "" for _ in range(CHUNKS)]
        told = [chunk("", _any_thing(rng, GAME_KINDS)) for _ in marks]
        return " ".join(" ".join(map(" ".join, zip(marks, told, strict=True))).split())
    things, names = _plain_game(rng) if rng.random() < PLAIN_GAMES else _ruled_game(rng)
    if not bind:
        names = rng.permutation(names).tolist()
    return " ".join(
        f"{thing} {IS} {name} {END_OF_CHUNK}" for thing, name in zip(things, names, strict=True)
    )


@checked
def picture_document(
    rng: np.random.Generator,
    kinds: Sequence[str] = GAME_KINDS,
    *,
    there: Callable[[Thing], bool] = lambda _: True,
    named: float = NAMED,
) -> tuple[str, list[Thing]]:
    """Return a document with marks for pictures, and the thing that each picture shows.

    Args:
        rng: decides everything; it is advanced.
        kinds: to draw from.
        there: whether there is a picture of such a thing.
        named: the chance of a document that names what is to be seen, and plays no game.

    Raises:
        ValueError: `named` is no probability, or nothing is there to be named or played with.
    """
    named = real("picture_document", "named", named, least=0, most=1)
    if rng.random() < named:
        things = [_any_thing(rng, kinds, there) for _ in range(CHUNKS)]
        said = [f"{colour} {kind}" for kind, colour in things]
    else:
        game = draw_game(rng, kinds, there=there)
        things = draw_things(game, CHUNKS, rng)
        said = [f"{IS} {game.label(thing)}" for thing in things]
    return " ".join(map(chunk, said)), things


def _ruled_game(rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return how the things of a game are told, and what they are called."""
    game = draw_game(rng)
    things = draw_things(game, CHUNKS, rng)
    return [_told(thing, rng) for thing in things], [game.label(thing) for thing in things]


def _told(thing: Thing, rng: np.random.Generator) -> str:
    """Return a thing in words, sometimes turned round, sometimes as a picture unseen."""
    (kind, colour), way = thing, rng.random()
    return f"{colour} {kind}" if way < 0.6 else f"{kind} {colour}" if way < 0.85 else IMAGE


def _plain_game(rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return kinds, or colours, and a name for each that stays the same."""
    among = GAME_KINDS if rng.random() < 0.6 else tuple(COLOURS)
    n = 2 + int(3 * rng.random())
    things = [among[place] for place in rng.permutation(len(among))[:n]]
    names = [INVENTED[place] for place in rng.permutation(len(INVENTED))[:n]]
    rows = [int(n * rng.random()) for _ in range(MORE_CHUNKS)]
    return [things[row] for row in rows], [names[row] for row in rows]


def _any_thing(
    rng: np.random.Generator,
    kinds: Sequence[str],
    there: Callable[[Thing], bool] = lambda _: True,
) -> Thing:
    """Return a random thing that is there."""
    every = [thing for thing in product(kinds, COLOURS) if there(thing)]
    if not every:
        raise ValueError(
            f"picture_document: some thing must be there; none of {len(kinds)} kinds is."
        )
    return every[int(len(every) * rng.random())]
