"""Answers as learners write them: the right pass, the wrong are refused and told the cause."""

from collections import Counter

import checking
import pytest
from answers.read import written

from classroom.checks import find
from classroom.checks.diagnosis import diagnose
from classroom.checks.feedback import feedback

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for
ANSWERS = written()
ANY_NAME = "?"


def chosen(right):
    return [
        pytest.param(one, id=f"{one.question} {one.title}")
        for one in ANSWERS
        if one.right is right
    ]


@pytest.mark.parametrize("answer", chosen(right=True))
def test_a_right_answer_passes(answer, seeds):
    checking.assert_passes(find(answer.question), answer.made(), seeds)


@pytest.mark.parametrize("answer", chosen(right=False))
def test_a_wrong_answer_is_refused_and_told_the_cause(answer, seeds):
    question, made = find(answer.question), answer.made()
    for seed in seeds:
        verdict = checking.assert_refused(question, made, seed)
        if answer.told != ANY_NAME and seed in checking.told_on(seeds):
            found = diagnose(verdict)
            told = found.name if found else None
            assert told == answer.told, f"seed {seed}: {feedback(verdict)}"


def test_each_answer_has_a_title_of_its_own():
    titles = Counter((one.question, one.title) for one in ANSWERS)
    assert [title for title, count in titles.items() if count > 1] == []
