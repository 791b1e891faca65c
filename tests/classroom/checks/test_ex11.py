"""Exercise 11: the references are the course's own, and what is drawn shows what it should.

Answers as learners write them are in `tests/helpers/answers/ex11.txt`.
"""

import inspect

import checking
import numpy as np
import pytest

from classroom.checks import find
from classroom.checks.ex11_what_clip_misses import blind_accuracy as of_blind
from classroom.checks.ex11_what_clip_misses.swap_answers import COLOURS, agreeing
from mmcourse import losses, world


def swapped_by_the_course(caption):
    first, second = (word for word in caption.split() if word in COLOURS)
    return None if first == second else world.swap_attributes(caption)


def test_the_colours_are_the_worlds():
    assert tuple(world.COLOURS) == COLOURS


def test_swap_attributes_may_be_the_courses_own():
    checking.assert_passes(find("11.1"), swapped_by_the_course)


@pytest.mark.parametrize("seed", range(20))
def test_captions_of_11_1_are_as_the_card_says(seed):
    for _, case in find("11.1").draw(seed):
        (caption,) = case.arguments
        words = caption.split()
        assert " ".join(words) == caption == caption.lower()
        assert sum(word in COLOURS for word in words) == 2, caption
        assert agreeing(caption) == caption


@pytest.mark.parametrize("seed", range(20))
def test_a_word_of_11_1_holds_one_of_the_two_colours(seed):
    drawn = [case for each, case in find("11.1").draw(seed) if each.name == "whole words alone"]
    assert len(drawn) == 2
    for case in drawn:
        words = case.arguments[0].split()
        colours = [word for word in words if word in COLOURS]
        longer = [word for word in words if word not in COLOURS]
        assert any(colour in word for colour in colours for word in longer), case.arguments


def loss_of_the_course(images, texts, extra_texts, scale):
    return losses.clip_loss(images, texts, scale, extra_texts=extra_texts)


@pytest.mark.usefixtures("unchecked")
def test_the_loss_of_11_3_may_be_the_courses_own():
    checking.assert_passes(find("11.3"), loss_of_the_course)


@pytest.mark.parametrize("seed", range(20))
def test_extra_texts_of_11_3_change_the_loss(seed):
    for each, case in find("11.3").draw(seed):
        if each.name == "rivals of each picture":
            images, texts, extra, scale = case.arguments
            with_them = find("11.3").reference(images, texts, extra, scale)
            without = find("11.3").reference(images, texts, extra[:0], scale)
            assert with_them - without > 0.01, case.label


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_11_2_are_the_same_in_float32(seed):
    for _, case in find("11.2").draw(seed):
        for scores in case.arguments:
            assert (scores.astype(np.float32) == scores).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_caption_of_11_4_that_is_once_true_and_once_false_gives_a_half(seed):
    question = find("11.4")
    halves = [
        question.harness(question.reference, *case.arguments)
        for _, case in question.draw(seed)
        if "once" in case.label or "both ways" in case.label
    ]
    assert halves == [0.5, 0.5]


def test_the_harness_of_11_needs_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_blind.harness), space)

    def both(questions, score):
        ((picture, true, false),) = questions
        return score(picture, true), score(None, true), score(None, false)

    table = np.array([[3.0, 10.0, 1.0, 0.0], [2.0, 0.0, 0.0, 0.0]])
    given = [(np.array([5.0, 7.0]), "a", "b")], ["a", "b"], table
    assert space["harness"](both, *given) == (18, 3, 2)
