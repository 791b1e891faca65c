"""A class that never was: names in every script, mistakes by chance, results made by hand."""

import dataclasses
import random

from hostile.in_words import ASKING

from classroom.checks.question import Mistake
from classroom.grading.near_copies import NearCopies
from classroom.grading.results import (
    CaseResult,
    PropertyResult,
    QuestionResult,
    Result,
    WrittenResult,
)

NAMES = (
    "Ada Lovelace",
    "Zoë Ōkubo-Łukasiewicz",
    "李小龙",
    "محمد بن موسى",
    "דבורה",
    "Σωκράτης",
    "ราตรี",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "{{ 7 * 7 }}",
    "W" * 100,
)
MISTAKES = {
    "90.1": ("columns", "whole array", "adds 1e-8"),
    "90.2": ("no maximum taken away", "wrong axis", "<b>bold</b>"),
}
EXERCISE = dataclasses.replace(
    ASKING,
    questions=tuple(
        dataclasses.replace(
            question,
            mistakes=tuple(
                Mistake(name=name, message=f"This is {name}. Look again.", answer=len)
                for name in MISTAKES[question.number]
            ),
        )
        for question in ASKING.questions
    ),
)
ENDINGS = ("passed", "passed", "passed", "mistake", "mistake", "wrong", "raised", "stopped")


def results_of(count, seed=0, absent=0.1, endings=ENDINGS):
    """Return results of so many students, some of whom hand in nothing."""
    chance = random.Random(seed)
    return [_result(at, chance, absent, endings) for at in range(count)]


def copies_of(results, count=2, source="def unit_rows(a):\n    return '<b>' + a\n"):
    students = [one.student for one in results[:count]]
    return [
        NearCopies(
            exercise=EXERCISE.name,
            number="90.1",
            function="unit_rows",
            nodes=44,
            sources=tuple((student, source) for student in students),
        )
    ]


def _result(at, chance, absent, endings):
    name = NAMES[at] if at < len(NAMES) else f"{NAMES[at % 7]} {at}"
    plain = Result(
        student=name, exercise=EXERCISE.name, maximum=EXERCISE.points, status="missing"
    )
    if chance.random() < absent:
        return plain
    if chance.random() < 0.03:
        return dataclasses.replace(plain, status="unreadable", reason="the file is empty")
    questions = tuple(
        _question(one, chance, chance.choice([*endings, "not attempted", "missing"]))
        for one in EXERCISE.questions
    )
    words = WrittenResult(number="90.5", title="In words", text="Because <b>.", maximum=4)
    if chance.random() < 0.5:
        words = dataclasses.replace(words, points=chance.choice([0, 2.5, 4]), comment="<i>Yes")
    return dataclasses.replace(plain, status="graded", questions=questions, written=(words,))


def _question(question, chance, ending):
    """Return a question of which the last property, or all of them, ended in this way."""
    props = question.properties
    failed = {props[-1].name} if chance.random() < 0.5 else {one.name for one in props}
    if ending in ("not attempted", "missing"):
        failed = {one.name for one in props}
    mistake = chance.choice(MISTAKES[question.number]) if ending == "mistake" else ""
    status = "wrong" if ending == "mistake" else ending
    made = []
    for one in props:
        lost = one.name in failed and ending != "passed"
        ended = status if lost else "passed"
        case = CaseResult(label="a", visible=not one.points, status=ended)
        made.append(
            PropertyResult(
                name=one.name,
                points=0 if lost else one.points,
                maximum=one.points,
                cases=(case,),
                mistake=mistake if lost else "",
            )
        )
    return QuestionResult(
        number=question.number, function=question.function, properties=tuple(made)
    )
