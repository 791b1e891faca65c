"""A caption for people who cannot see the picture, or the honesty to say "not sure".

A false caption is worse than none for whoever cannot check it. So the model's own probability
of the whole sentence decides whether it is said at all. Leaves out pictures of another world
than the drawn one: a model may be sure of what it has never seen.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import torch
from PIL import Image

from mmcourse import clip
from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.captioning.greedy import greedy
from mmcourse.captioning.prefix import PrefixCaptioner
from mmcourse.checkpoints import restore
from mmcourse.clip import CLIP, Preprocess
from mmcourse.images import as_rgb

NOT_SURE = "not sure"

THRESHOLD = 0.8
"""Least probability of a sentence that is said: the lowest tenth at which at most one in fifty
of what is said of 2,000 pictures for validation holds a false fact."""


@final
@dataclass(frozen=True)
class AltText:
    """What is said of a picture.

    Args:
        text: a caption in lower case, or "not sure".
        confidence: the model's probability that all of the caption is right, in [0, 1].
        guess: the caption, even where it is not said.
    """

    text: str
    confidence: float
    guess: str


@checked
def alt_text(image: Image.Image, *, threshold: float = THRESHOLD) -> AltText:
    """Return a caption of a picture with a confidence, or "not sure" below the threshold.

    Args:
        image: a Pillow picture of any size, taken as `images.as_rgb` shows it; what lies
            outside its centre square is not seen.
        threshold: least probability of a sentence that is said, from 0 to 1.

    Raises:
        ValueError: the threshold is out of range, or the picture has no pixels.
    """
    threshold = real("alt_text", "threshold", threshold, least=0, most=1)
    model, preprocess, captioner = _eyes_and_mouth()
    with torch.no_grad():
        grid = model.image_grid(preprocess(as_rgb(image)).unsqueeze(0))
    [said] = greedy(captioner, grid)
    text = said.text if said.probability >= threshold else NOT_SURE
    return AltText(text, said.probability, said.text)


@lru_cache(maxsize=1)
def _eyes_and_mouth() -> tuple[CLIP, Preprocess, PrefixCaptioner]:
    model, preprocess = clip.load("tiny", device="cpu")
    return model, preprocess, restore(PrefixCaptioner(), "captioner")
