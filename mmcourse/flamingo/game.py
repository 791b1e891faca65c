"""The word game: two made-up words, which mean two kinds or two colours; nobody says which.

Four things can occur, two kinds in two colours. If the rule is "kind", one word names all
things of the first kind and the other all of the second, whatever their colour; if it is
"colour", the other way round. One example is often ambiguous (is a red cat that is called "dax"
called so for being red?), so more examples help, and how much they can is known (`ceiling`).
Words are drawn anew for every game: fast mapping, as children do it (Carey and Bartlett, 1978).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.words import GAME_KINDS, INVENTED
from mmcourse.world import COLOURS

RULES = ("kind", "colour")

TRIES = 2_000
"""Pairs of kinds drawn, at most, to find one that is there in two colours."""

Thing = tuple[str, str]
"""A kind and a colour."""


@final
@dataclass(frozen=True)
class WordGame:
    """What two words mean.

    Args:
        kinds: the two that occur.
        colours: the two that occur.
        words: the two names; the first is that of the first kind, or of the first colour.
        rule: "kind" or "colour".
    """

    kinds: tuple[str, str]
    colours: tuple[str, str]
    words: tuple[str, str]
    rule: str

    @checked
    def label(self, thing: Thing) -> str:
        """Return what a thing is called.

        Raises:
            ValueError: it does not occur in this game.

        >>> game = WordGame(("cat", "car"), ("red", "blue"), ("dax", "wug"), "colour")
        >>> game.label(("car", "red"))
        'dax'
        """
        if thing not in self.things():
            raise ValueError(
                f"WordGame.label: thing must be one of {self.things()}; got {thing!r:.60}."
            )
        kind, colour = thing
        first = kind == self.kinds[0] if self.rule == "kind" else colour == self.colours[0]
        return self.words[0 if first else 1]

    @checked
    def things(self, word: str | None = None) -> list[Thing]:
        """Return the things that occur, or those of them with this name.

        Raises:
            ValueError: it is no name of this game.
        """
        if word is not None and word not in self.words:
            raise ValueError(
                f"WordGame.things: word must be one of {self.words}; got {word!r:.40}."
            )
        every = [(kind, colour) for kind in self.kinds for colour in self.colours]
        return every if word is None else [each for each in every if self.label(each) == word]


@checked
def draw_game(
    rng: np.random.Generator,
    kinds: Sequence[str] = GAME_KINDS,
    *,
    there: Callable[[Thing], bool] = lambda _: True,
) -> WordGame:
    """Return a random game; `rng` is advanced.

    Args:
        rng: decides everything.
        kinds: to draw from.
        there: whether there is such a thing; colours are drawn from those that both kinds have.

    Raises:
        ValueError: there are fewer than two kinds, one is not in `GAME_KINDS`, or no two
            of them are there in two colours.
    """
    unknown = [kind for kind in kinds if kind not in GAME_KINDS]
    if unknown or len(set(kinds)) < 2:
        raise ValueError(
            "draw_game: kinds must be two or more different ones of `GAME_KINDS`; got "
            f"{(unknown or list(kinds))!r:.80}."
        )
    for _ in range(TRIES):
        two = _two(rng, kinds)
        colours = [each for each in COLOURS if there((two[0], each)) and there((two[1], each))]
        if len(colours) > 1:
            rule = RULES[int(2 * rng.random())]
            return WordGame(two, _two(rng, colours), _two(rng, INVENTED), rule)
    raise ValueError(
        "draw_game: two kinds must be there in two colours; none of "
        f"{TRIES} pairs out of {len(kinds)} kinds is; allow more of them."
    )


def _two(rng: np.random.Generator, names: Sequence[str]) -> tuple[str, str]:
    first, second = rng.permutation(len(names))[:2].tolist()
    return names[first], names[second]


@checked
def draw_things(game: WordGame, n: int, rng: np.random.Generator) -> list[Thing]:
    """Return n random things of a game, each as likely as the others; `rng` is advanced."""
    n = whole("draw_things", "n", n, least=0)
    every = game.things()
    return [every[int(len(every) * rng.random())] for _ in range(n)]
