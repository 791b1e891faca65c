"""A question as vectors: a small causal transformer, read at the question's end.

As CLIP's text tower, and much smaller. Leaves out the picture.
"""

from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.scalars import whole
from mmcourse.tokenizer.words import END
from mmcourse.transformer import WIDEST, LayerNorm, Transformer, causal_mask
from mmcourse.vqa.answers import question_tokens

HEAD_DIM = 32
LONGEST = 24
"""Tokens of a question at most, start and end among them."""


@final
class QuestionReader(nn.Module):
    """Word embeddings, places, and causal layers.

    Args:
        width: numbers in a token; a multiple of 32.
        layers: of the transformer; 0 leaves the words as they are.
    """

    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        self.word_embedding = nn.Embedding(len(question_tokens()), width)
        self.position_embedding = nn.Parameter(0.02 * torch.randn(LONGEST, width))
        self.transformer = Transformer(width, layers, width // HEAD_DIM)
        self.ln_final = LayerNorm(width)
        nn.init.normal_(self.word_embedding.weight, std=width**-0.5)

    def forward(
        self, questions: Int[Tensor, "batch length"]
    ) -> Float[Tensor, "batch length width"]:
        """Return one vector for each word; none has seen a later one.

        Raises:
            ValueError: a question is too long.
        """
        length = questions.shape[1]
        if length > LONGEST:
            raise ValueError(
                f"QuestionReader: a question has at most {LONGEST} tokens; got {length}; ask a "
                "shorter one."
            )
        x = self.word_embedding(questions) + self.position_embedding[:length]
        return self.ln_final(self.transformer(x, causal_mask(length).to(x)))


def at_end(
    x: Float[Tensor, "batch length width"], questions: Int[Tensor, "batch length"]
) -> Float[Tensor, "batch width"]:
    """Return the vector at each question's end, which has seen all of it."""
    rows = torch.arange(len(x), device=x.device)
    return x[rows, (questions == END).int().argmax(1)]


def sizes(operation: str, dim: int, places: int, width: int, layers: int) -> tuple[int, ...]:
    """Return the sizes of an answerer, after checking them.

    Raises:
        ValueError: one is out of range.

    >>> sizes("PooledVQA", 128, 1, 64, 2)
    (128, 1, 64, 2)
    """
    dim = whole(operation, "dim", dim, least=1, most=WIDEST)
    places = whole(operation, "places", places, least=1, most=WIDEST)
    layers = whole(operation, "layers", layers, least=1, most=WIDEST)
    width = whole(operation, "width", width, least=HEAD_DIM, most=WIDEST)
    if width % HEAD_DIM:
        raise ValueError(f"{operation}: width must be a multiple of {HEAD_DIM}; got {width}.")
    return dim, places, width, layers
