"""Answers to 11.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np

from classroom.checks.question import Answer, Mistake

Seen = np.ndarray | None
Questions = list[tuple[np.ndarray, str, str]]
Score = Callable[[Seen, str], float]


def _nothing(_: Questions, __: int) -> Seen:
    return None


def picture(questions: Questions, row: int) -> Seen:
    """Return a question's own picture."""
    return questions[row][0]


def black(questions: Questions, row: int) -> Seen:
    """Return a black picture of its size."""
    return np.zeros_like(questions[row][0])


def _average(questions: Questions, _: int) -> Seen:
    return np.mean([one for one, *_ in questions], axis=0)


def following(questions: Questions, row: int) -> Seen:
    """Return the picture of the next question."""
    return questions[(row + 1) % len(questions)][0]


def _previous(questions: Questions, row: int) -> Seen:
    return questions[row - 1][0]


def build(
    *,
    true_seen: Callable[[Questions, int], Seen] = _nothing,
    false_seen: Callable[[Questions, int], Seen] = _nothing,
    tie: float = 0.5,
    sign: int = 1,
    total: Callable[[list[float]], Any] = np.mean,
    last: Callable[[Any], Any] = lambda share: share,
) -> Answer:
    """Return an answer that shows, credits or sums up in its own way."""

    def answer(questions: Questions, score: Score) -> Any:
        points = []
        for row, (_, true, false) in enumerate(questions):
            lead = score(true_seen(questions, row), true)
            lead -= score(false_seen(questions, row), false)
            points.append(tie if lead == 0 else float(sign * lead > 0))
        return last(total(points))

    return answer


def _seeing(seen: Callable[[Questions, int], Seen]) -> dict[str, object]:
    return {"true_seen": seen, "false_seen": seen}


def _gain(questions: Questions, score: Score) -> float:
    seeing = build(true_seen=picture, false_seen=picture)
    return float(seeing(questions, score) - build()(questions, score))


MISTAKES = (
    Mistake(
        name="used-the-image",
        message="You showed the picture to the model. This is how often it is right with its "
        "eyes open; the baseline is what words alone reach: score(None, text).",
        changes=_seeing(picture),
    ),
    Mistake(
        name="a-picture-of-nothing",
        message="A black picture, or a mean one, is still a picture, and moves the scores. "
        "Pass None.",
        changes=_seeing(black),
        variants=(_seeing(_average),),
    ),
    Mistake(
        name="another-picture",
        message="You showed the picture of another question. It says something, too, about "
        "what is common in the set; here the model is to see none: score(None, text).",
        changes=_seeing(following),
        variants=(_seeing(_previous),),
    ),
    Mistake(
        name="one-side-seen",
        message="One caption was scored with the picture, the other without. Such scores "
        "cannot be compared; pass None for both.",
        changes={"true_seen": picture},
        variants=({"false_seen": picture},),
    ),
    Mistake(
        name="ties-count-as-wins",
        message="A tie counts as won with you. Half a point, as in 11.2: the model says "
        "nothing.",
        changes={"tie": 1.0},
    ),
    Mistake(
        name="ties-count-as-losses",
        message="A tie counts as lost with you. Half a point, as in 11.2: the model would "
        "have to toss a coin.",
        changes={"tie": 0.0},
    ),
    Mistake(
        name="exchanged",
        message="You counted where the *false* caption scores higher.",
        changes={"sign": -1},
    ),
    Mistake(
        name="asked-both-ways",
        message="You asked each question both ways, which gives 1/2 whatever the captions "
        "are. That is how a set should be made; here measure the one you were given.",
        changes={"last": lambda _: 0.5},
    ),
    Mistake(
        name="gain",
        message="You return how much seeing adds. The baseline alone is asked for.",
        answer=_gain,
    ),
    Mistake(
        name="counted",
        message="You added the points up. Divide by the number of questions.",
        changes={"total": sum},
    ),
    Mistake(
        name="percent",
        message="You return per cent. A share lies between 0 and 1.",
        changes={"last": lambda share: 100 * share},
    ),
    Mistake(
        name="not-averaged",
        message="You return one number a question. Average them.",
        changes={"total": list},
        variants=({"total": np.array},),
    ),
)
