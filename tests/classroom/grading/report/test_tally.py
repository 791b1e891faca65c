"""What is counted of a class: each student in the right place, and in no other."""

import dataclasses

import pytest
from hostile.toy import NUMPY

from classroom.grading.report.tally import NOT_RUN, tally
from classroom.grading.results import CaseResult, PropertyResult, QuestionResult, Result


def prop(*statuses, name="p", mistake="", visible=False, maximum=2):
    cases = tuple(CaseResult(label="a", visible=visible, status=one) for one in statuses)
    points = maximum if set(statuses) == {"passed"} else 0
    facts = {"name": name, "maximum": maximum, "mistake": mistake}
    return PropertyResult(**facts, points=points, cases=cases)


def result(student, *props, diagnosis="", status="graded", maximum=4):
    question = QuestionResult(
        number="90.1", function="f", properties=props, diagnosis=diagnosis
    )
    return Result(
        student=student,
        exercise=NUMPY.name,
        maximum=maximum,
        status=status,
        questions=(question,) if props else (),
    )


def groups(*results):
    """Return the groups of the one question, by name."""
    ((question,),) = (one.questions for one in tally(results))
    return {one.name: one.students for one in question.groups}


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (result("a", prop("passed")), []),
        (result("a", prop("wrong", mistake="columns")), ["columns"]),
        (result("a", prop("wrong", mistake="x"), prop("raised", mistake="y")), ["x", "y"]),
        (result("a", prop("wrong", mistake="x"), prop("wrong", mistake="x")), ["x"]),
        (result("a", prop("passed"), prop("wrong"), diagnosis="law"), ["law"]),
        (result("a", prop("wrong", mistake="x"), diagnosis="law"), ["x"]),
        (result("a", prop("wrong", "passed")), ["no known mistake"]),
        (result("a", prop("wrong", "raised")), ["raised"]),
        (result("a", prop("stopped", "raised")), ["stopped"]),
        (result("a", prop("not attempted", "not attempted")), ["not attempted"]),
        (result("a", prop("missing")), ["missing"]),
        (result("a", prop("passed", "not attempted")), ["no known mistake"]),
    ],
)
def test_an_answer_stands_where_it_belongs(answer, names):
    assert list(groups(answer)) == names


def test_a_practice_diagnosis_does_not_make_a_right_answer_a_mistake():
    assert groups(result("a", prop("passed"), diagnosis="law")) == {}


def test_the_largest_mistake_is_first_and_what_has_no_name_comes_last():
    lone, pair = prop("wrong", mistake="a"), prop("wrong", mistake="z")
    answers = [result("1", lone), result("2", pair), result("3", pair)]
    answers += [result(f"{at}", prop("raised")) for at in (4, 5, 6)]
    answers += [result("7", prop("wrong"))]
    assert list(groups(*answers).items()) == [
        ("z", ("2", "3")),
        ("a", ("1",)),
        ("no known mistake", ("7",)),
        ("raised", ("4", "5", "6")),
    ]


def test_the_hidden_property_lost_most_is_counted_among_those_who_attempted():
    easy, hard = prop("passed", name="easy"), prop("wrong", name="hard")
    shown = prop("wrong", name="shown", visible=True)
    nothing = [prop("not attempted", name=name) for name in ("easy", "hard")]
    (found,) = tally(
        [
            result("1", shown, easy, hard),
            result("2", shown, easy, prop("passed", name="hard")),
            result("3", *nothing),
        ]
    )
    lost = found.lost
    assert (lost.number, lost.name, lost.count, lost.of) == ("90.1", "hard", 1, 2)
    assert tally([result("1", easy)])[0].lost is None
    cases = (*easy.cases, *shown.cases)
    assert tally([result("1", dataclasses.replace(easy, cases=cases))])[0].lost is None


def test_who_has_no_result_stands_under_the_reason():
    waiting = [result(status, status=status) for status in NOT_RUN]
    (found,) = tally([*waiting, result("ran", prop("passed"))])
    assert {one.name: one.students for one in found.not_run} == {
        "not handed in": ("missing",),
        "unreadable": ("unreadable",),
        "stopped": ("stopped",),
        "not graded": ("not graded",),
    }
    assert (found.students, found.handed_in) == (5, 4)
    assert found.points == (0, 0, 2), "no mark is no zero"


@pytest.mark.parametrize("maximum", [0, 1, 12.5, 20, 21, 100])
def test_the_bins_hold_every_mark_once(maximum):
    had = [maximum * share for share in (0, 0.25, 0.5, 0.99, 1, 1)]
    question = [prop("passed", maximum=points) for points in had]
    (found,) = tally([result(str(at), one, maximum=maximum) for at, one in enumerate(question)])
    assert sum(one.count for one in found.bins) == len(had)
    assert len(found.bins) <= 21
    for one in found.bins[:-1]:
        assert one.count == sum(one.start <= points < one.end for points in had)


def test_exercises_are_told_apart():
    other = dataclasses.replace(result("a", prop("passed")), exercise="01_first")
    assert [one.name for one in tally([result("a", prop("wrong")), other])] == [
        "01_first",
        NUMPY.name,
    ]
