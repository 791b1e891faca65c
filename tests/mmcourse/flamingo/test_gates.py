import pytest
import torch
from torch.testing import assert_close

from mmcourse.flamingo import GatedCrossAttention


@pytest.fixture
def gated():
    torch.manual_seed(0)
    return GatedCrossAttention(8, 2).double()


def shown(seed=1):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(3, 5, 8, generator=generator, dtype=torch.float64)
    seen = torch.randn(3, 4, 8, generator=generator, dtype=torch.float64)
    may = torch.zeros(3, 5, 4, dtype=torch.bool)
    may[:, 1:3, :2] = may[:, 3:, 2:] = True  # the first token may look nowhere
    return x, seen, may


def opened(gated, look=0.5, think=0.5):
    gated.look_gate.data.fill_(look)
    gated.think_gate.data.fill_(think)
    return gated


def test_shut_gates_change_nothing_at_all(gated):
    x, seen, may = shown()
    assert torch.equal(gated(x, seen, may), x)
    assert gated.openings == (0, 0)


def test_shut_gates_have_a_gradient_that_opens_them(gated):
    gated(*shown()).square().sum().backward()
    assert gated.look_gate.grad.abs() > 1e-6
    assert gated.think_gate.grad.abs() > 1e-6


def test_a_gate_is_a_tanh(gated):
    x, seen, may = shown()
    wide = opened(gated, look=100, think=0)(x, seen, may) - x
    narrow = opened(gated, look=0.5, think=0)(x, seen, may) - x
    assert_close(narrow, torch.tensor(0.5).double().tanh() * wide)
    assert opened(gated, 0.5, -0.5).openings == pytest.approx((0.46212, -0.46212), abs=1e-5)


def test_tokens_see_where_they_may_and_nowhere_else(gated):
    x, seen, may = shown()
    other = seen.clone()
    other[:, :2] += 1
    changed = opened(gated)(x, other, may) - opened(gated)(x, seen, may)
    assert (changed.abs().amax(-1) > 1e-9).tolist() == [[False, True, True, False, False]] * 3


def test_who_may_look_nowhere_takes_nothing(gated):
    x, seen, may = shown()
    found = opened(gated, think=0)(x, seen, may)
    assert torch.equal(found[:, 0], x[:, 0])
    assert (found[:, 1:] != x[:, 1:]).all()


def test_without_pictures_words_only_think(gated):
    x, _, _ = shown()
    nothing = torch.zeros(3, 0, 8, dtype=torch.float64)
    found = opened(gated, think=0)(x, nothing, torch.zeros(3, 5, 0, dtype=torch.bool))
    assert torch.equal(found, x)
