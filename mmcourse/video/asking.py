"""Ask many films, and say how often a network is right.

A type of question that names a thing is asked once a film, of the left dancer and the right one
in turn, so that answers are independent and their share has an interval.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.video.answers import film_answer_numbers, film_tokens
from mmcourse.video.films import Films
from mmcourse.video.net import VideoQA
from mmcourse.world import FILM_ANSWERS, Duet, film_questions
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.question import Question

TYPES = ("colour", "direction", "left", "right", "first", "hops", "heard", "voice", "match")
"""Of questions, as `world.film_questions` names them."""

BATCH = 200


@checked
def asked(films: Films, kind: str, *, named: bool = True) -> list[Question]:
    """Return one question of a type for each film.

    Args:
        films: some.
        kind: a name in `TYPES`.
        named: whether a thing is asked about by its name; otherwise it is "it".

    Raises:
        ValueError: there is no such type.
    """
    if kind not in TYPES:
        raise ValueError(f"asked: kind must be one of {', '.join(TYPES)}; got {kind!r:.40}.")
    found = []
    for row, duet in enumerate(films.duets):
        of_kind = [each for each in film_questions(duet) if each.type == kind]
        one = of_kind[row % len(of_kind)]
        found.append(one if named else Question(kind, nameless(one.text, duet), one.answer))
    return found


@checked
def quiz(
    films: Films, *, named: bool = True, leave_out: str = ""
) -> tuple[Int[Tensor, "n asked length"], Int[Tensor, "n asked"]]:
    """Return everything that may be asked of each film, and the answers, as numbers.

    Args:
        films: some, at least one.
        named: as for `asked`.
        leave_out: a name in `TYPES` that is not asked; "" leaves out none.

    Raises:
        ValueError: there is no film, or no such type.

    Two of the eleven questions are of colours:

    >>> from mmcourse.video.films import films
    >>> questions, answers = quiz(films(3, 0), leave_out="colour")
    >>> answers.shape
    torch.Size([3, 9])
    """
    if leave_out not in ("", *TYPES):
        raise ValueError(
            f"quiz: leave_out must be one of {', '.join(TYPES)}, or empty; got "
            f"{leave_out!r:.40}."
        )
    if not len(films):
        raise ValueError("quiz: films must hold at least one; got none.")
    texts, answers = [], []
    for duet in films.duets:
        for each in film_questions(duet):
            if each.type != leave_out:
                texts.append(each.text if named else nameless(each.text, duet))
                answers.append(each.answer)
    numbers = film_tokens()(texts)
    return (
        numbers.view(len(films), -1, numbers.shape[1]),
        film_answer_numbers(answers).view(len(films), -1),
    )


def nameless(text: str, duet: Duet) -> str:
    """Return a question in which "it" stands for whoever was named."""
    for dancer in duet.dancers:
        text = text.replace(f"the {noun(dancer.thing.kind)}", "it")
    return text


@checked
def reply(model: VideoQA, films: Films, questions: Sequence[str]) -> list[str]:
    """Return the network's answer to each question, number i about film i.

    Raises:
        ValueError: there is not one question for each film, or one has a word that no question
            about a film has.
    """
    if len(questions) != len(films):
        raise ValueError(
            f"reply: there must be one question for each film; got {len(questions)} for "
            f"{len(films)} films."
        )
    said = _answers(model, films, film_tokens()(questions)[:, None])
    return [FILM_ANSWERS[number] for number in said[:, 0].tolist()]


@checked
def right(model: VideoQA, films: Films, *, named: bool = True) -> dict[str, Bool[Tensor, " n"]]:
    """Return for each type of question where its answer is right, number i about film i.

    Args:
        model: whose answers.
        films: as they are shown to it; what is true is told by their duets.
        named: as for `asked`.
    """
    questions = [asked(films, kind, named=named) for kind in TYPES]
    numbers = film_tokens()([each.text for of_kind in questions for each in of_kind])
    wanted = film_answer_numbers([each.answer for of_kind in questions for each in of_kind])
    rows = numbers.view(len(TYPES), -1, numbers.shape[1]).transpose(0, 1)
    hits = wanted.view(len(TYPES), -1) == _answers(model, films, rows).T  # (types, n)
    return dict(zip(TYPES, hits, strict=True))


@torch.no_grad()
def _answers(
    model: VideoQA, films: Films, questions: Int[Tensor, "n asked length"]
) -> Int[Tensor, "n asked"]:
    """Return the numbers of the likeliest answers; each film is watched once."""
    numbers = questions.to(films.pictures.device)
    parts = [
        model(films.pictures[part], films.sounds[part], numbers[part]).argmax(2)
        for part in (slice(at, at + BATCH) for at in range(0, len(films), BATCH))
    ]
    return torch.cat(parts).to(questions.device)
