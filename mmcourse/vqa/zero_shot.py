"""Zero-shot answers: which of the sentences that answers make is nearest to the picture?

It needs no training, and inherits all that CLIP misses: whose colour is whose, left and right,
"not" (arXiv 2107.06383, section 4.1).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP, tokenize
from mmcourse.similarity import unit
from mmcourse.vqa.statements import statements

BATCH = 512
"""Sentences that are encoded together."""


@checked
@torch.no_grad()
def zero_shot_answers(
    model: CLIP, image_features: Float[Tensor, "n dim"], questions: Sequence[str]
) -> list[str]:
    """Return the answer to each question whose sentence is nearest to its picture.

    Args:
        model: a CLIP.
        image_features: from its `encode_image`, of any length.
        questions: of `world.questions`, question i about picture i.

    Raises:
        ValueError: not one question for each picture, or one that the world does not ask.

    >>> from mmcourse import clip
    >>> model = clip.load("tiny", device="cpu")[0]
    >>> features = model.encode_text(tokenize("a photo of a cat")).detach()
    >>> zero_shot_answers(model, features, ["what is the picture of?"])
    ['cat']
    """
    if len(questions) != len(image_features):
        raise ValueError(
            "zero_shot_answers: there must be one question for each picture; got "
            f"{len(questions)} for {len(image_features)} pictures."
        )
    options = [statements(question) for question in questions]
    texts = sorted({text for option in options for text in option.values()})
    rows = {text: row for row, text in enumerate(texts)}
    features = _encoded(model, texts)
    found = []
    for option, image in zip(options, unit(image_features), strict=True):
        cosines = features[[rows[text] for text in option.values()]] @ image
        found.append(list(option)[int(cosines.argmax())])
    return found


def _encoded(model: CLIP, texts: Sequence[str]) -> Float[Tensor, "texts dim"]:
    device = model.logit_scale.device
    batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
    return torch.cat(
        [unit(model.encode_text(tokenize(batch).to(device))) for batch in batches]
        or [torch.zeros(0, model.text_projection.shape[1], device=device)]
    )
