"""A short causal convolution: each token gets a mix of itself and the three before it.

To copy "what came after the last cat", attention must first know what came *before* each token;
two layers can learn it (induction heads, arXiv 2209.11895), slowly. Four taps a number give it
at once (as "canon layers" or Primer's depthwise convolution, arXiv 2109.08668, section 3).
Leaves out a nonlinearity.
"""

from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.transformer import WIDEST


@final
class ShortConvolution(nn.Module):
    """x_t + Σ_j w_j ⊙ x_(t-j), for j from 0 to taps - 1, each number of a token by itself.

    Args:
        width: numbers in a token.
        taps: tokens that are mixed.

    Raises:
        ValueError: a number is out of range.

    >>> convolution = ShortConvolution(1, taps=2)
    >>> _ = convolution.taps.data.copy_(torch.tensor([[0.0], [10.0]]))  # ten times the last one
    >>> convolution(torch.tensor([[[1.0], [2.0], [3.0]]])).flatten().tolist()
    [1.0, 12.0, 23.0]
    """

    @checked
    def __init__(self, width: int, taps: int = 4) -> None:
        super().__init__()
        width = whole("ShortConvolution", "width", width, least=1, most=WIDEST)
        taps = whole("ShortConvolution", "taps", taps, least=1, most=WIDEST)
        self.taps = nn.Parameter(0.2 * torch.randn(taps, width))

    def forward(
        self, x: Float[Tensor, "batch tokens width"]
    ) -> Float[Tensor, "batch tokens width"]:
        """Return each token with a mix of itself and those before it; none sees a later one."""
        tokens = x.shape[1]
        return x + sum(
            tap * F.pad(x, (0, 0, back, 0))[:, :tokens] for back, tap in enumerate(self.taps)
        )
