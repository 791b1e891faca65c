"""Mistakes that every question about one training step names alike: what the optimizer is told.

A question whose `build` takes `order`, and follows it with `follow`, can list them. Leaves out
the losses, which differ.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

from classroom.checks.question import Mistake

ORDER = ("zero", "backward", "step")
"""What is done with a loss, and when."""


def follow(
    order: Sequence[str], optimizer: Optimizer, loss: Tensor, **others: Callable[[], object]
) -> None:
    """Do with a loss what an order says; `others` are further words that it may hold."""
    told: dict[str, Callable[[], object]] = {
        "zero": optimizer.zero_grad,
        "backward": lambda: torch.autograd.backward(loss),
        "step": optimizer.step,
        **others,
    }
    for one in order:
        told[one]()


GRADIENTS_LEFT = Mistake(
    name="gradients-left",
    message="Gradients of the batch before are still there, and are added to yours. "
    "optimizer.zero_grad() comes before backward, in the first step as well.",
    changes={"order": ("backward", "step")},
    variants=({"order": ("backward", "step", "zero")},),
)
NO_STEP = Mistake(
    name="no-step",
    message="The weights stay as they were. Is optimizer.step() missing, does zero_grad come "
    "between backward and step, or does no_grad or detach cut off what learns?",
    changes={"order": ("zero", "backward")},
    variants=({"order": ("backward", "zero", "step")}, {"order": ("zero", "step", "backward")}),
)
STEPPED_TWICE = Mistake(
    name="stepped-twice",
    message="The optimizer takes two steps for one batch. optimizer.step() is called once.",
    changes={"order": (*ORDER, "step")},
)
