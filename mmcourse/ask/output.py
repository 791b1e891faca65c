"""What a question gets to hear: a line, or JSON for programs."""

import json
from dataclasses import dataclass
from typing import final

from mmcourse.vqa import Reply


@final
@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to one question.

    Args:
        path: of the picture, as it was typed.
        question: as it was typed.
        reply: the answers that it can have, and what it takes for granted in vain.
        distance: from the middle of the drawn world; the border is at 1.
    """

    path: str
    question: str
    reply: Reply
    distance: float

    @property
    def foreign(self) -> bool:
        """Whether the picture lies beyond the border."""
        return self.distance > 1


def as_line(answered: Answered, foreign: str) -> str:
    """Return what people read.

    >>> reply = Reply((("red", 0.98), ("blue", 0.02)))
    >>> as_line(Answered(path="", question="", reply=reply, distance=0.5), "no")
    'red 0.98'
    >>> lone = Reply(reply.answers, lone=("cat",))
    >>> as_line(Answered(path="", question="", reply=lone, distance=0.5), "no")
    'no answer: one cat is there'
    """
    if answered.foreign:
        return foreign
    if lone := answered.reply.lone:
        return f"no answer: {', '.join(f'one {name}' for name in lone)} is there"
    answer, chance = answered.reply.answers[0]
    return f"{answer} {chance:.2f}"


def beside(answered: Answered) -> list[str]:
    """Return what is said beside the answer: what the question takes for granted in vain."""
    if answered.foreign:
        return []
    reply = answered.reply
    seen = [f"no {name}" for name in reply.absent], [f"one {name} alone" for name in reply.lone]
    ends = (
        "which the question takes for granted",
        "where the question takes several for granted",
    )
    return [
        f"the model sees {', '.join(things)} there, {end}."
        for things, end in zip(seen, ends, strict=True)
        if things
    ]


def as_text(answered: Answered) -> str:
    """Return it as JSON; see the docstring of `mmcourse.ask`."""
    reply = answered.reply
    guess, chance = reply.answers[0]
    return json.dumps(
        {
            "path": answered.path,
            "question": answered.question,
            "answer": None if answered.foreign else reply.answer,
            "probability": round(chance, 6),
            "guess": guess,
            "foreign": answered.foreign,
            "distance": round(answered.distance, 6),
            "doubted": [*reply.absent],
            "lone": [*reply.lone],
            "answers": [
                {"answer": answer, "probability": round(chance, 6)}
                for answer, chance in reply.answers
            ],
        }
    )
