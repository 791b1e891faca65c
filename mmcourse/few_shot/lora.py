"""LoRA: a matrix that stays as it is, plus a small product that learns.

    W + (alpha / rank) · B A        A: rank × in, random;   B: out × rank, 0 at first

arXiv 2106.09685, section 4.1. At first nothing changes, because B is 0; afterwards the sum is
one matrix again, so that the adapted tower costs no more than the old. Corrected are every
`nn.Linear` and the in-projection of our attention; convolutions, norms, biases and embeddings
stay.

Differs from the paper: the sum is formed first and then applied, which gives the same numbers
and makes merging exact; queries, keys and values share one A, because they are one matrix
here; MLPs are corrected too. Leaves out dropout on the way to A.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, final

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.transformer import SelfAttention


@final
class Corrected(nn.Module):
    """A layer that computes with a corrected matrix; its own stays."""

    def __init__(
        self, layer: nn.Module, name: str, rank: int, alpha: float, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.layer, self.name, self.scale = layer, name, alpha / rank
        matrix = layer.get_parameter(name)
        outputs, inputs = matrix.shape
        whole("add_lora", "rank", rank, most=min(outputs, inputs))
        noise = torch.randn(rank, inputs, generator=generator) * inputs**-0.5
        self.a = nn.Parameter(noise.to(matrix))
        self.b = nn.Parameter(matrix.new_zeros(outputs, rank))

    def matrix(self) -> Float[Tensor, "out in"]:
        """Return W + (alpha / rank) B A."""
        return self.layer.get_parameter(self.name) + self.scale * self.b @ self.a

    def forward(self, *inputs: Any) -> Any:
        """Return what the layer returns with the corrected matrix in place of its own."""
        return functional_call(self.layer, {self.name: self.matrix()}, inputs)


@checked
def add_lora(
    model: nn.Module, rank: int, alpha: float, *, generator: torch.Generator
) -> nn.Module:
    """Return a copy whose matrices have corrections that learn; nothing else does.

    Args:
        model: holds an `nn.Linear` or a `SelfAttention`, or is one; it stays as it is.
        rank: of each correction, at most the shorter side of each matrix.
        alpha: each correction is multiplied by alpha / rank, so that the learning rate need
            not change with the rank.
        generator: draws the first A's; it lives on the CPU, and is advanced.

    Raises:
        ValueError: a number is out of range, there is no matrix, or it is corrected already.

    Of a layer with 3 × 2 numbers, 1 × 2 + 3 × 1 learn:

    >>> model = add_lora(nn.Linear(2, 3), 1, 1.0, generator=torch.Generator().manual_seed(0))
    >>> [tuple(each.shape) for each in model.parameters() if each.requires_grad]
    [(1, 2), (3, 1)]
    """
    rank = whole("add_lora", "rank", rank, least=1)
    alpha = real("add_lora", "alpha", alpha, above=0)
    if _holds(model, Corrected) or not _holds(model, nn.Linear, SelfAttention):
        raise ValueError(
            "add_lora: model must hold nn.Linear or SelfAttention, none of them corrected; "
            f"got a {type(model).__name__} that does not; merge_lora ends earlier corrections."
        )

    def corrected(layer: nn.Module) -> nn.Module:
        if isinstance(layer, nn.Linear):
            return Corrected(layer, "weight", rank, alpha, generator)
        if isinstance(layer, SelfAttention):
            return Corrected(layer, "in_proj_weight", rank, alpha, generator)
        return layer

    return _replaced(deepcopy(model).requires_grad_(requires_grad=False), corrected)


@checked
@torch.no_grad()
def merge_lora(model: nn.Module) -> nn.Module:
    """Return a copy without corrections, which have become part of the matrices.

    It computes the same, its weights have their old names, and all of them learn again.

    Raises:
        ValueError: there is no correction.

    Nothing was learned in between, so the matrix is the old one:

    >>> layer, generator = nn.Linear(2, 3), torch.Generator().manual_seed(0)
    >>> merged = merge_lora(add_lora(layer, 1, 1.0, generator=generator))
    >>> torch.equal(merged.weight, layer.weight)
    True
    """
    if not _holds(model, Corrected):
        raise ValueError(
            f"merge_lora: model must hold corrections; got a {type(model).__name__} without; "
            "add_lora makes them."
        )

    def merged(layer: nn.Module) -> nn.Module:
        if not isinstance(layer, Corrected):
            return layer
        layer.layer.get_parameter(layer.name).copy_(layer.matrix())
        return layer.layer

    return _replaced(deepcopy(model), merged).requires_grad_()


def _holds(model: nn.Module, *kinds: type[nn.Module]) -> bool:
    return any(isinstance(module, kinds) for module in model.modules())


def _replaced(module: nn.Module, replace: Callable[[nn.Module], nn.Module]) -> nn.Module:
    """Return what stands for a module once its parts, then itself, have been replaced."""
    for name, part in module.named_children():
        setattr(module, name, _replaced(part, replace))
    return replace(module)
