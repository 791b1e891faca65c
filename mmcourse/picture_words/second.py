"""The second code of a cell, said by a small network that knows the first.

The large one is asked once a cell, not once a code: what it knows of the cell goes into a head
of two layers, together with the code that was just chosen. A step of the RQ-transformer's depth
(arXiv 2203.01941, section 3.2), without attention, as there is but one code to look back at.
"""

from typing import final

from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.transformer import LayerNorm, QuickGELU


@final
class SecondCode(nn.Module):
    """A head that reads what is known of a cell, and its first code."""

    def __init__(self, width: int, codes: int) -> None:
        super().__init__()
        self.read_first = nn.Linear(width, width)
        self.ln_1 = LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 2 * width), QuickGELU(), nn.Linear(2 * width, width)
        )
        self.ln_2 = LayerNorm(width)
        self.head = nn.Linear(width, codes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, known: Float[Tensor, "*batch width"], first: Float[Tensor, "*batch width"]
    ) -> Float[Tensor, "*batch codes"]:
        """Return the logits of the second code.

        Args:
            known: what the transformer knows before the cell.
            first: the embedding of its first code.
        """
        x = known + self.read_first(first)
        x = x + self.mlp(self.ln_1(x))
        logits: Tensor = self.head(self.ln_2(x))
        return logits
