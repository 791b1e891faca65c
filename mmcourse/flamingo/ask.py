"""What a model answers, with all words to choose from or with two.

With all words, one that has seen no example cannot know the names and is nearly always wrong;
with the game's two, half of its guesses are right. Both are asked for, because at few examples
they differ most. The chain is another way: say what each picture shows, then ask about words.
"""

from collections.abc import Iterable, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.flamingo.album import Album
from mmcourse.flamingo.documents import tokens_of
from mmcourse.flamingo.game import Thing
from mmcourse.flamingo.model import Flamingo
from mmcourse.flamingo.question import Question
from mmcourse.flamingo.words import GAME_KINDS, IMAGE, game_words
from mmcourse.world import COLOURS

BATCH = 200


@checked
@torch.no_grad()
def asked(
    model: Flamingo, album: Album, questions: Sequence[Question]
) -> Float[Tensor, "n words"]:
    """Return the logits of the next word, one row for each question.

    Args:
        model: who answers.
        album: where the questions' pictures are.
        questions: all with as many examples.

    Raises:
        ValueError: some have more examples than others.
    """
    _require_alike("asked", questions)
    found = [torch.zeros(0, len(game_words()), device=album.grids.device)]
    for first in range(0, len(questions), BATCH):
        part = questions[first : first + BATCH]
        tokens = tokens_of([question.document() for question in part]).to(album.grids.device)
        found.append(model(tokens, album.show([question.rows for question in part]))[:, -1])
    return torch.cat(found)


@checked
@torch.no_grad()
def name_pictures(model: Flamingo, album: Album, rows: Sequence[int]) -> list[Thing]:
    """Return what the model says that each picture shows: the likeliest colour, then kind."""
    found: list[Thing] = []
    for first in range(0, len(rows), BATCH):
        part = rows[first : first + BATCH]
        shown = album.show([[row] for row in part])
        tokens = tokens_of([IMAGE] * len(part)).to(shown.device)
        colours = _likeliest(model(tokens, shown)[:, -1], COLOURS)
        said = tokens_of([f"{IMAGE} {colour}" for colour in colours]).to(shown.device)
        kinds = _likeliest(model(said, shown)[:, -1], GAME_KINDS)
        found += list(zip(kinds, colours, strict=True))
    return found


@checked
@torch.no_grad()
def asked_in_words(
    model: Flamingo, questions: Sequence[Question], told: Sequence[Sequence[Thing]]
) -> Float[Tensor, "n words"]:
    """Return the logits of the next word, with things told in words instead of pictures.

    Args:
        model: whose language model answers.
        questions: all with as many examples.
        told: what stands in place of the pictures of each.

    Raises:
        ValueError: some have more examples than others, or there is more or less told.
    """
    _require_alike("asked_in_words", questions)
    if len(told) != len(questions):
        raise ValueError(
            f"asked_in_words: told must have a row for each of {len(questions)} questions; got "
            f"{len(told)}."
        )
    documents = [q.document(told=things) for q, things in zip(questions, told, strict=True)]
    device = next(model.parameters()).device
    return model.language(tokens_of(documents).to(device))[:, -1]


@checked
def right_of_all(
    logits: Float[Tensor, "n words"], questions: Sequence[Question]
) -> Bool[Tensor, " n"]:
    """Return whether the likeliest of all words is the right one.

    Raises:
        ValueError: not one row for each question, or numbers that are not finite.
    """
    _require_rows("right_of_all", logits, questions)
    ids = game_words().ids
    right = torch.tensor([ids[question.right] for question in questions])
    return logits.argmax(1) == right.to(logits.device)


@checked
def right_of_two(
    logits: Float[Tensor, "n words"], questions: Sequence[Question]
) -> Bool[Tensor, " n"]:
    """Return whether the right one of the game's two names is the likelier.

    Raises:
        ValueError: not one row for each question, or numbers that are not finite.
    """
    _require_rows("right_of_two", logits, questions)
    ids = game_words().ids
    others = [next(name for name in q.choice if name != q.right) for q in questions]
    rows = torch.arange(len(questions))
    right = logits[rows, [ids[question.right] for question in questions]]
    return right > logits[rows, [ids[other] for other in others]]


def _require_rows(operation: str, logits: Tensor, questions: Sequence[Question]) -> None:
    if len(logits) != len(questions):
        raise ValueError(
            f"{operation}: there must be a row of logits for each question; got {len(logits)} "
            f"for {len(questions)}."
        )
    require_finite(operation, logits=logits)


def _likeliest(logits: Tensor, words: Iterable[str]) -> list[str]:
    """Return the likeliest of these words in every row."""
    words = list(words)
    places = logits[:, [game_words().ids[word] for word in words]].argmax(1)
    return [words[place] for place in places.tolist()]


def _require_alike(operation: str, questions: Sequence[Question]) -> None:
    sizes = sorted({len(question.rows) for question in questions})
    if len(sizes) > 1:
        raise ValueError(
            f"{operation}: questions must all have as many pictures; got {sizes[0]} to "
            f"{sizes[-1]}; ask them apart."
        )
