"""The network: silent at first, then it listens to time, words and places."""

import copy

import good_calls
import pytest
import torch
from good_calls import floats
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse.rectified_flow import FlowNet
from mmcourse.rectified_flow.net import LAYERS, LENGTH, SIDE, WIDTH, ModulatedBlock

MOST_BYTES = 8_000_000
TIMES = torch.tensor([0.125, 0.5, 0.875])


@pytest.fixture
def net():
    """Return one whose zeros have been filled; who changes it changes a copy."""
    return copy.deepcopy(good_calls.flow_net())


def inputs():
    return floats(3, 16, SIDE, SIDE), TIMES, floats(3, LENGTH, 128, seed=1)


@torch.no_grad()
def moved(net, x=None, times=None, condition=None):
    """Return how far each answer moves where one input is another."""
    given = inputs()
    changed = [
        new if new is not None else old
        for new, old in zip((x, times, condition), given, strict=True)
    ]
    return (net(*changed) - net(*given)).abs()


@torch.no_grad()
def test_a_new_network_says_0():
    new = good_calls.layer(FlowNet)
    assert new(*inputs()).shape == (3, 16, SIDE, SIDE)
    assert not new(*inputs()).any()


@torch.no_grad()
def test_permuting_the_batch_permutes_the_answers(net):
    order = [2, 0, 1]
    assert_close(
        net(*(each[order] for each in inputs())), net(*inputs())[order], rtol=1e-4, atol=1e-5
    )


def test_a_time_of_ones_own_changes_ones_own_answer_alone(net):
    change = moved(net, times=torch.tensor([0.125, 0.75, 0.875])).flatten(1).amax(1)
    assert change[1] > 1e-2
    assert change[[0, 2]].max() < 1e-5


@pytest.mark.parametrize("token", [0, 1, LENGTH - 1])
def test_the_sentence_and_every_word_change_ones_own_answer_alone(net, token):
    condition = inputs()[2].clone()
    condition[1, token] += 1
    change = moved(net, condition=condition).flatten(1).amax(1)
    assert change[1] > 1e-3
    assert change[[0, 2]].max() < 1e-5


def test_the_sentence_also_steers_from_outside(net):
    # With the words cut off, its token alone still matters, through the norms.
    for name in ("read_text.weight", "read_text.bias"):
        torch.nn.init.zeros_(net.get_parameter(name))
    condition = inputs()[2].clone()
    condition[1, 0] += 1
    assert moved(net, condition=condition)[1].max() > 1e-3
    condition = inputs()[2].clone()
    condition[1, 1:] += 1
    assert moved(net, condition=condition).max() == 0


@pytest.mark.parametrize("place", [(0, 0), (3, 5), (7, 7)])
def test_every_place_is_seen_by_all_places_of_its_picture(net, place):
    x = inputs()[0].clone()
    x[1, 4, place[0], place[1]] += 3
    change = moved(net, x=x).amax(1)
    assert change[1].min() > 1e-5
    assert change[[0, 2]].max() < 1e-5


def test_words_are_told_apart_by_where_they_stand(net):
    order = [0, 2, 1, *range(3, LENGTH)]
    assert moved(net, condition=inputs()[2][:, order]).max() > 1e-3


@torch.no_grad()
@pytest.mark.parametrize("axis", [2, 3])
def test_rows_and_columns_are_told_apart(net, axis):
    x, times, condition = inputs()
    turned = net(x.flip(axis), times, condition).flip(axis)
    assert (turned - net(x, times, condition)).abs().max() > 1e-3


@torch.no_grad()
def test_an_answer_lies_at_the_place_it_is_about(net):
    # Without attention and places' own vectors, each place is answered by itself alone.
    for block in net.resblocks:
        torch.nn.init.zeros_(block.attn.out_proj.weight)
    x = inputs()[0].clone()
    x[1, 4, 2, 5] += 3
    change = moved(net, x=x).amax(1)[1]
    assert (change > 1e-4).nonzero().tolist() == [[2, 5]]


def test_layers_differ_in_how_they_are_modulated(net):
    with torch.no_grad():
        before = net(*inputs())
        for layer in range(LAYERS):
            other = copy.deepcopy(net)
            other.layer_embedding[layer] += 0.5
            assert (other(*inputs()) - before).abs().max() > 1e-3


def test_every_weight_learns_but_nothing_which_is_no_part_of_a_pass(net):
    net(*inputs()).square().sum().backward()
    silent = [name for name, each in net.named_parameters() if each.grad is None]
    assert silent == ["nothing"]
    assert all(each.grad.any() for each in net.parameters() if each.grad is not None)


def test_it_fits_into_eight_megabytes_of_half_precision():
    assert 2 * sum(each.numel() for each in FlowNet().parameters()) <= MOST_BYTES


@torch.no_grad()
def test_unmodulated_a_block_is_an_ordinary_one():
    block, x = good_calls.layer(lambda: ModulatedBlock(12, 3)), floats(2, 5, 12)
    mixed = x + block.attn(F.layer_norm(x, (12,)))[0]
    expected = mixed + block.mlp(F.layer_norm(mixed, (12,)))
    assert_close(block(x, torch.zeros(2, 6, 12)), expected)


@torch.no_grad()
def test_a_gate_of_minus_one_shuts_a_branch():
    block, x = good_calls.layer(lambda: ModulatedBlock(12, 3)), floats(2, 5, 12)
    shut = torch.zeros(2, 6, 12)
    shut[:, [2, 5]] = -1
    assert torch.equal(block(x, shut), x)


@torch.no_grad()
def test_scale_and_shift_act_on_the_normalised_tokens():
    block, x = good_calls.layer(lambda: ModulatedBlock(12, 3)), floats(2, 5, 12)
    modulation = torch.zeros(2, 6, 12)
    modulation[:, 2] = -1  # attention is shut; scale 1 and shift 3 before the other branch
    modulation[:, 3], modulation[:, 4] = 1, 3
    assert_close(block(x, modulation), x + block.mlp(2 * F.layer_norm(x, (12,)) + 3))


def test_times_near_each_other_are_told_apart_and_waves_are_of_one_size():
    from mmcourse.rectified_flow.net import _waves

    waves = _waves(torch.tensor([0.0, 0.01, 1.0]))
    assert waves.shape == (3, 64)
    assert_close(waves[0], torch.cat([torch.zeros(32), torch.ones(32)]))
    assert_close(waves[:, :32] ** 2 + waves[:, 32:] ** 2, torch.ones(3, 32))
    assert (waves[1] - waves[0]).abs().max() > 0.5
    assert_close(waves[2, 0], torch.tensor(100.0).sin())
    assert WIDTH % 3 == 0
