import numpy as np
import pytest
import torch

from mmcourse.few_shot import few_shot_split

LABELS = torch.tensor([2, 0, 1, 2, 2, 0, 1, 0, 2, 1, 0, 2, 1])


def split(k=3, seed=0):
    return few_shot_split(LABELS, k, np.random.default_rng(seed))


def test_every_class_has_k_shots():
    shots, _ = split()
    assert LABELS[shots].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_shots_and_rest_are_all_rows_once():
    shots, rest = split()
    assert sorted([*shots.tolist(), *rest.tolist()]) == list(range(13))


def test_one_generator_draws_another_split_each_time():
    rng = np.random.default_rng(0)
    draws = {tuple(few_shot_split(LABELS, 2, rng)[0].tolist()) for _ in range(5)}
    assert len(draws) > 1


def test_equal_seeds_draw_equal_splits():
    assert torch.equal(split(seed=4)[0], split(seed=4)[0])


def test_every_row_is_drawn_about_equally_often():
    rng = np.random.default_rng(0)
    counts = torch.zeros(13)
    for _ in range(400):
        counts[few_shot_split(LABELS, 2, rng)[0]] += 1
    expected = 400 * 2 / torch.bincount(LABELS)[LABELS]
    assert torch.allclose(counts, expected, rtol=0.2)  # four standard errors or more


def test_as_many_shots_as_the_smallest_class_has_are_drawn():
    assert len(split(k=4)[0]) == 12


@pytest.mark.usefixtures("unchecked")
def test_a_class_with_too_few_pictures_is_named():
    with pytest.raises(ValueError, match="of class 0; lower k"):
        split(k=5)
