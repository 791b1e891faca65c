"""CLIPScore: how well a caption suits its picture, in the eyes of a CLIP.

It asks for no reference captions, and sees only what its model sees: a model that cannot tell
whose colour is whose scores a sentence with exchanged colours as high. Leaves out the variant
with references (arXiv 2104.08718, section 3).
"""

from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.similarity import paired_cosine

WEIGHT = 2.5
"""Of the paper: it spreads the cosines of its model, which rarely reach 0.4, over [0, 1]."""


@checked
def clip_score(
    image_features: Float[Tensor, "n dim"],
    text_features: Float[Tensor, "n dim"],
    *,
    weight: float = WEIGHT,
) -> Float[Tensor, " n"]:
    """Return the score of each picture's caption, from 0 to `weight`.

        weight · max(cos(image, text), 0)

    Source: arXiv 2104.08718, section 3. Differs from torchmetrics, whose weight is 100.

    Args:
        image_features: from `encode_image`, of any length but 0.
        text_features: from `encode_text`; row i belongs to picture i.
        weight: what the cosine is multiplied by, above 0.

    Raises:
        ValueError: a number is not finite, or out of range.

    Cosines 0.6 and -1:

    >>> import torch
    >>> pictures, texts = torch.tensor([[3.0, 4], [1, 0]]), torch.tensor([[1.0, 0], [-1, 0]])
    >>> clip_score(pictures, texts)
    tensor([1.5000, 0.0000])
    """
    weight = real("clip_score", "weight", weight, above=0)
    require_finite("clip_score", image_features=image_features, text_features=text_features)
    return weight * paired_cosine(image_features, text_features).clip(min=0)
