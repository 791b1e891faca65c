"""Mistakes that every question about one training step names alike: what the optimizer is told.

Leaves out the losses, which differ.
"""

from classroom.checks.question import Mistake

GRADIENTS_LEFT = Mistake(
    name="gradients-left",
    message="Gradients of the batch before are still there, and are added to yours. "
    "optimizer.zero_grad() comes before backward.",
    changes={"emptied": False},
)
NO_STEP = Mistake(
    name="no-step",
    message="The weights stay as they were. Is optimizer.step() missing, does zero_grad come "
    "between backward and step, or does no_grad or detach cut off what learns?",
    changes={"moved": False},
)
