"""The exercise on numpy, with a question that is answered in words."""

import dataclasses

from hostile.notebooks import text_cell
from hostile.toy import NUMPY

from classroom.checks.question import Written

WRITTEN = Written(number="90.5", title="In words", points=4, rubric="1 point a reason")
ASKING = dataclasses.replace(NUMPY, name="90_words", written=(WRITTEN,))
PROMPT = "## 90.5 · In words\n\nWhy?\n\nDifficulty ●●○○○ · Importance ●●○○○ · about 9 minutes"
CLOSING = text_cell("Go on to lesson 91.", "90-5-text-1")


def card(answer="YOUR ANSWER HERE", below="", name="90-5-answer"):
    """Return the text cells of the question as they are handed in."""
    return text_cell(PROMPT + below, "90-5-text-0"), text_cell(answer, name), CLOSING
