"""Our CLIP against other people's, with the same weights: values, and gradients of them all."""

from functools import cache
from itertools import product

import pytest
import torch
from twins import REAL, SMALL, TWINS, difference, random_batch, random_clip

from mmcourse.clip import convert_weights

PAIRS = [("vit", "open_clip"), ("resnet", "open_clip"), ("vit", "transformers")]


@pytest.mark.parametrize(("tower", "peer"), PAIRS)
def test_small_models_agree_with_peers_in_float64(tower, peer):
    config = SMALL[tower]
    model = random_clip(config, dtype=torch.float64)
    found = difference(model, config, peer, random_batch(config, torch.float64))
    assert found.features < 1e-10, found
    assert found.gradients < 1e-10, found


@pytest.mark.parametrize("tower", SMALL)
def test_small_models_agree_with_openai_own_code(tower):
    # float32, because OpenAI's layer norm is computed in it alone
    config = SMALL[tower]
    model = random_clip(config)
    convert_weights(model)  # their code rounds to float16, so ours starts from there
    found = difference(model.float(), config, "openai", random_batch(config))
    assert found.features < 1e-5, found
    # gradients reach 20 here, and float32 has seven digits
    assert found.gradients < 1e-5 * max(1, found.gradient_size), found


@pytest.fixture(scope="module")
def real():
    """Return what makes models of released sizes, already rounded as by OpenAI."""

    @cache
    def make(name):
        model = random_clip(REAL[name])
        convert_weights(model)
        return model.float()

    return make


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "peer"),
    # transformers has no ResNet
    [pair for pair in product(REAL, TWINS) if pair != ("RN50", "transformers")],
)
def test_models_of_real_size_agree_with_peers(real, name, peer):
    model = real(name)
    config = REAL[name]
    batch = random_batch(config, pictures=1, texts=2)
    found = difference(model, config, peer, batch)  # float32, in which they are used
    assert found.features < 1e-5, found
    assert found.gradients < 1e-5, found
