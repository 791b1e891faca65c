"""Vector quantisation: a vector becomes the nearest of a learnt codebook's.

    code(x) = argmin over k of |x - e_k|²
    loss    = |sg(x) - e|² + β |x - sg(e)|²            sg: no gradient passes

The gradient of what is made of e goes to x as if nothing had been exchanged (straight-through).
The first term pulls an entry to the vectors that chose it, the second keeps these from running
away. An entry that nobody chose gets no gradient at all: so a codebook collapses to the few
that were near at the beginning.

arXiv 1711.00937, section 3.2. Leaves out the remedies that came later: moving averages for
entries, restarts of dead ones (arXiv 2005.00341, section 3.1).
"""

from typing import NamedTuple, final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.transformer import WIDEST

COMMITMENT = 0.25
"""β of the paper."""


@final
class Quantised(NamedTuple):
    """What became of some vectors.

    Args:
        vectors: the entries that they were exchanged for; gradients pass on to the vectors.
        codes: which entries these are.
        loss: what draws entries and vectors together.
    """

    vectors: Float[Tensor, "*batch dim"]
    codes: Int[Tensor, "*batch"]
    loss: Float[Tensor, ""]


@final
class VectorQuantiser(nn.Module):
    """A codebook that is learnt along with what it serves.

    Args:
        n: how many entries; at first small and random, as in the authors' code.
        dim: numbers in each.

    Raises:
        ValueError: a number is out of range.
    """

    @checked
    def __init__(self, n: int, dim: int) -> None:
        super().__init__()
        n = whole("VectorQuantiser", "n", n, least=2, most=WIDEST)
        dim = whole("VectorQuantiser", "dim", dim, least=1, most=WIDEST)
        self.codebook = nn.Parameter((2 * torch.rand(n, dim) - 1) / n)

    @checked
    def forward(
        self, vectors: Float[Tensor, "*batch dim"], commitment: float = COMMITMENT
    ) -> Quantised:
        """Return the nearest entries, their numbers, and the loss.

        Args:
            vectors: with as many numbers as an entry.
            commitment: β, at least 0.

        Raises:
            ValueError: the vectors have other sizes, there are none, or β is below 0.

        >>> quantiser = VectorQuantiser(2, 1)
        >>> quantiser.codebook.data = torch.tensor([[0.0], [10.0]])
        >>> found = quantiser(torch.tensor([[1.0], [9.0]]))
        >>> found.codes, found.loss.item()  # each is 1 from its entry: 1 + 0.25
        (tensor([0, 1]), 1.25)
        """
        commitment = real("VectorQuantiser", "commitment", commitment, least=0)
        if vectors.shape[-1] != (dim := self.codebook.shape[1]) or not vectors.numel():
            raise ValueError(
                f"VectorQuantiser: vectors must be of {dim} numbers, at least one vector; got "
                f"shape {tuple(vectors.shape)}."
            )
        flat = vectors.reshape(-1, dim)
        codes = torch.cdist(flat.detach(), self.codebook.detach()).argmin(1)
        entries = self.codebook[codes].view_as(vectors)
        pulled = (vectors.detach() - entries).square().mean()
        held = (vectors - entries.detach()).square().mean()
        through = vectors + (entries - vectors).detach()  # straight-through
        return Quantised(through, codes.view(vectors.shape[:-1]), pulled + commitment * held)
