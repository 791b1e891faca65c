"""All questions about films and their answers as numbers: a closed list of each.

Leaves out how a question is read, which the network does (`net`).
"""

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.words import WordTokens
from mmcourse.world import FILM_ANSWERS
from mmcourse.world.sounds_and_films.film_question import film_words


@lru_cache(maxsize=1)
def film_tokens() -> WordTokens:
    """Return the numbers of all words that `world.film_questions` can ask with, and "it"."""
    return WordTokens(film_words())


@checked
def film_answer_numbers(answers: Sequence[str]) -> Int[Tensor, " n"]:
    """Return the number of each answer.

    Raises:
        ValueError: an answer is not among `FILM_ANSWERS`.

    >>> film_answer_numbers(["cat", "no"])
    tensor([ 0, 18])
    """
    unknown = [answer for answer in answers if answer not in FILM_ANSWERS]
    if unknown:
        raise ValueError(
            "film_answer_numbers: every answer must be among `FILM_ANSWERS`; got "
            f"{unknown[0]!r:.40}."
        )
    return torch.tensor([FILM_ANSWERS.index(answer) for answer in answers], dtype=torch.long)
