"""The transformer against torch's own attention, and what must not depend on what."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.testing import assert_close

from mmcourse.transformer import (
    LayerNorm,
    QuickGELU,
    SelfAttention,
    Transformer,
    causal_mask,
)

WIDTH, HEADS, BATCH, TOKENS = 24, 3, 2, 5


@pytest.fixture
def tokens():
    generator = torch.Generator().manual_seed(1)
    return torch.randn(BATCH, TOKENS, WIDTH, generator=generator, dtype=torch.float64)


@pytest.fixture
def attention():
    torch.manual_seed(2)
    layer = SelfAttention(WIDTH, HEADS).double()
    nn.init.normal_(layer.in_proj_bias)  # both start at 0, where a forgotten one would not show
    nn.init.normal_(layer.out_proj.bias)
    return layer


@pytest.mark.parametrize("mask", [None, causal_mask(TOKENS).double()], ids=["all", "causal"])
def test_attention_equals_torch_multihead_attention(attention, tokens, mask):
    oracle = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True).double()
    oracle.load_state_dict(attention.state_dict())
    expected, weights = oracle(
        tokens, tokens, tokens, attn_mask=mask, average_attn_weights=False
    )
    mixed, found = attention(tokens, mask)
    assert_close(mixed, expected)
    assert_close(found, weights)


def test_attention_equals_torch_scaled_dot_product_attention(attention, tokens):
    packed = F.linear(tokens, attention.in_proj_weight, attention.in_proj_bias)
    heads = [
        part.reshape(BATCH, TOKENS, HEADS, -1).transpose(1, 2) for part in packed.chunk(3, -1)
    ]
    mixed = F.scaled_dot_product_attention(*heads, is_causal=True)
    expected = attention.out_proj(mixed.transpose(1, 2).reshape(BATCH, TOKENS, WIDTH))
    assert_close(attention(tokens, causal_mask(TOKENS))[0], expected)


def test_each_token_shares_out_exactly_one_unit_of_attention(attention, tokens):
    rows = attention(tokens, causal_mask(TOKENS))[1].sum(-1)
    assert_close(rows, torch.ones_like(rows))


def test_attention_of_huge_scores_stays_finite(attention, tokens):
    mixed, weights = attention(1e4 * tokens, causal_mask(TOKENS))
    assert mixed.isfinite().all()
    assert weights.isfinite().all()


@pytest.mark.parametrize("changed", range(1, TOKENS))
def test_with_the_causal_mask_no_token_sees_a_later_one(tokens, changed):
    torch.manual_seed(3)
    stack = Transformer(WIDTH, 2, HEADS).double()
    other = tokens.clone()
    other[:, changed:] += 1
    before, after = (stack(x, causal_mask(TOKENS)) for x in (tokens, other))
    assert torch.equal(before[:, :changed], after[:, :changed])
    assert not torch.isclose(before[:, changed:], after[:, changed:]).all(-1).any()


def test_without_a_mask_shuffled_tokens_come_out_shuffled(tokens):
    torch.manual_seed(3)
    stack = Transformer(WIDTH, 2, HEADS).double()
    order = torch.tensor([3, 0, 4, 1, 2])
    assert_close(stack(tokens[:, order]), stack(tokens)[:, order])


def test_asking_for_attention_changes_nothing_and_gives_one_map_a_layer(tokens):
    torch.manual_seed(3)
    stack = Transformer(WIDTH, 4, HEADS).double()
    out, attentions = stack.with_attention(tokens)
    assert torch.equal(out, stack(tokens))
    assert [tuple(each.shape) for each in attentions] == [(BATCH, HEADS, TOKENS, TOKENS)] * 4


def test_attention_lets_gradients_through(tokens):
    stack = Transformer(WIDTH, 2, HEADS).double()
    out, attentions = stack.with_attention(tokens)
    gradients = torch.autograd.grad(out.square().sum(), attentions)
    assert all(each.abs().max() > 0 for each in gradients)


def test_a_stack_without_layers_changes_nothing(tokens):
    assert torch.equal(Transformer(WIDTH, 0, HEADS)(tokens), tokens)


def test_quick_gelu_by_hand():
    # σ(1.702) = 0.845795…
    found = QuickGELU()(torch.tensor([0.0, 1.0, -1.0], dtype=torch.float64))
    expected = torch.tensor(
        [0.0, 0.8457957659328212, -0.15420423406717875], dtype=torch.float64
    )
    assert_close(found, expected)


def test_layer_norm_equals_torch(tokens):
    norm = LayerNorm(WIDTH).double()
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    assert_close(norm(tokens), F.layer_norm(tokens, (WIDTH,), norm.weight, norm.bias))


@pytest.mark.parametrize(("dtype", "step"), [(torch.float16, 2**-12), (torch.bfloat16, 2**-9)])
def test_layer_norm_of_half_precision_is_computed_in_float32(dtype, step):
    norm = LayerNorm(4)
    nn.init.constant_(
        norm.weight, 1 + step
    )  # in half precision that is 1, and then -1 leaves 0
    nn.init.constant_(norm.bias, -1)
    found = norm(torch.tensor([300.0, -300.0, 300.0, -300.0], dtype=dtype))
    assert found.dtype == dtype
    assert found[0].item() == pytest.approx(step, rel=0.01)


def test_layers_start_so_that_deeper_stacks_add_less():
    torch.manual_seed(4)
    spreads = [
        Transformer(64, layers, 1).resblocks[0].mlp.c_proj.weight.std().item()
        for layers in (2, 8)
    ]
    assert spreads[0] == pytest.approx(64**-0.5 * 4**-0.5, rel=0.05)
    assert spreads[1] == pytest.approx(64**-0.5 * 16**-0.5, rel=0.05)
