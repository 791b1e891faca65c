"""The sizes of a CLIP, and reading them off its weights."""

import pytest
import torch
from twins import SIZES, SMALL

from mmcourse.clip import CLIP, CLIPConfig

VIT = {"vision_layers": 2, "vision_width": 64, "vision_patch_size": 8, "image_resolution": 16}
RESNET = {
    "vision_layers": (1, 1, 1, 1),
    "vision_width": 8,
    "vision_patch_size": None,
    "image_resolution": 32,
}


@pytest.mark.parametrize("tower", SMALL)
def test_sizes_are_read_off_the_weights(tower):
    config = SMALL[tower]
    with torch.device("meta"):
        assert CLIPConfig.from_state_dict(CLIP(config).state_dict()) == config


def test_heads_have_64_numbers_each():
    assert SMALL["vit"].vision_heads == 2  # 128 wide
    assert SMALL["resnet"].vision_heads == 4  # 8 channels end as 256
    assert SMALL["vit"].transformer_heads == 1


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (VIT | {"vision_patch_size": None}, r"a ViT has a patch size .* got 2 and None"),
        (RESNET | {"vision_patch_size": 8}, r"a ResNet four numbers .* and 8"),
        (VIT | {"image_resolution": 20}, r"image_resolution must be a multiple of 8; got 20"),
        (
            RESNET | {"image_resolution": 40},
            r"image_resolution must be a multiple of 32; got 40",
        ),
        (VIT | {"vision_width": 100}, r"vision_width must give heads of 64 .* got 100"),
        (RESNET | {"vision_width": 7}, r"vision_width must give heads of 64 .* got 7"),
        (VIT | {"transformer_width": 32}, r"transformer_width must give heads .* got 32"),
        (RESNET | {"vision_layers": (1, 1, 1)}, r"a ResNet four numbers"),
        (RESNET | {"vision_layers": (1, 0, 1, 1)}, r"vision_layers must be .* got 0"),
        (VIT | {"vision_patch_size": 0}, r"vision_patch_size must be .* at least 1; got 0"),
        (VIT | {"embed_dim": 0}, r"embed_dim must be a whole number of at least 1; got 0"),
        (
            VIT | {"transformer_width": 0},
            "transformer_width must be a .* at least 1; got 0",
        ),
    ],
)
def test_sizes_that_do_not_fit_are_refused(sizes, message, unchecked):
    with pytest.raises(ValueError, match=message):
        CLIPConfig(**SIZES | sizes)


def test_weights_of_another_model_are_refused():
    message = r"weights of a CLIP hold 'visual.attnpool.positional_embedding'; .* bert.weight"
    with pytest.raises(ValueError, match=message):
        CLIPConfig.from_state_dict({"bert.weight": torch.zeros(1)})


def test_no_weights_at_all_are_refused():
    with pytest.raises(ValueError, match=r"these do not, but nothing"):
        CLIPConfig.from_state_dict({})


def test_a_parameter_with_too_few_axes_is_refused():
    state = CLIP(SMALL["vit"]).state_dict() | {"text_projection": torch.zeros(3)}
    with pytest.raises(ValueError, match=r"fewer axes"):
        CLIPConfig.from_state_dict(state)
