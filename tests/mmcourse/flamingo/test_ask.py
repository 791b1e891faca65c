import numpy as np
import pytest
import torch
from torch.testing import assert_close

from mmcourse.data import sample_scenes
from mmcourse.flamingo import (
    Album,
    Flamingo,
    GameLanguageModel,
    Sight,
    asked,
    asked_in_words,
    draw_questions,
    game_words,
    name_pictures,
    right_of_all,
    right_of_two,
    tokens_of,
)
from mmcourse.flamingo import ask as module

KINDS = ["cat", "boat"]


@pytest.fixture(scope="module")
def album():
    rng = np.random.default_rng(0)
    scenes = sample_scenes(150, rng, n_objects=1, kinds=KINDS, colours=["red", "blue"])
    grids = torch.randn(150, 3, 5, generator=torch.Generator().manual_seed(0))
    return Album(grids, scenes)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    sight = Sight(5, 3, width=32, layers=1)
    sight.resblocks[0].look_gate.data.fill_(1.0)
    return Flamingo(GameLanguageModel(width=32, layers=1), sight).eval()


def questions(album, shots, n=7):
    return draw_questions(n, shots, album, KINDS, np.random.default_rng(1))


def saying(word, n):
    logits = torch.zeros(n, len(game_words()))
    logits[:, game_words().ids[word]] = 1
    return logits


def test_answers_are_the_same_in_batches(album, model, monkeypatch):
    every = asked(model, album, questions(album, 1))
    monkeypatch.setattr(module, "BATCH", 3)
    assert_close(asked(model, album, questions(album, 1)), every)
    assert every.shape == (7, len(game_words()))


def test_asking_reads_the_last_word_with_its_pictures(album, model):
    [one] = questions(album, 1, n=1)
    expected = model(tokens_of([one.document()]), album.show([one.rows]))[:, -1]
    assert_close(asked(model, album, [one]), expected)


def test_asking_in_words_needs_no_picture(album, model):
    [one] = questions(album, 1, n=1)
    expected = model.language(tokens_of([one.document(told=one.things)]))[:, -1]
    assert_close(asked_in_words(model, [one], [one.things]), expected)


def test_of_two_needs_only_the_likelier_of_the_two(album):
    for one in questions(album, 0):
        other = next(name for name in one.choice if name != one.right)
        right, wrong, neither = (saying(word, 1) for word in (one.right, other, "cat"))
        assert right_of_two(right, [one]).all()
        assert not right_of_two(wrong, [one]).any()
        assert right_of_all(right, [one]).all()
        assert not right_of_all(neither + 0.5 * right, [one]).any()
        assert right_of_two(neither + 0.5 * right, [one]).all()


def test_pictures_are_named_by_a_kind_and_a_colour(album, model):
    said = name_pictures(model, album, range(9))
    assert len(said) == 9
    assert all(kind in game_words().ids and colour in game_words().ids for kind, colour in said)


def test_questions_of_different_lengths_are_refused(album, model):
    both = [*questions(album, 0, 1), *questions(album, 2, 1)]
    with pytest.raises(ValueError, match="as many pictures; got 1 to 5"):
        asked(model, album, both)


def test_no_question_has_no_answer(album, model):
    assert asked(model, album, []).shape == (0, len(game_words()))
