import copy

import pytest
import torch
from peers import import_peer
from torch import nn
from torch.testing import assert_close
from twins import SMALL, random_clip

from mmcourse.few_shot import add_lora, merge_lora
from mmcourse.transformer import SelfAttention


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def learned(model, rank=2, alpha=3.0):
    """Return a model with corrections that are no longer 0."""
    adapted = add_lora(model, rank, alpha, generator=seeded())
    for name, each in adapted.named_parameters():
        if name.endswith(".b"):
            nn.init.normal_(each, std=0.1, generator=seeded(1))
    return adapted


def tower(name):
    return random_clip(SMALL[name]).visual


def pictures(of):
    return torch.randn(3, 3, of.input_resolution, of.input_resolution, generator=seeded(2))


def test_a_linear_layer_equals_two_small_products_on_the_side():
    layer = nn.Linear(5, 7).double()
    adapted = learned(layer)
    x = torch.randn(11, 5, dtype=torch.float64)
    beside = 3.0 / 2 * (x @ adapted.a.T) @ adapted.b.T
    assert_close(adapted(x), layer(x) + beside)


def test_packed_attention_equals_corrected_queries_keys_and_values():
    attention = SelfAttention(8, 2).double()
    adapted = learned(attention)
    x, expected = torch.randn(3, 5, 8, dtype=torch.float64), copy.deepcopy(attention)
    out = adapted.layer.out_proj
    with torch.no_grad():
        for third in range(3):  # queries, keys, values
            rows = slice(8 * third, 8 * third + 8)
            expected.in_proj_weight[rows] += 1.5 * adapted.b[rows] @ adapted.a
        expected.out_proj.weight += 1.5 * out.b @ out.a
    assert_close(adapted(x)[0], expected(x)[0])


@pytest.mark.parametrize("name", SMALL)
def test_at_first_nothing_changes(name):
    before = tower(name)
    after = add_lora(before, 2, 3.0, generator=seeded())
    assert torch.equal(after(pictures(before)), before(pictures(before)))


@pytest.mark.parametrize("name", SMALL)
def test_merged_equals_unmerged(name):
    before = tower(name)
    adapted = learned(before)
    merged, there = merge_lora(adapted), adapted(pictures(before))
    assert (there - before(pictures(before))).abs().max() > 1e-3
    assert_close(merged(pictures(before)), there, rtol=0, atol=1e-6)
    merged.load_state_dict(before.state_dict())
    assert torch.equal(merged(pictures(before)), before(pictures(before)))


def test_merged_weights_have_the_names_of_the_original():
    before = tower("vit")
    assert list(merge_lora(learned(before)).state_dict()) == list(before.state_dict())


def test_every_matrix_of_attention_and_mlp_is_corrected():
    adapted = add_lora(tower("vit"), 2, 3.0, generator=seeded())
    names = {name for name, _ in adapted.named_parameters() if name.endswith(".b")}
    parts = ("attn.b", "attn.layer.out_proj.b", "mlp.c_fc.b", "mlp.c_proj.b")
    blocks = [f"transformer.resblocks.{layer}" for layer in range(3)]
    assert names == {f"{block}.{part}" for block in blocks for part in parts}


def test_only_corrections_need_a_gradient_until_they_are_merged():
    adapted = add_lora(tower("vit"), 2, 3.0, generator=seeded())
    learning = {name for name, each in adapted.named_parameters() if each.requires_grad}
    assert learning == {name for name in adapted.state_dict() if name.endswith((".a", ".b"))}
    assert all(each.requires_grad for each in merge_lora(adapted).parameters())


def test_the_model_passed_in_stays_as_it_was():
    before = tower("vit")
    state = copy.deepcopy(before.state_dict())
    adapted = learned(before)
    names = list(adapted.state_dict())
    merge_lora(adapted)
    assert list(adapted.state_dict()) == names
    assert list(before.state_dict()) == list(state)
    assert all(torch.equal(before.state_dict()[name], state[name]) for name in state)
    assert all(each.requires_grad for each in before.parameters())


def test_one_linear_layer_equals_that_of_peft():
    peer = import_peer("peft")
    layer = nn.Linear(5, 7)
    adapted = learned(layer)
    settings = peer.LoraConfig(r=2, lora_alpha=3.0, target_modules=["0"], lora_dropout=0.0)
    twin = peer.get_peft_model(nn.Sequential(copy.deepcopy(layer)), settings)
    theirs = twin.base_model.model[0]
    with torch.no_grad():
        theirs.lora_A["default"].weight.copy_(adapted.a)
        theirs.lora_B["default"].weight.copy_(adapted.b)
    x = torch.randn(11, 5)
    assert_close(adapted(x), twin(x), rtol=0, atol=1e-6)
    merged = twin.merge_and_unload()[0]
    assert_close(merge_lora(adapted).weight, merged.weight, rtol=0, atol=1e-6)
