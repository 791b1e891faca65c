"""A question with examples: some pictures with their names, and one whose name is asked.

The number of examples of each name are the *shots*. Which fact the names stand for must be
read off the examples; the pictures are different each time. Leaves out who answers (`ask`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.flamingo.album import Album
from mmcourse.flamingo.documents import CHUNKS, chunk
from mmcourse.flamingo.game import Thing, draw_game
from mmcourse.flamingo.words import END_OF_CHUNK, IS

MOST_SHOTS = (CHUNKS - 1) // 2
"""More examples would make a longer document than any that was read in training."""


@final
@dataclass(frozen=True)
class Question:
    """Examples, and what is asked.

    Args:
        rows: of the album: the examples' pictures, then the one that is asked about.
        things: what these show.
        names: of the examples.
        choice: the two names of the game.
        right: the name of what is asked about.
        rule: of the game: "kind" or "colour".
    """

    rows: tuple[int, ...]
    things: tuple[Thing, ...]
    names: tuple[str, ...]
    choice: tuple[str, str]
    right: str
    rule: str

    @checked
    def document(self, told: Sequence[Thing] | None = None) -> str:
        """Return what a model reads, up to the word that it is to say.

        Args:
            told: things that stand in words where the pictures were; None leaves the pictures.

        Raises:
            ValueError: there are more or fewer than pictures.

        >>> things, names = (("cat", "red"), ("car", "red")), ("dax",)
        >>> one = Question((4, 2), things, names, ("dax", "wug"), "wug", "kind")
        >>> one.document()
        '<image> is dax <eoc> <image> is'
        >>> one.document(told=things)
        'red cat is dax <eoc> red car is'
        """
        shown: Sequence[Thing | None] = [None] * len(self.rows) if told is None else told
        if len(shown) != len(self.rows):
            raise ValueError(
                f"Question.document: told must be {len(self.rows)} things; got {len(shown)}."
            )
        said = [f"{IS} {name}" for name in self.names]
        parts = [chunk(each, thing) for each, thing in zip([*said, IS], shown, strict=True)]
        return " ".join(parts).removesuffix(f" {END_OF_CHUNK}")


@checked
def draw_questions(
    n: int, shots: int, album: Album, kinds: Sequence[str], rng: np.random.Generator
) -> list[Question]:
    """Return n questions about pictures of an album; `rng` is advanced.

    Examples are drawn anew for each: `shots` of each name, in random order, of either of the
    two things with this name. What is asked about is any of the four, in another picture.

    Args:
        n: how many.
        shots: examples of each name, from 0 to 3.
        album: where pictures are.
        kinds: that games are about.
        rng: decides everything.

    Raises:
        ValueError: a number is out of range, or the album has too few pictures for a game.
    """
    n = whole("draw_questions", "n", n, least=0)
    shots = whole("draw_questions", "shots", shots, least=0, most=MOST_SHOTS)
    with speaking_as("draw_questions", "draw_game"):
        return [_draw_question(shots, album, kinds, rng) for _ in range(n)]


@checked
def shuffled(question: Question, rng: np.random.Generator) -> Question:
    """Return the same pictures with the examples' names in random order; `rng` is advanced."""
    return replace(question, names=tuple(rng.permutation(question.names).tolist()))


def _draw_question(
    shots: int, album: Album, kinds: Sequence[str], rng: np.random.Generator
) -> Question:
    game = draw_game(rng, kinds, there=lambda thing: album.count(thing) > 2 * MOST_SHOTS)
    named = [(word, game.things(word)) for word in game.words for _ in range(shots)]
    order = [named[place] for place in rng.permutation(len(named))]
    things = [both[int(2 * rng.random())] for _, both in order]
    every = game.things()
    things.append(every[int(len(every) * rng.random())])
    while len(set(rows := album.pick(things, rng))) < len(things):
        pass  # no picture twice: it would be recognised, and nothing learnt
    return Question(
        tuple(rows),
        tuple(things),
        tuple(word for word, _ in order),
        game.words,
        game.label(things[-1]),
        game.rule,
    )
