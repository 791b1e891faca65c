"""From a vector of the joint space to what a painter reads: a prior that is one matrix.

A painter was taught by a text tower's words. A sound, or a picture, has one vector in the space
that they share, and no words. unCLIP (arXiv 2204.06125, section 2.2) trains a network to step
from one sort of vector to the other; here it is ridge regression on texts, of which both sides
are known. Leaves out the words: their places stay empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP, tokenize
from mmcourse.rectified_flow.net import LENGTH
from mmcourse.rectified_flow.prompts import read_prompts

RIDGE = 0.1
"""Share of the texts' mean variance that is added to each direction; chosen for validation, of
0.01, 0.1, 1 and 10: so the painter makes most right kinds of sounds whose gap was removed."""


@final
@dataclass(frozen=True)
class SentenceMap:
    """What sentence vector a text would have had, that lay there.

    Args:
        matrix: (dim, width), from a vector of length 1, its mean taken off, to a sentence's.
        texts: the mean of the texts' vectors of length 1.
        sentences: the mean of the texts' sentence vectors.
    """

    matrix: Float[Tensor, "dim width"]
    texts: Float[Tensor, " dim"]
    sentences: Float[Tensor, " width"]

    @checked
    def __call__(
        self,
        vectors: Float[Tensor, "batch dim"],
        middle: Float[Tensor, " dim"] | None = None,
    ) -> Float[Tensor, "batch length width"]:
        """Return a condition for `Painter.paint_read`: sentence vectors, and no words.

        Args:
            vectors: of the joint space, of any length but 0.
            middle: the mean of such vectors, of length 1 each, which is taken off; None takes
                off that of texts.
        """
        away = F.normalize(vectors, dim=-1) - (self.texts if middle is None else middle)
        sentence = away @ self.matrix + self.sentences
        return F.pad(sentence[:, None], (0, 0, 0, LENGTH - 1))


@checked
@torch.no_grad()
def sentence_map(model: CLIP, texts: Sequence[str], *, ridge: float = RIDGE) -> SentenceMap:
    """Return the map that fits some texts best, by ridge regression.

        W = (XᵀX / n + λI)⁻¹ XᵀY / n,   λ = ridge · mean variance of X

    X holds the texts' vectors in the joint space and Y what `read_prompts` says of the whole
    sentence, both less their means. In directions in which texts hardly differ, the ridge keeps
    W from stretching whatever lies there.

    Args:
        model: whose text tower reads.
        texts: prompts of at most 22 tokens; better more of them than the space has dimensions.
        ridge: λ, as a share of the mean variance of X; above 0.

    Raises:
        ValueError: there is no text, one is too long, or `ridge` is not above 0.
    """
    ridge = real("sentence_map", "ridge", ridge, above=0)
    sentences = read_prompts(model, texts)[:, 0]
    tokens = tokenize(list(texts)).to(sentences.device)
    vectors = F.normalize(model.encode_text(tokens), dim=-1)
    x, y = vectors - vectors.mean(0), sentences - sentences.mean(0)
    square = x.T @ x
    square += ridge * square.trace() / len(square) * torch.eye(len(square)).to(square)
    return SentenceMap(torch.linalg.solve(square, x.T @ y), vectors.mean(0), sentences.mean(0))
