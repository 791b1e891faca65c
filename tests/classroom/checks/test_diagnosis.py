"""Which mistake an answer makes, which law it breaks, and what is measured of it."""

from dataclasses import replace

import numpy as np
import pytest
from doubling import QUESTION, doubled, say

from classroom.checks.diagnosis import diagnose
from classroom.checks.invariances import follows_order, sums_to, unchanged, within
from classroom.checks.judge import judge
from classroom.checks.question import Mistake


def halves(outcome, x):
    return [outcome.mean(), "kept" if outcome.shape == x.shape else "lost"]


def test_a_measure_is_compared_instead_of_the_outcome():
    question = replace(QUESTION, measure=halves)
    assert judge(question, lambda x: 2 * x[::-1]).passed  # another order, the same mean
    said = say(lambda x: x, question)
    assert "  yours       [2.75, 'kept']" in said
    assert "  expected    [5.5, 'kept']" in said


@pytest.mark.parametrize("outcome", [None, "kept", [5.5, "kept"], {"mean": 5.5}])
def test_an_outcome_that_has_no_measure_fails(outcome):
    verdict = judge(replace(QUESTION, measure=halves), lambda x: outcome)
    assert not any(trial.passed for trial in verdict.trials)


def test_a_reference_without_a_measure_is_our_own_fault():
    question = replace(QUESTION, measure=lambda outcome, x: outcome.missing)
    with pytest.raises(ValueError, match=r"99\.1: no measure of the reference in 'two rows'"):
        judge(question, doubled)


def test_a_mistake_that_raises_is_known_by_its_words():
    def wrong(x):
        return x.reshape(7)

    question = replace(
        QUESTION, mistakes=(Mistake(name="reshaped", message="No.", answer=wrong),)
    )
    assert diagnose(judge(question, lambda x: x.reshape(7) * 2)).name == "reshaped"
    assert diagnose(judge(question, lambda x: x.reshape(8))) is None
    assert diagnose(judge(question, lambda x: x.missing)) is None


def test_of_two_mistakes_the_one_that_explains_more_is_told():
    narrow = Mistake(
        name="narrow", message="N", answer=lambda x: x if len(x) == 2 else 2 * x
    )  # wrong in the fixed case alone
    broad = Mistake(name="broad", message="B", answer=lambda x: x)
    question = replace(QUESTION, mistakes=(narrow, broad))
    assert diagnose(judge(question, lambda x: 1 * x)).name == "broad"
    assert diagnose(judge(question, narrow.answer)).name == "narrow"
    assert diagnose(judge(question, lambda x: x if len(x) == 2 else 0 * x)).name == "narrow"


@pytest.mark.parametrize(
    ("law", "answer"),
    [
        (unchanged("L", "A law.", lambda x: (x + 1,)), lambda x: 3 * x),
        (follows_order("A law."), lambda x: x.cumsum(axis=0)),
        (within("A law.", -9, 9), lambda x: x + 10),
        (sums_to("A law."), lambda x: 3 * x),
    ],
    ids=["unchanged", "order", "within", "sum"],
)
def test_a_broken_law_is_told_and_a_kept_one_is_not(law, answer):
    question = replace(QUESTION, invariances=(law,))
    assert say(answer, question).splitlines()[1] == "A law."
    kept = {"L": x_minus_mean, "order": lambda x: -x, "range": np.sin, "sum": as_shares}
    assert "A law." not in say(kept[law.name], question)


def x_minus_mean(x):
    return x - x.mean()


def as_shares(x):
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


def test_a_law_is_not_told_where_the_answer_cannot_be_asked():
    def answer(x):
        if x[0, 0] != 3:
            raise ValueError
        return x

    law = unchanged("L", "A law.", lambda x: (x + 1,))
    assert "A law." not in say(answer, replace(QUESTION, invariances=(law,)))


def build(*, factor=2, shift=0, rows=None):
    return lambda x: (factor * x + shift)[:rows]


PAIRED = replace(
    QUESTION,
    build=build,
    mistakes=(
        Mistake(name="tripled", message="T.", changes={"factor": 3}, variants=({"factor": 4},)),
        Mistake(name="shifted", message="S.", changes={"shift": 1}),
        Mistake(name="squared", message="Q.", answer=lambda x: x * x),
        Mistake(name="cut", message="C.", changes={"rows": 1}),
    ),
)


@pytest.mark.parametrize(
    ("name", "message", "changes"),
    [
        ("tripled", "T.", {"factor": 3}),
        ("tripled", "T.", {"factor": 4}),
        ("tripled + shifted", "Two things at once. T. S.", {"factor": 3, "shift": 1}),
        ("tripled + shifted", "Two things at once. T. S.", {"factor": 4, "shift": 1}),
        ("shifted + cut", "Two things at once. S. C.", {"shift": 1, "rows": 1}),
    ],
)
def test_two_mistakes_at_once_are_both_told(name, message, changes):
    found = diagnose(judge(PAIRED, build(**changes)))
    assert (found.name, found.message) == (name, message)


def test_three_mistakes_at_once_are_not_named():
    assert diagnose(judge(PAIRED, build(factor=3, shift=1, rows=1))) is None


def test_two_pairs_that_no_case_parts_are_not_named():
    twin = Mistake(name="twin", message="W.", changes={"rows": 1})
    question = replace(PAIRED, mistakes=(*PAIRED.mistakes, twin))
    assert diagnose(judge(question, build(shift=1, rows=1))) is None


def test_two_mistakes_that_no_case_parts_are_not_named():
    twin = Mistake(name="twin", message="W.", answer=lambda x: 3 * x)
    question = replace(PAIRED, mistakes=(*PAIRED.mistakes, twin))
    assert diagnose(judge(question, build(factor=3))) is None
    assert diagnose(judge(question, build(factor=4))).name == "tripled"


def test_the_pairs_that_are_tried_have_a_bound(monkeypatch):
    made = []
    question = replace(PAIRED, build=lambda **changes: made.append(changes) or build(**changes))
    monkeypatch.setattr("classroom.checks.diagnosis.MOST_PAIRS", 2)
    assert diagnose(judge(question, build(shift=1, rows=1))) is None
    assert sum(len(changes) == 2 for changes in made) == 2


def test_changes_without_build_are_our_own_fault():
    with pytest.raises(ValueError, match=r"99\.1: expected `build`.* tripled, shifted"):
        replace(PAIRED, build=None)
    with pytest.raises(ValueError, match="expected an answer or changes in empty"):
        Mistake(name="empty", message="E.")
