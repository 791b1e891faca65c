"""What a model knows before its training: nothing, or what it takes over from another."""

import torch
from recipes import Recipe
from torch import Tensor

from mmcourse import clip
from mmcourse.clip import CLIP, CLIPConfig
from mmcourse.clip.bag import AN, A, read_as_bag

SCALE = "logit_scale"
PICTURES = "visual."
EMBEDDING = "token_embedding.weight"


def build(recipe: Recipe, vocab_size: int) -> CLIP:
    """Return the untrained model; its weights follow from the seed."""
    torch.manual_seed(recipe.seed)
    config = CLIPConfig(
        embed_dim=128,
        image_resolution=64,
        context_length=77,
        vocab_size=vocab_size,
        transformer_width=128,
        transformer_layers=2,
        **recipe.vision,
    )
    return CLIP(config).to(memory_format=torch.channels_last)


def first_weights(recipe: Recipe, ids: Tensor) -> CLIP:
    """Return a model as its training finds it.

    Args:
        recipe: what it takes over, and from which models.
        ids: which of CLIP's tokens its rows are.
    """
    model = build(recipe, len(ids))
    if recipe.start is not None:
        names = take_over(model, clip.load(recipe.start, "cpu")[0], ids)
        keep(model, {name for name in names if name.startswith(recipe.kept)})
    if recipe.locked is not None:
        keep(model, take_over(model, clip.load(recipe.locked, "cpu")[0], ids, pictures=True))
    if recipe.teacher is not None:
        keep(model, take_over(model, clip.load(recipe.teacher, "cpu")[0], ids, pictures=False))
    if recipe.bag:
        read_as_bag(model, *(ids.tolist().index(article) for article in (A, AN)))
    return model


def take_over(
    model: CLIP, other: CLIP, ids: Tensor, *, pictures: bool | None = None
) -> set[str]:
    """Give a model another's weights, and return the names of those.

    Args:
        model: is changed in place.
        other: has a row for each of CLIP's tokens.
        ids: which of them the model's rows are.
        pictures: True for the image tower alone, False for the text tower and the scale, None
            for everything.
    """
    state = {
        name: tensor
        for name, tensor in other.state_dict().items()
        if pictures is None or name.startswith(PICTURES) == pictures
    }
    if EMBEDDING in state:
        state[EMBEDDING] = state[EMBEDDING][ids]
    model.load_state_dict(state, strict=False)
    return set(state)


def keep(model: CLIP, names: set[str]) -> None:
    """Let training leave these weights as they are, all but the scale."""
    for name, parameter in model.named_parameters():
        if name in names and name != SCALE:
            parameter.requires_grad_(requires_grad=False)
