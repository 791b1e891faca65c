"""VQA accuracy: an answer is as right as there are people who gave it.

Ten people answered each question, and not always alike. Leaves out how answers are brought to
one spelling first (articles, digits, punctuation).
"""

from collections.abc import Sequence

from mmcourse.boundary.signature import checked

PEOPLE = 10
"""How many answered each question."""

ENOUGH = 3
"""How many must agree with an answer for it to count as right."""


@checked
def vqa_accuracy(predictions: Sequence[str], answers: Sequence[Sequence[str]]) -> float:
    """Return the mean over questions of how right each prediction is, in [0, 1].

        mean over the ten choices of nine people of min(how many of them said it / 3, 1)

    Source: arXiv 1505.00468, section 3, whose authors average so over subsets, that machines
    and people are measured alike.

    Args:
        predictions: one answer for each question.
        answers: what ten people answered, for each question.

    Raises:
        ValueError: there is no question, not one prediction for each, or not ten answers.

    Three of ten said "red". Of the ten choices of nine, seven hold three of them and three
    hold two, so that 7/10 + 3/10 · 2/3 = 0.9:

    >>> round(vqa_accuracy(["red"], [["red"] * 3 + ["orange"] * 7]), 6)
    0.9
    """
    if len(predictions) != len(answers) or not len(answers):
        raise ValueError(
            "vqa_accuracy: there must be one prediction for each question, at least one; got "
            f"{len(predictions)} for {len(answers)} questions."
        )
    counts = {len(given) for given in answers}
    if counts != {PEOPLE}:
        raise ValueError(
            f"vqa_accuracy: {PEOPLE} people must have answered each question; got "
            f"{min(counts - {PEOPLE})} answers; of one true answer, pass it ten times."
        )
    scores = [_score(said, given) for said, given in zip(predictions, answers, strict=True)]
    return sum(scores) / len(scores)


def _score(said: str, given: Sequence[str]) -> float:
    agreeing = [
        sum(answer == said for place, answer in enumerate(given) if place != left_out)
        for left_out in range(PEOPLE)
    ]
    return sum(min(count / ENOUGH, 1) for count in agreeing) / PEOPLE
