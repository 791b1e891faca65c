"""Which word the painter learnt when."""

import painting_runs
import pytest
from train_flow import BATCH, LOOKED_AT

from mmcourse import small
from mmcourse.rectified_flow import load_painter


def test_every_moment_that_was_kept_was_looked_at():
    found = small.stored_paintings()
    assert [each.samples for each in found] == [BATCH * steps for steps in LOOKED_AT]


def test_scenery_comes_first_and_things_last():
    found = small.stored_paintings()
    for each in found[:5]:
        assert each.kind < each.colour
        assert each.kind < each.setting
    assert found[-1].kind > 0.85


def test_the_loss_falls_from_each_moment_to_the_next():
    losses = [each.loss for each in small.stored_paintings()]
    assert losses == sorted(losses, reverse=True)


def test_the_last_loss_is_the_shipped_painters():
    found = painting_runs.loss_of(load_painter("cpu"))
    assert found == pytest.approx(small.stored_paintings()[-1].loss, abs=0.002)
