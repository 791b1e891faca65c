import pytest
import torch
from torch import nn
from torch.testing import assert_close

from mmcourse.few_shot import interpolate


def states():
    """Return two states of one network, after one and after six batches."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 5, 1), nn.BatchNorm2d(5))
    found = []
    for batches in (1, 5):
        for _ in range(batches):
            network(torch.randn(2, 3, 4, 4))
        found.append({name: value.clone() for name, value in network.state_dict().items()})
        nn.init.normal_(network[0].weight)
    return found


@pytest.mark.parametrize("end", [0, 1])
def test_both_ends_are_exact(end):
    both = states()
    found = interpolate(*both, end)
    assert all(torch.equal(found[name], value) for name, value in both[end].items())
    assert all(found[name].dtype == value.dtype for name, value in both[end].items())


def test_floats_lie_between_by_hand():
    before, after = states()
    found = interpolate(before, after, 0.3)
    for name in ("0.weight", "0.bias", "1.running_mean"):
        assert_close(found[name], 0.7 * before[name] + 0.3 * after[name])


@pytest.mark.parametrize(("alpha", "count"), [(0.0, 1), (0.49, 1), (0.5, 6), (1.0, 6)])
def test_counts_of_batches_come_from_the_nearer_end(alpha, count):
    assert interpolate(*states(), alpha)["1.num_batches_tracked"].item() == count


@pytest.mark.parametrize("alpha", [0.0, 0.4, 1.0])
def test_the_result_shares_no_memory_with_either(alpha):
    before, after = states()
    for value in interpolate(before, after, alpha).values():
        value.zero_()
    assert before["0.weight"].abs().sum() > 0
    assert after["1.num_batches_tracked"] == 6


def test_names_keep_their_order():
    before, after = states()
    assert list(interpolate(before, after, 0.5)) == list(before)


@pytest.mark.usefixtures("unchecked")
def test_whole_numbers_are_asked_for_their_shape_too():
    before, after = states()
    with pytest.raises(ValueError, match=r"1\.num_batches_tracked must be alike"):
        interpolate(before, {**after, "1.num_batches_tracked": torch.ones(2).long()}, 0.5)
