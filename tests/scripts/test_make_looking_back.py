"""The page that looks back: every claim of every lesson, with its number and its range."""

import make_looking_back
import nbformat
import pytest
from lessons import lessons
from make_looking_back import closing_names, page

from mmcourse.lesson.claims import Range, claimed, say


def test_the_page_is_made_of_what_the_lessons_kept():
    assert make_looking_back.PAGE.read_text(encoding="utf-8") == page(), (
        "out of date: python scripts/make_looking_back.py"
    )


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.number)
def test_every_claim_stands_there_once_with_its_range(lesson):
    start = page().index(f"../notebooks/{lesson.path.name})")
    rows = page()[start:].partition("\n## ")[0].splitlines()
    for name, (value, span) in claimed(lesson.number).items():
        row = f"| {name.replace('|', chr(92) + '|')} | {say(value)} | {span} |"
        assert rows.count(row) == 1


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.number)
def test_what_is_claimed_of_a_number_has_a_bound(lesson):
    rows = claimed(lesson.number).items()
    open_ended = [
        name
        for name, (value, span) in rows
        if not isinstance(value, bool) and span == Range(None, None)
    ]
    assert open_ended == [], "make lessons has not been run"


def test_a_closing_table_names_claims_that_were_kept():
    for lesson in lessons():
        assert set(closing_names(lesson)) <= set(claimed(lesson.number))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.number)
def test_the_question_stands_before_the_answer_and_both_before_the_numbers(lesson):
    start = page().index(f"../notebooks/{lesson.path.name})")
    part = page()[start:].partition("\n## ")[0]
    numbers = part.index("| Claim | Measured | Claimed |")
    assert 0 < part.index("**The question") < numbers
    answers = [
        cell.source
        for cell in nbformat.read(lesson.path, as_version=4).cells
        if cell.source.startswith("**The question, answered.**")
    ]
    for answer in answers:
        assert part.index("**The question") < part.index(answer) < numbers
