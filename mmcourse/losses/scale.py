"""The scale that multiplies cosines, learned with everything else but kept in bounds.

Leaves out SigLIP's bias, which is an ordinary parameter.
"""

from math import log
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked


@final
class LogitScale(nn.Module):
    """A positive scale, 1 / temperature, learned as its logarithm.

    CLIP starts at 1 / 0.07 and stops at 100 (arXiv 2103.00020, section 2.5). Call `clamp_`
    after every step of the optimiser: it puts the parameter back on the limit, where its
    gradient still flows both ways, so that the scale can come down again. Whoever forgets it
    still never gets more than the limit; but a parameter beyond the limit has gradient 0 and
    stays there.

    Differs from open_clip: no lower limit, where theirs is a scale of 1.

    Args:
        init: the scale to start with, above 0.
        max_scale: the highest scale, up to the rounding of exp; at least `init`.

    Raises:
        ValueError: an argument is not positive, or `init` is above `max_scale`.

    >>> scale = LogitScale(init=8, max_scale=10)
    >>> with torch.no_grad():  # a step that doubles it
    ...     _ = scale.logit_scale.add_(log(2))
    >>> scale.clamp_()
    >>> round(scale().item(), 4)
    10.0
    """

    @checked
    def __init__(self, init: float = 1 / 0.07, max_scale: float = 100.0) -> None:
        super().__init__()
        max_scale = real("LogitScale", "max_scale", max_scale)
        init = real("LogitScale", "init", init)
        if not 0 < init <= max_scale:
            raise ValueError(
                "LogitScale: init must be above 0 and at most max_scale; got "
                f"{init} and {max_scale}."
            )
        self.max_scale = max_scale
        self.logit_scale = nn.Parameter(torch.tensor(log(init)))

    def forward(self) -> Float[Tensor, ""]:
        """Return the scale, as a tensor through which its gradient flows."""
        return self.logit_scale.clamp(max=log(self.max_scale)).exp()

    @torch.no_grad()
    def clamp_(self) -> None:
        """Put the parameter back to the limit if a step has carried it beyond."""
        self.logit_scale.clamp_(max=log(self.max_scale))

    def extra_repr(self) -> str:
        """Return what `print` shows inside the brackets."""
        return f"scale={self().item():.4g}, max_scale={self.max_scale:g}"
