"""Where an image tower looks: two maps of a picture's places, and a game that marks them.

`rollout` follows attention alone; `relevance` asks besides which attention made a picture
match its text. `pointing_game` compares either with where the object truly is. Places are
those of the tower's attention, row by row from the top left; `maps.unflatten(1, (rows,
columns))` lays them out. Leaves out maps from gradients of convolutions (arXiv 1610.02391).
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.clip.model import CLIP
from mmcourse.similarity import paired_cosine


@checked
def rollout(
    attentions: Sequence[Float[Tensor, "batch _heads _queries tokens"]],
) -> Float[Tensor, "batch places"]:
    """Return how much of each place the class token holds after all layers, if all else mixes.

        A' = (mean over heads of A + I) / 2,   R = A'_last … A'_first,   row 0 without column 0

    I stands for the residual connection. Each row is divided by its sum, which becomes 1; one
    that is 0 throughout stays so. Source: attention rollout, arXiv 2005.00928, section 3.

    Args:
        attentions: of every layer, the first one first, as from `CLIP.image_attention`; token
            0 is the class token. The last layer may have fewer queries than tokens, as a
            ResNet's pooling has; the others have as many.

    Raises:
        ValueError: there is no layer, or one but the last has not as many queries as tokens.

    One head, two places, of which the class token takes 0.6 and 0.2:

    >>> attention = torch.tensor([[[[0.2, 0.6, 0.2], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]])
    >>> rollout([attention])
    tensor([[0.7500, 0.2500]])
    """
    _require_layers(attentions)
    row = torch.eye(1, attentions[-1].shape[2]).to(attentions[-1])  # the last layer's query 0
    for attention in reversed(attentions):
        mixed = (attention.mean(1) + _eye(attention)) / 2  # (batch, queries, tokens)
        row = row @ mixed
    places = row[:, 0, 1:]
    return places / places.sum(1, keepdim=True).clip(min=torch.finfo(places.dtype).tiny)


@checked
def relevance(
    model: CLIP,
    images: Float[Tensor, "batch 3 height width"],
    tokens: Int[Tensor, "batch length"],
) -> Float[Tensor, "batch places"]:
    """Return how much each place's attention raised its picture's match with its own text.

        Ā = mean over heads of max(0, A ⊙ ∂logit/∂A),   R ← R + Ā R,   row 0 without column 0

    layer by layer from R = I, where the logit is the scaled cosine of picture i and text i.
    At least 0 everywhere, and in no unit. Source: arXiv 2103.15679, equations 5 and 6. Differs
    from the authors' code for CLIP, which leaves out all layers but the last.

    Args:
        model: in evaluation mode; nothing in it changes.
        images: from `preprocess`.
        tokens: from `tokenize`; text i belongs to picture i.

    Raises:
        ValueError: the model is in training mode, in which a BatchNorm would mix the pictures.
    """
    if model.training:
        raise ValueError(
            "relevance: model must be in evaluation mode; model.eval() puts it so."
        )
    with torch.no_grad():
        texts = model.encode_text(tokens)
    with torch.inference_mode(mode=False), torch.enable_grad():
        # The pictures need a gradient, so that the attention has one in a frozen model too.
        # Copies of what was made in inference mode may have one.
        images, texts = images.detach().clone(), texts.clone()
        embeddings, attentions = model.image_attention(images.requires_grad_())
        logits = model.logit_scale.exp().detach() * paired_cosine(embeddings, texts)
        gradients = torch.autograd.grad(logits.sum(), attentions)
    relevances = torch.eye(attentions[0].shape[-1]).to(attentions[0])
    for attention, gradient in zip(attentions, gradients, strict=True):
        raised = (attention.detach() * gradient).clip(min=0).mean(1)
        # (batch, queries, tokens): rows of tokens that are no query take no more part
        relevances = relevances[..., : raised.shape[1], :] + raised @ relevances
    return relevances[:, 0, 1:]


@checked
def pointing_game(
    maps: Float[Tensor, "batch rows columns"],
    masks: Bool[Tensor, "batch height width"] | Bool[np.ndarray, "batch height width"],
) -> Float[Tensor, " batch"]:
    """Return with which chance the highest point of each map lies on its object.

    The highest point is a random pixel of the highest place, or of all that are equally high.
    So it lies on the object with a chance of how much of that place the object covers, and a
    map that is the same everywhere scores `pointing_chance`. Source: arXiv 1608.00507, section
    4.2. Differs from the paper: ties and coarse maps share their credit, and there is no
    margin around the object, as its mask is exact.

    Args:
        maps: how much is in each place.
        masks: True where the object is, as from `world.masks`; rows divide the height, and
            columns the width.

    Raises:
        ValueError: a map is not finite, its places do not divide the picture, or an object has
            no pixel.

    The object fills half of the second place, which is the highest:

    >>> masks = torch.tensor([[[False, False, True, False]]])
    >>> pointing_game(torch.tensor([[[0.1, 0.9]]]), masks)
    tensor([0.5000])
    """
    masks = _seen("pointing_game", masks).to(maps.device)
    require_finite("pointing_game", maps=maps)
    places, sides = tuple(maps.shape[1:]), tuple(masks.shape[1:])
    if 0 in places or any(side % n for side, n in zip(sides, places, strict=True)):
        raise ValueError(
            "pointing_game: rows and columns must divide height and width; got maps of "
            f"{places} and masks of {sides}."
        )
    block = tuple(side // n for side, n in zip(sides, places, strict=True))
    covered = torch.nn.functional.avg_pool2d(masks.to(maps.dtype)[:, None], block)[:, 0]
    highest = (maps == maps.amax((1, 2), keepdim=True)).to(maps.dtype)
    return (highest * covered).sum((1, 2)) / highest.sum((1, 2))


@checked
def pointing_chance(
    masks: Bool[Tensor, "batch height width"] | Bool[np.ndarray, "batch height width"],
) -> Float[Tensor, " batch"]:
    """Return the share of each picture that its object covers: what a random point scores.

    Raises:
        ValueError: an object has no pixel.

    >>> pointing_chance(torch.tensor([[[False, False, True, False]]]))
    tensor([0.2500])
    """
    masks = _seen("pointing_chance", masks)
    return masks.to(torch.get_default_dtype()).mean((1, 2))


def _eye(attention: Tensor) -> Tensor:
    """Return ones where a query is the token itself, as (queries, tokens)."""
    return torch.eye(*attention.shape[-2:], dtype=attention.dtype, device=attention.device)


def _require_layers(attentions: Sequence[Tensor]) -> None:
    shapes = [tuple(attention.shape) for attention in attentions]
    if not shapes or any(shape[2] != shape[3] for shape in shapes[:-1]):
        raise ValueError(
            "rollout: attentions must hold one layer at least, each of shape (batch, heads, "
            f"tokens, tokens); got {shapes}."
        )


def _seen(operation: str, masks: Tensor | np.ndarray) -> Tensor:
    masks = torch.as_tensor(masks)
    if not bool(masks.any((1, 2)).all()):
        raise ValueError(
            f"{operation}: masks must each have a pixel that is True; got one without; leave "
            "objects out that cannot be seen."
        )
    return masks
