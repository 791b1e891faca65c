"""Which word the painter learnt when."""

from train_flow import BATCH, LOOKED_AT

from mmcourse import small


def test_every_moment_that_was_kept_was_looked_at():
    found = small.stored_paintings()
    assert [each.samples for each in found] == [BATCH * steps for steps in LOOKED_AT]


def test_scenery_comes_first_and_things_last():
    found = small.stored_paintings()
    for each in found[:5]:
        assert each.kind < each.colour
        assert each.kind < each.setting
    assert found[-1].kind > 0.85
