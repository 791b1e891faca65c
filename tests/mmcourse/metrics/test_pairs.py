"""Scores of minimal pairs: by hand, over all orders, and by guessing."""

from itertools import permutations

import numpy as np
import pytest
import torch

from mmcourse.metrics import accuracy, pair_accuracy, winoground_scores
from mmcourse.metrics.pairs import GUESSED


@pytest.mark.parametrize("kind", [np.array, torch.tensor, list])
def test_a_tie_counts_half(kind):
    assert pair_accuracy(kind([3, 2, 1, 0, 5]), kind([2, 2, 2, 2, 5])) == 0.4
    assert pair_accuracy(kind([0.5, -0.5]), kind([0.5, -0.5])) == 0.5


def test_without_ties_it_is_the_accuracy_of_choosing_the_higher(rng):
    true, false = rng.normal(size=(2, 77))
    chosen = np.stack([true, false]).argmax(0)
    assert pair_accuracy(true, false) == accuracy(chosen, np.zeros(77, dtype=int))


def test_exchanging_true_and_false_mirrors_it(rng):
    true, false = rng.integers(0, 4, size=(2, 101))
    assert pair_accuracy(true, false) == pytest.approx(1 - pair_accuracy(false, true))


def test_half_precision_keeps_its_ties():
    both = torch.tensor([0.1, 0.2, 0.3], dtype=torch.bfloat16)
    assert pair_accuracy(both, both.clone()) == 0.5


def test_guessing_reaches_the_same_share_of_all_24_orders():
    every = np.array(list(permutations(range(4)))).reshape(24, 2, 2)
    assert winoground_scores(every) == GUESSED == (6 / 24, 6 / 24, 4 / 24)


def test_guessing_reaches_a_quarter_a_quarter_and_a_sixth(rng):
    n = 60_000
    found = winoground_scores(rng.normal(size=(n, 2, 2)))
    for share, chance in zip(found, GUESSED, strict=True):
        assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[3, 1], [2, 4]], (1, 1, 1)),
        ([[5, 1], [4, 2]], (0, 1, 0)),  # the first caption suits both pictures better
        ([[5, 4], [1, 2]], (1, 0, 0)),  # the first picture suits both captions better
        ([[1, 3], [4, 2]], (0, 0, 0)),
        ([[1, 1], [0, 1]], (0, 0, 0)),  # a tie is no victory: neither in a row nor in a column
    ],
)
def test_each_score_asks_its_own_question(table, expected):
    assert winoground_scores([table]) == expected


def test_captions_in_the_place_of_pictures_exchange_text_and_image(rng):
    table = rng.normal(size=(53, 2, 2))
    text, image, group = winoground_scores(table)
    assert winoground_scores(table.transpose(0, 2, 1)) == (image, text, group)
    assert group <= min(text, image)


def test_the_order_of_pairs_and_of_the_two_in_a_pair_is_nothing(rng):
    table = rng.normal(size=(31, 2, 2))
    found = winoground_scores(table)
    assert winoground_scores(table[::-1]) == pytest.approx(found)
    assert winoground_scores(table[:, ::-1, ::-1]) == found


def test_a_model_that_sees_no_picture_scores_nothing_and_half_the_answers(rng):
    captions = rng.normal(size=(41, 1, 2)).repeat(2, axis=1)
    assert winoground_scores(captions) == (0, 0, 0)
    own, other = captions[:, [0, 1], [0, 1]].ravel(), captions[:, [0, 1], [1, 0]].ravel()
    assert pair_accuracy(own, other) == 0.5
