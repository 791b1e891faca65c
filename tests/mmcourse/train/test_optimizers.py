import pytest
import torch
from small_run import Small
from torch import nn

from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.model import CLIP
from mmcourse.train import optimizers

SIZES = {
    "embed_dim": 6,
    "image_resolution": 32,
    "context_length": 9,
    "vocab_size": 11,
    "transformer_width": 64,
    "transformer_layers": 1,
}
VIT = {"vision_layers": 1, "vision_width": 64, "vision_patch_size": 16}
RESNET = {"vision_layers": (1, 1, 1, 1), "vision_width": 4, "vision_patch_size": None}


def clip(tower: dict) -> CLIP:
    return CLIP(CLIPConfig(**SIZES, **tower))


def groups_of(model: nn.Module, **changes) -> dict[str, dict]:
    """Return each parameter's group by the parameter's name; a second group is an error."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    found = {}
    for optimizer in optimizers(model, **changes):
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                name = names[id(parameter)]
                assert name not in found
                found[name] = {**group, "optimizer": type(optimizer).__name__}
    return found


@pytest.mark.parametrize("tower", [VIT, RESNET])
@pytest.mark.parametrize("muon_lr", [None, 0.02])
def test_every_parameter_is_in_one_group(tower, muon_lr):
    model = clip(tower)
    found = groups_of(model, muon_lr=muon_lr)
    assert set(found) == {name for name, _ in model.named_parameters()}


def test_frozen_parameters_are_in_none():
    model = clip(VIT)
    model.visual.requires_grad_(requires_grad=False)
    found = groups_of(model, muon_lr=0.02)
    assert set(found) == {
        name for name, _ in model.named_parameters() if not name.startswith("visual")
    }


def test_matrices_and_filters_decay_and_nothing_else_does():
    found = groups_of(clip(RESNET), weight_decay=0.3)
    decays = {name: group["weight_decay"] for name, group in found.items()}
    assert set(decays.values()) == {0.0, 0.3}
    for name in ("visual.layer1.0.conv2.weight", "text_projection"):
        assert decays[name] == 0.3
    for name in (
        "visual.layer1.0.bn1.weight",
        "visual.attnpool.positional_embedding",
        "token_embedding.weight",
        "transformer.resblocks.0.mlp.c_fc.bias",
        "logit_scale",
    ):
        assert decays[name] == 0


def test_the_scale_has_its_own_rate():
    found = groups_of(clip(VIT), lr=0.1, scale_lr=0.7)
    assert {name for name, group in found.items() if group["lr"] == 0.7} == {"logit_scale"}


def test_muon_takes_the_matrices_of_the_blocks_alone():
    found = groups_of(clip(VIT), lr=0.1, muon_lr=0.02)
    muon = {name for name, group in found.items() if group["optimizer"] == "Muon"}
    inside = ("attn.in_proj_weight", "attn.out_proj.weight", "mlp.c_fc.weight")
    for block in ("transformer.resblocks.0.", "visual.transformer.resblocks.0."):
        assert {block + name for name in (*inside, "mlp.c_proj.weight")} <= muon
    assert len(muon) == 8
    assert {found[name]["lr"] for name in muon} == {0.02}


def test_a_model_without_a_scale_is_as_welcome():
    assert set(groups_of(nn.Linear(3, 2))) == {"weight", "bias"}


def test_a_model_of_blocks_alone_needs_no_adamw():
    model = nn.ModuleDict({"resblocks": nn.Linear(3, 2, bias=False)})
    [muon] = optimizers(model, muon_lr=0.02)
    assert isinstance(muon, torch.optim.Muon)


def test_a_model_with_nothing_to_learn_is_refused(unchecked):
    model = Small().requires_grad_(requires_grad=False)
    with pytest.raises(ValueError, match="at least one parameter must need a gradient"):
        optimizers(model)


@pytest.mark.parametrize("name", ["lr", "weight_decay", "scale_lr", "muon_lr"])
@pytest.mark.parametrize("model", [Small(), torch.nn.Linear(3, 2)], ids=["blocks", "none"])
def test_a_negative_rate_is_refused(name, model, unchecked):
    with pytest.raises(ValueError, match=f"optimizers: {name} must be a finite number of at l"):
        optimizers(model, **{name: -0.1})
