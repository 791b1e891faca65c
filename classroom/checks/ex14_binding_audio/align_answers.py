"""Answers to 14.3, a right one and the mistakes that are known."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import Optimizer

from classroom.checks.optimizer_mistakes import (
    GRADIENTS_LEFT,
    NO_STEP,
    ORDER,
    STEPPED_TWICE,
    follow,
)
from classroom.checks.question import Mistake
from classroom.checks.scale_mistakes import SCALE_MISTAKES

Step = Callable[[Tensor], Tensor]


def _unit(x: Tensor) -> Tensor:
    return F.normalize(x, dim=-1)


def _as_is(x: Tensor) -> Tensor:
    return x


def _of_pictures(model: Any, pictures: Tensor, _: Tensor) -> Tensor:
    return model.encode_image(pictures)


def _mean_of_both(logits: Tensor, wanted: Tensor) -> Tensor:
    return (F.cross_entropy(logits, wanted) + F.cross_entropy(logits.T, wanted)) / 2


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`align_step`, with steps that may be replaced."""

    training: bool = False
    held: Callable[[], Any] = torch.no_grad
    scale_held: Callable[[], Any] = torch.no_grad
    target: Callable[[Any, Tensor, Tensor], Tensor] = _of_pictures
    heard: Step = _unit
    seen: Step = _unit
    scale: Callable[[Any], Any] = torch.exp
    loss: Callable[[Tensor, Tensor], Tensor] = _mean_of_both
    order: Sequence[str] = ORDER

    def __call__(
        self,
        tower: Any,
        model: Any,
        optimizer: Optimizer,
        sounds: Tensor,
        pictures: Tensor,
        tokens: Tensor,
    ) -> float:
        """Change the tower by one step, and return the loss before it."""
        model.train(self.training)
        with self.held():
            wanted = self.seen(self.target(model, pictures, tokens))
        with self.scale_held():
            scale = self.scale(model.logit_scale)
        logits = scale * self.heard(tower(sounds)) @ wanted.T
        loss = self.loss(logits, torch.arange(len(sounds)))
        follow(self.order, optimizer, loss, **{"zero tower": tower.zero_grad})
        return loss.item()


align_step = Steps()
"""One step of a third tower towards pictures, with nothing else changed."""


def _sum_of_both(model: Any, pictures: Tensor, tokens: Tensor) -> Tensor:
    return _unit(model.encode_image(pictures)) + _unit(model.encode_text(tokens))


def _sum_over_pairs(logits: Tensor, wanted: Tensor) -> Tensor:
    return len(wanted) * _mean_of_both(logits, wanted)


def _softmax_before(logits: Tensor, wanted: Tensor) -> Tensor:
    rows, columns = logits.softmax(dim=1), logits.T.softmax(dim=1)
    return (F.cross_entropy(rows, wanted) + F.cross_entropy(columns, wanted)) / 2


def _together(logits: Tensor, wanted: Tensor) -> Tensor:
    return 2 * _mean_of_both(logits, wanted)


def _pulled(logits: Tensor, _: Tensor) -> Tensor:
    return -logits.diagonal().mean()


MISTAKES = (
    Mistake(
        name="unfroze-image-tower",
        message="The picture tower takes part in the step: gradients reach its weights, and "
        "an optimizer that holds them moves them. Then `tiny` no longer fits its own texts. "
        "Encode pictures in torch.no_grad().",
        changes={"held": nullcontext},
        variants=({"held": nullcontext, "scale_held": nullcontext},),
    ),
    Mistake(
        name="scale-learned",
        message="The scale is the model's too: gradients reach logit_scale. Take it in "
        "torch.no_grad(), or as a number, with .item().",
        changes={"scale_held": nullcontext},
    ),
    Mistake(
        name="training-mode",
        message="You put the model into training mode: its pictures depend on each other, and "
        "its running means move. A frozen model stays in test mode.",
        changes={"training": True},
    ),
    Mistake(
        name="trained-on-text",
        message="You trained on the captions. They are kept for the test: only if no sound "
        "ever met a word does it say something that sounds find words. Use the pictures "
        "alone.",
        changes={"target": lambda model, _, tokens: model.encode_text(tokens)},
        variants=({"target": _sum_of_both},),
    ),
    Mistake(
        name="no-normalise",
        message="You compare vectors of any length, so a loud vector beats a right one. Bring "
        "the rows of both towers to length 1 first: F.normalize(x, dim=-1).",
        changes={"heard": _as_is},
        variants=({"seen": _as_is}, {"heard": _as_is, "seen": _as_is}),
    ),
    Mistake(
        name="columns-normalised",
        message="You brought columns to length 1, not rows: F.normalize takes dim=-1 for that.",
        changes={"heard": lambda x: F.normalize(x, dim=0)},
        variants=(
            {"seen": lambda x: F.normalize(x, dim=0)},
            {"heard": lambda x: F.normalize(x, dim=0), "seen": lambda x: F.normalize(x, dim=0)},
        ),
    ),
    Mistake(
        name="whole-batch-normalised",
        message="You divided by one length for the whole batch: norm() without dim. Each "
        "row has its own.",
        changes={"heard": lambda x: x / x.norm()},
        variants=({"seen": lambda x: x / x.norm()},),
    ),
    *SCALE_MISTAKES,
    Mistake(
        name="one-direction",
        message="You ask one question alone: which picture belongs to a sound, or which "
        "sound to a picture. Ask both, logits and logits.T, and take their mean.",
        changes={"loss": F.cross_entropy},
        variants=({"loss": lambda logits, wanted: F.cross_entropy(logits.T, wanted)},),
    ),
    Mistake(
        name="directions-added",
        message="You added the two directions up. Take their mean: the gradient is twice as "
        "large as with clip_loss.",
        changes={"loss": _together},
    ),
    Mistake(
        name="pairs-added",
        message="You added the pairs' losses up. Take their mean, or the step grows with the "
        "batch: cross_entropy does so if nothing else is said.",
        changes={"loss": _sum_over_pairs},
    ),
    Mistake(
        name="softmax-twice",
        message="You took the softmax before cross_entropy, which takes it itself. Give it "
        "the logits.",
        changes={"loss": _softmax_before},
    ),
    Mistake(
        name="divided-by-the-scale",
        message="You divided by the scale. A scale multiplies; what divides is a temperature.",
        changes={"scale": lambda log_scale: (-log_scale).exp()},
    ),
    Mistake(
        name="only-pulled-together",
        message="You pull each sound to its picture, and nothing pushes it away from the "
        "others. Let every sound choose among all pictures of the batch: cross_entropy.",
        changes={"loss": _pulled},
        variants=({"loss": lambda logits, _: (1 - logits.diagonal()).mean()},),
    ),
    GRADIENTS_LEFT,
    Mistake(
        name="gradients-left-in-the-model",
        message="You emptied the tower's gradients alone. An earlier batch may have left some "
        "in the model, too: where the optimizer holds it, the step moves it. "
        "optimizer.zero_grad() empties all that it holds.",
        changes={"order": ("zero tower", "backward", "step")},
    ),
    NO_STEP,
    STEPPED_TWICE,
)
