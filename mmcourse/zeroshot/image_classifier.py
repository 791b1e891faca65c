"""From the path of any picture to how probable each name on a list is.

Leaves out many pictures at a time, which `encode_image` takes as one batch.
"""

from collections.abc import Callable, Sequence
from io import BufferedReader, BytesIO
from os import PathLike
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.signature import checked
from mmcourse.choice import chosen_model
from mmcourse.clip import CLIP, Preprocess, load
from mmcourse.images import as_rgb, open_rgb
from mmcourse.zeroshot.classifier import build_classifier, probabilities
from mmcourse.zeroshot.prompts import TEMPLATE

Picture: TypeAlias = str | PathLike[str] | BufferedReader | BytesIO | Image.Image


@checked
def build_image_classifier(
    names: Sequence[str],
    model: CLIP | None = None,
    preprocess: Callable[[Image.Image], Tensor] | None = None,
    templates: str | Sequence[str] = TEMPLATE,
) -> Callable[[Picture], Float[np.ndarray, " classes"]]:
    """Return a function from a picture to how probable each name is, in the order of `names`.

    The names are encoded once, here. The function takes the path of any picture, a file opened
    in binary mode, or a Pillow picture, and moves it to the model's device. It uses the
    model's learned scale.

    Args:
        names: as for `build_classifier`.
        model: a CLIP in evaluation mode; None loads `chosen.chosen_model()`.
        preprocess: what makes a picture ready for it, as from `clip.load`; None makes it from
            the model's resolution.
        templates: as for `build_classifier`.

    Raises:
        TypeError: as `build_classifier`; the function: it gets no picture.
        ValueError: as `build_classifier`; the model is in training mode; or `preprocess` comes
            without its model. The function: the file is no picture (`images.open_rgb`).

    >>> from mmcourse import clip
    >>> classify = build_image_classifier(["cat", "dog"], *clip.load("tiny", device="cpu"))
    >>> classify(Image.new("RGB", (64, 64))).shape
    (2,)
    """
    model, preprocess = _model(model, preprocess)
    with speaking_as("build_image_classifier", "build_classifier"):
        classifier = build_classifier(model, names, templates)
    scale = model.logit_scale.exp().item()

    @torch.no_grad()
    def classify(picture: Picture) -> Float[np.ndarray, " classes"]:
        if not isinstance(picture, str | PathLike | Image.Image) and not hasattr(
            picture, "read"
        ):
            raise TypeError(
                "classify: picture must be a path, a file opened with 'rb' or a Pillow "
                f"picture; got {type(picture).__name__}; Image.fromarray(pixels) makes one of "
                "an array."
            )
        image = as_rgb(picture) if isinstance(picture, Image.Image) else open_rgb(picture)
        features = model.encode_image(preprocess(image)[None].to(classifier.device))
        return probabilities(features, classifier, scale)[0].cpu().numpy()

    return classify


def _model(
    model: CLIP | None, preprocess: Callable[[Image.Image], Tensor] | None
) -> tuple[CLIP, Callable[[Image.Image], Tensor]]:
    if model is None:
        if preprocess is not None:
            raise ValueError(
                "build_image_classifier: preprocess must come with its model; got it alone; "
                "model, preprocess = clip.load(name) gives both."
            )
        return load(chosen_model())
    if model.training:
        raise ValueError(
            "build_image_classifier: the model must be in evaluation mode; got one in training "
            "mode, whose answers depend on the batch; call model.eval()."
        )
    return model, preprocess or Preprocess(model.visual.input_resolution)
