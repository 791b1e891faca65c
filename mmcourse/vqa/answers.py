"""All questions and answers of the drawn world as numbers: a closed list of each.

Answering is choosing among 44 answers, as in the first models of visual question answering,
which chose among the 1,000 commonest (arXiv 1505.00468, section 4). Leaves out how a question
is read (`reader`), and answers in sentences.
"""

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.words import WordTokens
from mmcourse.world import COLOURS, KINDS
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.nouns import plural
from mmcourse.world.words.phrases import RELATIONS
from mmcourse.world.words.question import COUNTS

ANSWERS: tuple[str, ...] = (
    *dict.fromkeys(noun(kind) for kind in KINDS),
    *COLOURS,
    *COUNTS.values(),
    *("left", "right", "middle"),
    *RELATIONS,
    *("yes", "no"),
)
"""Every answer there is; the number of an answer is its place."""

_FUNCTION_WORDS = (
    "a are can colour compared how in is kind main mainly many of part picture relative see "
    "shown the there thing to wearing what where which with you"
)


@lru_cache(maxsize=1)
def question_tokens() -> WordTokens:
    """Return the numbers of all words that `world.questions` can ask with."""
    nouns = {noun(kind) for kind in KINDS}
    phrases = [text for texts in RELATIONS.values() for text in texts]
    numbers = [word for number, word in COUNTS.items() if number > 1]
    words = " ".join(
        [_FUNCTION_WORDS, *nouns, *map(plural, nouns), *COLOURS, *numbers, *phrases]
    )
    return WordTokens(sorted(set(words.split())))


@checked
def answer_numbers(answers: Sequence[str]) -> Int[Tensor, " n"]:
    """Return the number of each answer.

    Raises:
        ValueError: an answer is not among `ANSWERS`.

    >>> answer_numbers(["cat", "no"])
    tensor([ 0, 43])
    """
    unknown = [answer for answer in answers if answer not in ANSWERS]
    if unknown:
        raise ValueError(
            f"answer_numbers: every answer must be among `ANSWERS`; got {unknown[0]!r:.40}."
        )
    return torch.tensor([ANSWERS.index(answer) for answer in answers], dtype=torch.long)
