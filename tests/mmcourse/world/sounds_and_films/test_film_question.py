"""Questions about duets: every answer is one that was worked out by hand."""

import numpy as np
import pytest

from mmcourse.world import FILM_ANSWERS, Dancer, Duet, Thing, film_questions, sample_duet
from mmcourse.world.sounds_and_films.film_question import film_words


def dance(voice="bus", heard=1):
    cat = Thing(kind="cat", colour="red", size=0.2, position=(0.3, 0.7), pose="sitting")
    bus = Thing(kind="bus", colour="blue", size=0.2, position=(0.7, 0.7))
    dancers = Dancer(cat, "left", (4, 9)), Dancer(bus, "right", (3, 6))
    return Duet(dancers, heard, voice)


def test_the_answers_of_one_duet_worked_out_by_hand():
    assert [(each.text, each.answer) for each in film_questions(dance())] == [
        ("what colour is the cat?", "red"),
        ("which way does the cat go?", "left"),
        ("what colour is the bus?", "blue"),
        ("which way does the bus go?", "right"),
        ("what is on the left?", "cat"),
        ("what is on the right?", "bus"),
        ("which side hops first?", "right"),
        ("how often does each hop?", "two"),
        ("which side is heard?", "right"),
        ("what do you hear?", "bus"),
        ("do you see what you hear?", "yes"),
    ]


@pytest.mark.parametrize(
    ("voice", "heard", "said"),
    [
        ("cat", 1, ("right", "cat", "yes")),
        ("cat", 0, ("left", "cat", "yes")),
        ("dog", 0, ("left", "dog", "no")),
    ],
)
def test_whose_voice_it_is_and_whose_hops_it_sounds_at_are_two_questions(voice, heard, said):
    answers = {each.type: each.answer for each in film_questions(dance(voice, heard))}
    assert (answers["heard"], answers["voice"], answers["match"]) == said


def test_answers_and_words_are_closed_lists(rng):
    asked = [each for _ in range(99) for each in film_questions(sample_duet(rng))]
    assert {each.answer for each in asked} == set(FILM_ANSWERS)
    words = {word for each in asked for word in each.text.rstrip("?").split()}
    assert words | {"it"} == set(film_words())


def test_questions_draw_nothing():
    duet = sample_duet(np.random.default_rng(1))
    assert film_questions(duet) == film_questions(duet)
