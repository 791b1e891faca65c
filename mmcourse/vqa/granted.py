"""What a question takes for granted, asked first: is there a cat, and are there several?

An answerer learns from questions that are fair: of a lone cat nobody asks for the colour of the
cats. Asked so all the same, it answers, and is sure; so do models of photos (arXiv 1606.06622,
section 1). Here questions that it did learn are asked beside: "is there a cat?", "how many cats
are there?". Leaves out what these miss: it may take a dog for a cat.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.vqa.answers import ANSWERS, question_tokens
from mmcourse.vqa.cross_attention import CrossAttentionVQA
from mmcourse.vqa.statements import NOUNS, SINGULAR, statements
from mmcourse.vqa.typed import understood, words_of
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import plural
from mmcourse.world.words.question import COUNTS

Chances: TypeAlias = Mapping[str, float]
"""The probability of every answer."""


@final
@dataclass(frozen=True)
class Reply:
    """The answers to a question, and what it takes for granted in vain.

    Args:
        answers: those that the question can have, each with its probability, the best first.
        absent: things that the question speaks of as if they were there, and none is seen.
        lone: things of which it takes several for granted, and one is seen.
    """

    answers: tuple[tuple[str, float], ...]
    absent: tuple[str, ...] = ()
    lone: tuple[str, ...] = ()

    @property
    def answer(self) -> str | None:
        """The best answer; None where the question asks of several, and one is seen."""
        return None if self.lone else self.answers[0][0]


@checked
def reply_to(
    model: CrossAttentionVQA, grid: Float[Tensor, "1 places dim"], question: str
) -> Reply:
    """Return the answers to a question about a picture, after asking what it takes for granted.

    "Are there two cats?" is as likely as the least likely of three: its own "yes", "yes" to "is
    there a cat?", "two" to "how many cats are there?".

    Args:
        model: one that was trained on the questions of the drawn world.
        grid: what it sees in the picture.
        question: as it was typed.

    Raises:
        ValueError: the question is none that the model learnt.
    """
    plain = understood(question)
    names, plurals, claim = granted(plain), granted_several(plain), _count_claim(plain)
    counted = (*plurals, *([claim[1]] if claim else []))
    questions = [plain, *map(_there, {*names, *counted}), *map(_how_many, counted)]
    chances = _answered(model, grid, list(dict.fromkeys(questions)))
    found = {answer: chances[plain][answer] for answer in statements(plain)}
    if claim:
        count, name = claim
        beside = chances[_there(name)]["yes"], chances[_how_many(name)][count]
        yes = min(found["yes"], *beside)
        found = {"yes": yes, "no": 1 - yes}
    ranked = sorted(found.items(), key=lambda pair: pair[1], reverse=True)
    absent = [name for name in names if _says(chances[_there(name)], ("yes", "no")) == "no"]
    ones = [
        name
        for name in plurals
        if name not in absent and _says(chances[_how_many(name)], COUNTS.values()) == "one"
    ]
    return Reply(tuple(ranked), tuple(absent), tuple(ones))


def granted(question: str) -> tuple[str, ...]:
    """Return the things that a question speaks of as if they were there.

    >>> granted("is the cat to the left of the cars?"), granted("is there a dog?")
    (('cat', 'car'), ())
    """
    words = words_of(question)
    if " ".join(words).startswith(("is there", "are there", "can you see")):
        return ()
    return tuple(name for name in NOUNS if not {name, plural(name)}.isdisjoint(words))


def granted_several(question: str) -> tuple[str, ...]:
    """Return the things of which a question speaks as if there were more than one.

    >>> (
    ...     granted_several("what colour are the fish?"),
    ...     granted_several("how many cats are there?"),
    ... )
    (('fish',), ())
    """
    words = words_of(question)
    if words[:2] == ["how", "many"]:
        return ()
    said = {SINGULAR[word] for word in words if word in SINGULAR and word not in NOUNS}
    every = " are the " in f" {' '.join(words)} "
    return tuple(name for name in granted(question) if every or name in said)


def _count_claim(question: str) -> tuple[str, str] | None:
    """Return the number that a question holds to be there, and of what; None for another."""
    found = re.fullmatch(r"are there (\w+) (\w+)\?", question)
    return (found[1], SINGULAR.get(found[2], found[2])) if found else None


def _there(name: str) -> str:
    return with_articles(f"is there a {name}?")


def _how_many(name: str) -> str:
    return f"how many {plural(name)} are there?"


def _says(chances: Chances, among: Iterable[str]) -> str:
    return max(among, key=chances.__getitem__)


@torch.no_grad()
def _answered(
    model: CrossAttentionVQA, grid: Float[Tensor, "1 places dim"], questions: Sequence[str]
) -> dict[str, Chances]:
    tokens = question_tokens()(questions).to(grid.device)
    logits, _ = model(grid.expand(len(questions), -1, -1), tokens)
    rows = logits.softmax(1).tolist()
    return {
        one: dict(zip(ANSWERS, row, strict=True))
        for one, row in zip(questions, rows, strict=True)
    }
