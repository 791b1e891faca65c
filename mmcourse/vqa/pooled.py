"""Answers from the one vector that a picture's embedding is.

Question and picture are read apart, then joined and thought about by a small network (as the
baseline of arXiv 1505.00468, section 4.2). What the embedding lost, such as which colour is
whose, no question can fetch back.
"""

from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.transformer import LayerNorm
from mmcourse.vqa.answers import ANSWERS
from mmcourse.vqa.reader import QuestionReader, at_end, sizes


@final
class PooledVQA(nn.Module):
    """A question, a pooled vector, and two layers that see both.

    Args:
        dim: numbers in the embedding.
        width: numbers in a token of the question; a multiple of 32.
        layers: of the question's transformer.

    Raises:
        ValueError: a number is out of range.

    >>> from mmcourse.vqa.answers import question_tokens
    >>> model = PooledVQA(dim=8, width=32, layers=1)
    >>> model(torch.zeros(2, 8), question_tokens()(["is there a cat?"] * 2)).shape
    torch.Size([2, 44])
    """

    @checked
    def __init__(self, dim: int = 128, *, width: int = 128, layers: int = 2) -> None:
        super().__init__()
        dim, _, width, layers = sizes("PooledVQA", dim, 1, width, layers)
        self.reader = QuestionReader(width, layers)
        self.ln_image = LayerNorm(dim)
        self.joint = nn.Sequential(
            nn.Linear(dim + width, 4 * width),
            nn.GELU(),
            nn.Linear(4 * width, 4 * width),
            nn.GELU(),
            nn.Linear(4 * width, len(ANSWERS)),
        )

    @checked
    def forward(
        self, pooled: Float[Tensor, "batch dim"], questions: Int[Tensor, "batch length"]
    ) -> Float[Tensor, "batch answers"]:
        """Return the logits of all answers.

        Args:
            pooled: from `CLIP.encode_image`.
            questions: from `question_tokens()`, row i about picture i.
        """
        question = at_end(self.reader(questions), questions)
        return self.joint(torch.cat([self.ln_image(pooled), question], dim=1))
