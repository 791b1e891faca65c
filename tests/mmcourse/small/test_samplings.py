"""The stored runs of lesson 13's dials: whether they are whole, and what their numbers mean."""

from collections import Counter

import pytest
import sampling_runs
import torch

from mmcourse import small
from mmcourse.small.samplings import STORED_SAMPLINGS


def test_the_stored_table_has_five_seeds_of_each_setting_once():
    found = Counter(tuple(run[:4]) for run in small.stored_samplings())
    assert found == Counter(
        (*setting, seed) for setting in sampling_runs.settings() for seed in sampling_runs.SEEDS
    )
    assert len(sampling_runs.SEEDS) == 5


def test_shares_are_shares():
    for run in small.stored_samplings():
        shares = (run.kind, run.colour, run.setting, run.none, run.limit)
        assert all(0 <= share <= 1 for share in shares)
        assert (run.n, -1 <= run.cosine <= 1, run.variety >= 0) == (42, True, True)


def test_midpoint_looks_as_often_as_euler_in_half_the_steps():
    asked = [(method, steps) for method, steps, _ in sampling_runs.settings()]
    looks = {steps for method, steps in asked if method == "euler"}
    assert {2 * steps for method, steps in asked if method == "midpoint"} <= looks


def test_limits_and_distances_by_hand():
    pixels = torch.tensor([[0, 100], [255, 3], [2, 104], [252, 3]], dtype=torch.uint8)
    assert sampling_runs.at_limit(pixels) == pytest.approx(3 / 8)
    assert sampling_runs.apart(pixels) == pytest.approx((2 + 4 + 3 + 0) / 4)


def test_another_table_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("method,steps\neuler,8\n")
    with pytest.raises(ValueError, match=r"must have the columns method, steps, guidance"):
        small.stored_samplings(path)
    assert STORED_SAMPLINGS.name == "samplings.csv"
