"""A question as somebody types it: spelt as in this course, in words that the model learnt.

Leaves out whether the model's answer can be trusted: `granted`.
"""

import re

from mmcourse.boundary.signature import checked
from mmcourse.terminal import printable
from mmcourse.vqa.answers import question_tokens
from mmcourse.vqa.statements import statements

SPELT = {"color": "colour", "gray": "grey"}
"""American spellings of words that the model learnt in British ones."""


@checked
def understood(question: str) -> str:
    """Return a question as the model learnt to read it: lower case, single spaces, "colour".

    Raises:
        ValueError: it holds words that the model never learnt, or is of no form that it did.

    >>> understood("What  color is the cat ?")
    'what colour is the cat?'
    """
    words = [SPELT.get(word, word) for word in words_of(question)]
    known = question_tokens()
    unknown = [word for word in words if word not in known.ids and word != "an"]
    if unknown:
        named = ", ".join(map(printable, dict.fromkeys(unknown)))
        raise ValueError(
            "understood: a question must be in words that the model learnt; it never learnt "
            f"{named:.200}."
        )
    plain = f"{' '.join(words)}?"
    try:
        statements(plain)
    except ValueError:
        sorts = "a kind, a colour, one to four, a side, a direction, yes or no"
        raise ValueError(
            "understood: a question must be of a form that the model learnt, whose answer is "
            f"{sorts}; got {printable(' '.join(question.split())):.120}."
        ) from None
    return plain


def words_of(question: str) -> list[str]:
    """Return the words of a question, in lower case."""
    return re.findall(r"[^\s.,?!;:]+", question.lower())
