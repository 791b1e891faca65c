"""What a question gets to hear: a line, or JSON for programs."""

import json
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to one question.

    Args:
        path: of the picture, as it was typed.
        question: as it was typed.
        answers: those that the question can have, each with its probability, the best first.
        distance: from the middle of the drawn world; the border is at 1.
        doubted: things that the question takes for granted, and the model does not see.
    """

    path: str
    question: str
    answers: tuple[tuple[str, float], ...]
    distance: float
    doubted: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether the picture lies beyond the border."""
        return self.distance > 1


def as_line(answered: Answered, foreign: str) -> str:
    """Return what people read.

    >>> as_line(Answered(path="", question="", answers=(("red", 0.98),), distance=0.5), "no")
    'red 0.98'
    """
    answer, chance = answered.answers[0]
    return foreign if answered.foreign else f"{answer} {chance:.2f}"


def as_text(answered: Answered) -> str:
    """Return it as JSON; see the docstring of `mmcourse.ask`."""
    guess, chance = answered.answers[0]
    return json.dumps(
        {
            "path": answered.path,
            "question": answered.question,
            "answer": None if answered.foreign else guess,
            "probability": round(chance, 6),
            "guess": guess,
            "foreign": answered.foreign,
            "distance": round(answered.distance, 6),
            "doubted": [*answered.doubted],
            "answers": [
                {"answer": answer, "probability": round(chance, 6)}
                for answer, chance in answered.answers
            ],
        }
    )
