"""CoOp: the words before a name are learned, as vectors that need be no words.

arXiv 2109.01134, section 3.2: [v1] … [vM] [name] . with one context for all classes. Both
towers stay as they are. Leaves out a context for each class, and names in the middle.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.clip import CLIP, tokenize
from mmcourse.clip.text import skip_padding, text_feature
from mmcourse.few_shot.probe import require_labels, require_width
from mmcourse.similarity import unit
from mmcourse.train import History, fit
from mmcourse.transformer import causal_mask
from mmcourse.zeroshot.prompts import filled

SPREAD = 0.02
"""Of the first vectors, which are noise, as in the paper's code."""


@final
class LearnedContext(nn.Module):
    """Vectors that stand before every name in a copy of a model's text tower, which is frozen.

    Args:
        model: a CLIP.
        names: of the classes, all different.
        length: how many vectors.
        generator: draws the first ones; it lives on the CPU, and is advanced.

    Raises:
        ValueError: `length` is below 1, there is no name, one is blank or occurs twice, or a
            name is too long for the rest of the context.

    >>> from mmcourse import clip
    >>> model, generator = clip.load("tiny", device="cpu")[0], torch.Generator().manual_seed(0)
    >>> context = LearnedContext(model, ["cat", "dog", "bird"], 4, generator=generator)
    >>> (
    ...     context().shape,
    ...     [name for name, each in context.named_parameters() if each.requires_grad],
    ... )
    (torch.Size([128, 3]), ['context'])
    """

    tokens: Tensor

    @checked
    def __init__(
        self, model: CLIP, names: Sequence[str], length: int = 4, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        most = model.context_length
        length = whole("LearnedContext", "length", length, least=1, most=most)
        prompts = filled("LearnedContext", names, "x " * length + "{}.")
        with speaking_as("LearnedContext", "tokenize"):
            tokens = tokenize([one for [one] in prompts], most)
        self.clip = deepcopy(model).requires_grad_(requires_grad=False).eval()
        tokens = skip_padding(tokens.to(model.logit_scale.device))
        self.register_buffer("tokens", tokens, persistent=False)
        vectors = torch.randn(length, model.ln_final.weight.shape[0], generator=generator)
        self.context = nn.Parameter(SPREAD * vectors.to(model.text_projection))

    def forward(self) -> Float[Tensor, "dim classes"]:
        """Return one column of norm 1 for each name, as `build_classifier` does."""
        clip, (classes, length) = self.clip, self.tokens.shape
        words = clip.token_embedding(self.tokens)
        context = self.context.expand(classes, -1, -1)
        # start token, context in place of each x, name
        words = torch.cat([words[:, :1], context, words[:, 1 + len(self.context) :]], dim=1)
        places = clip.positional_embedding[:length]
        hidden = clip.transformer(words + places, causal_mask(length).to(words))
        feature = text_feature(clip.ln_final(hidden), self.tokens)
        return unit(feature @ clip.text_projection).T


@checked
def learn_context(
    context: LearnedContext,
    features: Float[Tensor, "n dim"],
    labels: Int[Tensor, " n"],
    *,
    steps: int = 100,
    lr: float = 0.02,
) -> History:
    """Train a context in place on features of labelled pictures, and return its losses.

    Cross-entropy of the model's scale times cosines, over all pictures at every step.

    Args:
        context: what learns.
        features: from `encode_image`, of any length: they are normalised here.
        labels: the place of each picture's name in `names`, each at least once.
        steps: how many.
        lr: Adam's highest learning rate.

    Raises:
        ValueError: a number is out of range or not finite, or a class has no picture.

    >>> from mmcourse import clip
    >>> model, generator = clip.load("tiny", device="cpu")[0], torch.Generator().manual_seed(0)
    >>> context = LearnedContext(model, ["cat", "dog"], 4, generator=generator)
    >>> history = learn_context(context, torch.eye(2, 128), torch.tensor([0, 1]), steps=9)
    >>> history.losses[-1] < history.losses[0]
    True
    """
    steps = whole("learn_context", "steps", steps, least=1)
    lr = real("learn_context", "lr", lr, least=0)
    require_finite("learn_context", features=features)
    require_labels("learn_context", labels, len(context.tokens))
    require_width("learn_context", features, context.clip.text_projection.shape[1])
    images, scale = unit(features.detach()), context.clip.logit_scale.exp()
    return fit(
        context,
        lambda _: F.cross_entropy(scale * images @ context(), labels.long()),
        steps,
        chosen=[torch.optim.Adam([context.context], lr=lr)],
        progress=False,
    )
