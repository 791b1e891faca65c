"""Asking many films: whose answers are counted, and how nobody is named."""

import pytest
import torch

from mmcourse.video import (
    TYPES,
    VideoQA,
    asked,
    film_answer_numbers,
    film_tokens,
    films,
    quiz,
    reply,
    right,
)
from mmcourse.video.asking import nameless
from mmcourse.world import FILM_ANSWERS, film_questions


@pytest.fixture(scope="module")
def shown():
    return films(7, 3)


@pytest.fixture
def model():
    return VideoQA(width=32, layers=1).eval()


def test_each_film_is_asked_of_its_left_and_its_right_dancer_in_turn(shown):
    for row, each in enumerate(asked(shown, "direction")):
        dancer = shown.duets[row].dancers[row % 2]
        assert dancer.thing.kind in each.text
        assert each.answer == dancer.heading


def test_types_are_those_that_the_world_asks(shown):
    assert set(TYPES) == {each.type for each in film_questions(shown.duets[0])}


def test_without_a_name_nobody_is_meant(shown):
    assert {each.text for each in asked(shown, "colour", named=False)} == {"what colour is it?"}
    kept = [each.text for each in asked(shown, "left", named=False)]
    assert set(kept) == {"what is on the left?"}
    named, plain = asked(shown, "direction"), asked(shown, "direction", named=False)
    assert [each.answer for each in named] == [each.answer for each in plain]
    assert nameless("which way does the cat go?", shown.duets[0]).count("the") < 2


def test_answers_are_the_largest_logits_whatever_the_batch(model, shown, monkeypatch):
    questions = [each.text for each in asked(shown, "heard")]
    whole = reply(model, shown, questions)
    monkeypatch.setattr("mmcourse.video.asking.BATCH", 2)
    assert reply(model, shown, questions) == whole
    assert set(whole) <= set(FILM_ANSWERS)


def test_right_is_where_the_reply_is_the_answer(model, shown):
    said = reply(model, shown, [each.text for each in asked(shown, "hops")])
    wanted = [each.answer for each in asked(shown, "hops")]
    with torch.no_grad():
        model.answer.weight.zero_()
        model.answer.bias.copy_(torch.eye(len(FILM_ANSWERS))[FILM_ANSWERS.index("two")])
    hits = right(model, shown)["hops"]
    assert hits.tolist() == [answer == "two" for answer in wanted]
    assert len(said) == len(hits)


def test_all_types_at_once_are_what_each_is_alone(model, shown):
    hits = right(model, shown)
    assert tuple(hits) == TYPES
    for kind in ("colour", "voice"):
        said = reply(model, shown, [each.text for each in asked(shown, kind)])
        wanted = [each.answer for each in asked(shown, kind)]
        assert hits[kind].tolist() == [
            one == other for one, other in zip(said, wanted, strict=True)
        ]


def test_a_quiz_is_every_question_of_every_film(shown):
    questions, answers = quiz(shown)
    assert questions.shape[:2] == answers.shape == (7, 11)
    for row, duet in enumerate(shown.duets):
        wanted = film_questions(duet)
        said = [film_tokens().decode(each) + "?" for each in questions[row]]
        assert said == [each.text for each in wanted]
        expected = film_answer_numbers([each.answer for each in wanted])
        assert torch.equal(answers[row], expected)


def test_a_quiz_may_name_nobody_and_leave_out_a_type(shown):
    questions, answers = quiz(shown, named=False, leave_out="voice")
    assert answers.shape == (7, 10)
    said = {film_tokens().decode(each) for row in questions for each in row}
    assert len(said) == 8
    assert "what do you hear" not in said
    assert {"what colour is it", "which way does it go"} <= said
