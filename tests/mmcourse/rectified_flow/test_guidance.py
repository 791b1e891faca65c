"""Guidance: an extrapolation, and prompts that are dropped one by one."""

import pytest
import torch
from good_calls import floats, seeded
from torch.testing import assert_close

from mmcourse.rectified_flow import drop_condition, guided_velocity

N = 2000


def whole(*shape, seed=0):
    """Return whole numbers, whose sums are exact."""
    return (8 * floats(*shape, seed=seed)).round()


def test_at_scale_1_the_prompt_is_followed_exactly():
    with_prompt, without = whole(3, 5, 2), whole(3, 5, 2, seed=1)
    assert torch.equal(guided_velocity(with_prompt, without, 1.0), with_prompt)


def test_at_scale_0_the_prompt_plays_no_part():
    with_prompt, without = whole(3, 5, 2), whole(3, 5, 2, seed=1)
    assert torch.equal(guided_velocity(with_prompt, without, 0.0), without)


def test_beyond_1_it_goes_past_the_prompt():
    # from 1 towards 3 and as far again, then half as far as that
    assert guided_velocity(torch.tensor([3.0]), torch.tensor([1.0]), 2.0).item() == 5
    assert guided_velocity(torch.tensor([3.0]), torch.tensor([1.0]), 0.5).item() == 2


@pytest.mark.parametrize("scale", [0, 0.5, 1, 3, 8])
def test_it_is_the_papers_with_w_one_less(scale):
    with_prompt, without = floats(3, 5).double(), floats(3, 5, seed=1).double()
    w = scale - 1
    paper = (1 + w) * with_prompt - w * without  # arXiv 2207.12598, equation 6
    assert_close(guided_velocity(with_prompt, without, scale), paper)


def test_where_the_prompt_changes_nothing_no_scale_does():
    same = whole(3, 5)
    assert torch.equal(guided_velocity(same, same, 7.0), same)


def test_velocities_are_not_clamped():
    far = torch.tensor([90.0, -90.0])
    assert guided_velocity(far, -far, 3.0).tolist() == [450, -450]


def dropped(share, generator=None):
    """Return which of many prompts were dropped, after a look at what stands there."""
    condition, nothing = 7 + floats(N, 3, 2), torch.tensor([[1.0, 2], [3, 4], [5, 6]])
    found = drop_condition(condition, nothing, share, generator=generator or seeded())
    gone = (found == nothing).flatten(1).all(1)
    assert torch.equal(found[~gone], condition[~gone])
    return gone


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_each_prompt_is_replaced_whole_with_that_chance(share):
    gone = dropped(share)
    spread = (share * (1 - share) / N) ** 0.5
    assert gone.float().mean().item() == pytest.approx(share, abs=4 * spread)


def test_neighbours_are_dropped_independently():
    gone = dropped(0.5).double()
    assert abs(torch.corrcoef(torch.stack([gone[1:], gone[:-1]]))[0, 1].item()) < 4 / N**0.5


def test_none_or_all_are_dropped_at_the_ends():
    assert not dropped(0.0).any()
    assert dropped(1.0).all()


def test_the_generator_alone_decides_and_is_advanced():
    generator = seeded()
    first, second = dropped(0.5, generator), dropped(0.5, generator)
    assert not torch.equal(first, second)
    assert torch.equal(first, dropped(0.5))


def test_nothing_learns_from_dropped_prompts_and_prompts_from_the_others():
    condition = floats(7, 3, 2).requires_grad_()
    nothing = floats(3, 2, seed=1).requires_grad_()
    drop_condition(condition, nothing, 0.5, generator=seeded()).sum().backward()
    kept = condition.grad.sum((1, 2)) / 6
    assert set(kept.tolist()) == {0.0, 1.0}
    assert_close(nothing.grad, torch.full((3, 2), 7 - kept.sum().item()))


def test_what_came_in_stays_as_it_was():
    condition = floats(7, 3, 2)
    before = condition.clone()
    drop_condition(condition, torch.zeros(3, 2), 1.0, generator=seeded())
    assert torch.equal(condition, before)
