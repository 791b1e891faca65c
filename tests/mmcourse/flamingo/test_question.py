from collections import Counter

import numpy as np
import pytest
import torch

from mmcourse.data import sample_scenes
from mmcourse.flamingo import Album, draw_questions, shuffled

KINDS = ["cat", "car", "boat"]


@pytest.fixture(scope="module")
def album():
    rng = np.random.default_rng(0)
    scenes = sample_scenes(400, rng, n_objects=1, kinds=KINDS, colours=["red", "blue", "pink"])
    return Album(torch.zeros(400, 3, 5), scenes)


def questions(album, shots, n=100):
    return draw_questions(n, shots, album, KINDS, np.random.default_rng(1))


@pytest.mark.parametrize("shots", range(4))
def test_each_name_has_as_many_examples(album, shots):
    for question in questions(album, shots, 30):
        assert Counter(question.names) == Counter(dict.fromkeys(question.choice, shots))
        assert len(question.rows) == len(question.things) == 2 * shots + 1
        assert [album.things[row] for row in question.rows] == list(question.things)


def test_no_picture_is_shown_twice(album):
    assert all(len(set(each.rows)) == 7 for each in questions(album, 3, 20))


def test_names_follow_the_rule(album):
    for question in questions(album, 3):
        fact = ["kind", "colour"].index(question.rule)
        names = (*question.names, question.right)
        meant = {
            (thing[fact], name) for thing, name in zip(question.things, names, strict=True)
        }
        assert len(meant) == 2


def test_both_names_are_right_as_often(album):
    right = [each.right == each.choice[0] for each in questions(album, 1, 200)]
    assert np.mean(right) == pytest.approx(0.5, abs=0.1)


def test_the_document_ends_where_the_name_is_asked(album):
    for question in questions(album, 2, 5):
        words = question.document().split()
        assert words[-2:] == ["<image>", "is"]
        assert words.count("<image>") == 5
        told = question.document(told=question.things).split()
        assert told[-3:] == [question.things[-1][1], question.things[-1][0], "is"]
        assert "<image>" not in told


def test_shuffling_moves_names_and_nothing_else(album):
    rng = np.random.default_rng(2)
    moved = [(each, shuffled(each, rng)) for each in questions(album, 3, 20)]
    assert all(Counter(a.names) == Counter(b.names) for a, b in moved)
    assert all((a.rows, a.right) == (b.rows, b.right) for a, b in moved)
    assert sum(a.names != b.names for a, b in moved) > 15


def test_telling_fewer_things_than_there_are_is_refused(album):
    question = questions(album, 1, 1)[0]
    with pytest.raises(ValueError, match="told must be 3 things; got 2"):
        question.document(told=question.things[:2])
