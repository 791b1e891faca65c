"""Where training begins: seeded, with what is taken over, and with what stays as it is."""

from dataclasses import replace

import pytest
import torch
from first_weights import build, first_weights
from recipes import RECIPES
from torch import Tensor
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.data.compact import CompactTokens
from mmcourse.train import optimizers

TEXTS = ["a blue cat", "a dog"]
TOKENS = CompactTokens(["a", "an", "cat", "blue", "orange", "dog"])


@pytest.fixture(scope="module")
def tiny() -> clip.CLIP:
    return clip.load("tiny", "cpu")[0]


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))


def started(name: str) -> clip.CLIP:
    """Return a model of which nothing is trained yet, in its evaluation mode."""
    return first_weights(RECIPES[name], TOKENS.ids).eval()


def learning(model: clip.CLIP) -> set[str]:
    """Return the names of the weights that would learn."""
    return {name for name, each in model.named_parameters() if each.requires_grad}


def test_the_same_seed_builds_the_same_first_weights_and_another_seed_others():
    recipe = RECIPES["tiny"]
    one, other = (build(recipe, 30).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)
    different = build(replace(recipe, seed=2), 30).state_dict()
    assert not torch.equal(one["text_projection"], different["text_projection"])


@torch.no_grad()
def test_a_model_takes_over_its_teachers_text_tower_and_keeps_it(tiny):
    student = started("tiny-vit")
    mine, other = student.encode_text(TOKENS(TEXTS)), tiny.encode_text(clip.tokenize(TEXTS))
    torch.testing.assert_close(F.normalize(mine, dim=-1), F.normalize(other, dim=-1))
    learnt = {name for name in learning(student) if not name.startswith("visual.")}
    assert learnt == {"logit_scale"}


@torch.no_grad()
def test_a_model_that_starts_from_another_begins_as_good(tiny, images):
    model = started("tiny-hard")
    mine, other = model.encode_text(TOKENS(TEXTS)), tiny.encode_text(clip.tokenize(TEXTS))
    torch.testing.assert_close(mine, other)
    torch.testing.assert_close(model.encode_image(images), tiny.encode_image(images))


def test_it_keeps_its_stem_and_first_stages_and_learns_the_rest():
    names = {name for name, _ in started("tiny-hard").named_parameters()}
    kept = names - learning(started("tiny-hard"))
    assert kept
    assert all(name.startswith(RECIPES["tiny-hard"].kept) for name in kept)
    assert {"logit_scale", "visual.layer3.0.conv1.weight", "text_projection"} <= names - kept


@torch.no_grad()
def test_a_locked_image_tower_is_tinys_and_no_weight_of_it_learns(tiny, images):
    model = started("tiny-bag")
    torch.testing.assert_close(model.encode_image(images), tiny.encode_image(images))
    assert not any(name.startswith("visual.") for name in learning(model))
    assert not torch.equal(model.text_projection, tiny.text_projection)
    assert "token_embedding.weight" in learning(model)
    assert optimizers(model)


def test_a_bag_reads_texts_of_the_same_words_alike_from_the_first_step_on():
    one, other = started("tiny-bag").encode_text(
        TOKENS(["a blue cat a dog", "a blue dog a cat"])
    )
    assert torch.equal(one, other)
