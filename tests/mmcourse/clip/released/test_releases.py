"""OpenAI's releases as data: their own package and open_clip's sizes are the oracles."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from peers import import_peer

from mmcourse.clip.released.releases import RELEASES


def test_names_addresses_and_hashes_are_those_of_openai_package_in_its_order():
    theirs = import_peer("clip.clip")._MODELS
    assert [(name, each.url) for name, each in RELEASES.items()] == list(theirs.items())
    assert [each.sha256 for each in RELEASES.values()] == [
        url.split("/")[-2] for url in theirs.values()
    ]


def test_a_release_knows_its_own_name():
    assert [each.name for each in RELEASES.values()] == list(RELEASES)


@pytest.mark.parametrize("name", RELEASES)
def test_sizes_are_those_that_open_clip_gives_the_same_model(name):
    ours = RELEASES[name].config
    folder = Path(find_spec("open_clip").origin).parent / "model_configs"
    file = name.replace("/", "-").replace("@336px", "-336")
    theirs = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))
    vision, text = theirs["vision_cfg"], theirs["text_cfg"]
    layers = ours.vision_layers
    assert theirs["embed_dim"] == ours.embed_dim
    assert vision == {
        "image_size": ours.image_resolution,
        "layers": list(layers) if isinstance(layers, tuple) else layers,
        "width": ours.vision_width,
        "patch_size": ours.vision_patch_size,
    }
    assert text == {
        "context_length": ours.context_length,
        "vocab_size": ours.vocab_size,
        "width": ours.transformer_width,
        "heads": ours.transformer_heads,
        "layers": ours.transformer_layers,
    }


def test_the_size_of_a_release_is_that_of_its_half_precision_weights():
    vit = RELEASES["ViT-B/32"]
    words, places, norms = 49_408 * 512, 77 * 512, 2 * 512 * (2 * 12 + 1)
    exact = words + places + norms + (50 + 1) * 768 + 2 * 768 * (2 * 12 + 2) + 1
    assert vit.size == 4 * exact + 2 * (vit.parameters - exact)
