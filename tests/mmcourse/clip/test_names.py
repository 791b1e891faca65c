"""Files of weights as open_clip and transformers write them: the same answers, or a refusal."""

import json
import warnings

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from twins import SMALL, open_clip_twin, random_batch, random_clip, to_transformers

from mmcourse import clip
from mmcourse.clip.names import OPEN_CLIP, OPENAI, TRANSFORMERS, by_openai
from mmcourse.clip.settings import use_gelu
from mmcourse.retrieval.album.fingerprint import fingerprint

CONFIG = SMALL["vit"]


@pytest.fixture(scope="module")
def model():
    return random_clip(CONFIG)


def written(folder, state, said=None, name="model.safetensors", beside="config.json"):
    """Return a file of weights, with its settings beside it."""
    folder.mkdir()
    save_file({key: tensor.contiguous() for key, tensor in state.items()}, folder / name)
    if said is not None:
        (folder / beside).write_text(json.dumps(said))
    return folder / name


def said_by_transformers(act, heads=2):
    text = {"hidden_size": 64, "num_attention_heads": 1, "hidden_act": act}
    vision = {"hidden_size": 128, "num_attention_heads": heads, "hidden_act": act}
    return {"text_config": text, "vision_config": vision}


def said_by_open_clip(**model_cfg):
    return {"model_cfg": {"vision_cfg": {}, "text_cfg": {"width": 64, "heads": 1}} | model_cfg}


def same(one, other):
    batch = random_batch(CONFIG)
    with torch.no_grad():
        torch.testing.assert_close(
            one.encode_image(batch.images), other.encode_image(batch.images)
        )
        torch.testing.assert_close(
            one.encode_text(batch.tokens), other.encode_text(batch.tokens)
        )


def test_transformers_file_gives_the_same_vectors(model, tmp_path):
    state = to_transformers(model.state_dict())
    state["text_model.embeddings.position_ids"] = torch.arange(11)[None]
    path = written(tmp_path / "hub", state, said_by_transformers("quick_gelu"))
    loaded, _ = clip.load(path, "cpu")
    same(loaded, model)
    assert loaded.origin == "weights by transformers' names, with QuickGELU"


def test_transformers_file_with_gelu_is_read_with_gelu(model, tmp_path):
    state = to_transformers(model.state_dict())
    loaded, _ = clip.load(written(tmp_path / "hub", state, said_by_transformers("gelu")), "cpu")
    twin = random_clip(CONFIG)
    use_gelu(twin)
    same(loaded, twin)
    assert loaded.origin.endswith("with GELU")


@pytest.mark.parametrize("quick", [False, True])
def test_open_clip_file_gives_the_vectors_of_open_clip(quick, model, tmp_path):
    twin = open_clip_twin(model, CONFIG)
    if not quick:
        for block in (*twin.transformer.resblocks, *twin.visual.transformer.resblocks):
            block.mlp.gelu = nn.GELU()
    said = said_by_open_clip(quick_gelu=quick)
    name = "open_clip_model.safetensors"
    path = written(tmp_path / "hub", twin.state_dict(), said, name, "open_clip_config.json")
    loaded, _ = clip.load(path, "cpu")
    same(loaded, twin)
    assert loaded.origin == f"weights by open_clip's names, with {'Quick' * quick}GELU"


@pytest.mark.parametrize("before", ["module.", "text."])
def test_prefixes_of_open_clip_are_taken_off(before, model):
    state = model.state_dict()
    named = {
        key if before == "text." and key.startswith("visual.") else before + key: tensor
        for key, tensor in state.items()
    }
    found, whose = by_openai(named)
    assert found.keys() == state.keys()
    assert whose == OPEN_CLIP
    assert by_openai(state)[1] == OPENAI
    assert by_openai(to_transformers(state))[1] == TRANSFORMERS


def test_where_nothing_says_the_activation_a_warning_does(model, tmp_path):
    path = written(tmp_path / "alone", to_transformers(model.state_dict()))
    with pytest.warns(UserWarning, match=r"config\.json beside it.*QuickGELU is taken"):
        same(clip.load(path, "cpu")[0], model)
    path = written(tmp_path / "other", model.state_dict(), name="open_clip_model.safetensors")
    with pytest.warns(UserWarning, match=r"open_clip_config\.json beside it.* GELU is taken"):
        clip.load(path, "cpu")


def test_openais_own_names_need_no_word(model, tmp_path):
    path = written(tmp_path / "plain", model.state_dict())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert clip.load(path, "cpu")[0].origin == ""


@pytest.mark.parametrize(
    ("names", "whose"),
    [
        (["logit_bias", "text_model.final_layer_norm.weight"], "a SigLIP"),
        (["visual.trunk.patch_embed.proj.weight"], "whose image tower is timm's"),
        (["text.transformer.encoder.layer.0.x"], "whose text tower is a BERT"),
        (["visual_encoder.blocks.0.x"], "a BLIP"),
        (["text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight"], "what LoRA adds"),
        (["vision_model.post_layernorm.weight"], "half a CLIP: .* no text_model"),
    ],
)
def test_other_models_are_named(names, whose, tmp_path):
    path = written(tmp_path / "hub", {name: torch.zeros(2) for name in names})
    with pytest.raises(ValueError, match=f"must hold the weights of a CLIP; .*{whose}"):
        clip.load(path, "cpu")


def test_heads_of_other_sizes_are_refused(model, tmp_path):
    state = to_transformers(model.state_dict())
    path = written(tmp_path / "wide", state, said_by_transformers("gelu", heads=4))
    with pytest.raises(ValueError, match="heads must have 64 numbers; got 32 for pictures"):
        clip.load(path, "cpu")


@pytest.mark.parametrize("said", [[], {"text_config": 3}, said_by_transformers("silu")])
def test_settings_that_are_none_are_refused(said, model, tmp_path):
    path = written(tmp_path / "odd", to_transformers(model.state_dict()), said)
    with pytest.raises(ValueError, match=r"config\.json beside it is damaged"):
        clip.load(path, "cpu")


def test_attention_in_parts_must_be_whole(model):
    state = to_transformers(model.state_dict())
    del state["text_model.encoder.layers.1.self_attn.k_proj.weight"]
    with pytest.raises(ValueError, match="must have q, k and v; got q, v"):
        by_openai(state)


def test_the_activation_is_part_of_a_models_fingerprint(model):
    other = random_clip(CONFIG)
    assert fingerprint(model) == fingerprint(other)
    use_gelu(other)
    assert fingerprint(model) != fingerprint(other)
