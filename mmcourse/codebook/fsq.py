"""Finite scalar quantisation: every number is rounded to one of a few levels, and that is all.

    rounded = (round((L - 1) σ(x)) / (L - 1)) · 2 - 1            levels from -1 to 1

Four numbers of 8, 5, 5 and 5 levels have 8 · 5 · 5 · 5 = 1000 values together: a codebook that
nobody had to learn, none of whose entries can die. Rounding has no slope, so the gradient
passes it as if it were not there (straight-through, arXiv 1308.3432, section 2.3).

arXiv 2309.15505, section 3. Differs from the paper: σ takes the part of its shifted tanh, which
puts as many levels on either side of 0 for even numbers of levels, too.
"""

from collections.abc import Sequence
from math import prod

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked

LEVELS = (8, 5, 5, 5)
"""Levels of the numbers of one code; about a thousand codes, as the paper recommends."""

MOST = 1 << 20
"""Codes at most: a table of more would not be worth its rows."""


@checked
def finite_scalar(
    latents: Float[Tensor, "*batch channels"], levels: Sequence[int] = LEVELS
) -> Float[Tensor, "*batch channels"]:
    """Return every number on the level next to it, from -1 to 1; the gradient is that of σ.

    Args:
        latents: any numbers.
        levels: how many each channel has; at least 2.

    Raises:
        ValueError: not one number of levels a channel, or one is below 2.

    Of five levels, σ(0) = 1/2 is the middle one, and σ(9) the last; σ(1) = 0.73 is next to 3/4.

    >>> finite_scalar(torch.tensor([[-9.0, 0.0, 1.0, 9.0]]), (5, 5, 5, 5))
    tensor([[-1.0000,  0.0000,  0.5000,  1.0000]])
    """
    steps = torch.tensor(_levels("finite_scalar", levels, latents)) - 1
    steps = steps.to(latents)
    scaled = steps * latents.sigmoid()
    rounded = scaled + (scaled.round() - scaled).detach()  # straight-through
    return rounded / steps * 2 - 1


@checked
def codes_of(
    rounded: Float[Tensor, "*batch channels"], levels: Sequence[int] = LEVELS
) -> Int[Tensor, "*batch"]:
    """Return the number of each row of levels: the first channel counts ones.

        code = l₁ + L₁ l₂ + L₁ L₂ l₃ + …        where l is 0 at -1 and L - 1 at 1

    Args:
        rounded: from `finite_scalar`, from -1 to 1.
        levels: as there.

    Raises:
        ValueError: as there, or a number lies outside of -1 to 1.

    >>> codes_of(torch.tensor([[1.0, -1.0], [-1.0, 0.0], [1.0, 1.0]]), (8, 5))
    tensor([ 7, 16, 39])
    """
    counts = _levels("codes_of", levels, rounded)
    if rounded.numel() and not bool((rounded.detach().abs() <= 1 + 1e-4).all()):
        raise ValueError(
            "codes_of: rounded must be from -1 to 1; got "
            f"{rounded.abs().max().item():.4g}; finite_scalar rounds numbers."
        )
    steps = torch.tensor(counts).to(rounded) - 1
    places = ((rounded + 1) / 2 * steps).round().long()
    return (places * _worth(counts).to(places)).sum(-1)


@checked
def levels_of(
    codes: Int[Tensor, "*batch"], levels: Sequence[int] = LEVELS
) -> Float[Tensor, "*batch channels"]:
    """Return the levels, from -1 to 1, that a code stands for: the way back from `codes_of`.

    Args:
        codes: from 0 to the product of the levels, less 1.
        levels: as for `finite_scalar`.

    Raises:
        ValueError: as there, or there is no such code.

    >>> levels_of(torch.tensor([7, 16, 39]), (8, 5))
    tensor([[ 1., -1.],
            [-1.,  0.],
            [ 1.,  1.]])
    """
    counts = _levels("levels_of", levels)
    require_codes("levels_of", codes, prod(counts))
    among = torch.tensor(counts).to(codes)
    places = codes[..., None] // _worth(counts).to(codes) % among
    return places / (among - 1) * 2 - 1


def require_codes(operation: str, codes: Int[Tensor, "*batch"], n: int) -> None:
    """Refuse numbers that are none of n codes.

    Raises:
        ValueError: as said.
    """
    if codes.numel() and not 0 <= int(codes.min()) <= int(codes.max()) < n:
        raise ValueError(
            f"{operation}: codes must be from 0 to {n - 1}; got {int(codes.min())} to "
            f"{int(codes.max())}."
        )


def _worth(levels: Sequence[int]) -> Int[Tensor, " channels"]:
    """Return what one level of each channel is worth in a code."""
    return torch.tensor([prod(levels[:place]) for place in range(len(levels))])


def _levels(
    operation: str, levels: Sequence[int], like: Tensor | None = None
) -> tuple[int, ...]:
    """Return the levels as whole numbers, one a channel."""
    found = tuple(whole(operation, "levels", each, least=2, most=MOST) for each in levels)
    if like is not None and len(found) != like.shape[-1]:
        raise ValueError(
            f"{operation}: levels must be one a channel; got {len(found)} for "
            f"{like.shape[-1]} channels."
        )
    if not found or prod(found) > MOST:
        raise ValueError(
            f"{operation}: levels must give at least two codes and at most {MOST}; got "
            f"{prod(found)}."
        )
    return found
