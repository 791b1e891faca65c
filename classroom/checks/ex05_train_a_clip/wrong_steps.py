"""Training steps that are wrong in one part: the mistakes of 05.1."""

from collections.abc import Callable, Sequence
from functools import partial
from math import log
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from classroom.checks.ex05_train_a_clip.inputs import clip_loss, cosines
from classroom.checks.question import Answer, Mistake

MOST = log(100)
"""The scale is never larger than 100 (arXiv 2103.00020, section 2.5)."""


def _encoded(model: Any, images: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    return model.encode_image(images), model.encode_text(tokens)


def _held(model: Any) -> None:
    model.logit_scale.data.clamp_(max=MOST)


def build(  # noqa: PLR0913 - each is a place for one mistake
    *,
    mode: Callable[[Any], object] = lambda model: model.train(),
    encoded: Callable[..., tuple[Tensor, Tensor]] = _encoded,
    scale: Callable[[Any], Tensor | float] = lambda model: model.logit_scale.exp(),
    loss: Callable[..., Tensor] = clip_loss,
    order: Sequence[str] = ("loss", "zero", "backward", "step", "hold"),
    hold: Callable[[Any], None] = _held,
    given: Callable[..., float] = lambda before, _: before,
) -> Answer:
    """Return a step that takes its parts in other ways, or in another order."""

    def answer(model: Any, optimizer: Optimizer, images: Tensor, tokens: Tensor) -> float:
        def measured() -> Tensor:
            return loss(*encoded(model, images, tokens), scale(model))

        mode(model)
        first, *rest = order
        if first == "hold":
            hold(model)
        before = measured()
        parts: dict[str, Callable[[], object]] = {
            "zero": optimizer.zero_grad,
            "backward": partial(torch.autograd.backward, before),
            "step": optimizer.step,
            "hold": partial(hold, model),
        }
        for name in rest:
            parts[name]()
        return given(before.item(), measured)

    return answer


def _without_gradient(model: Any, images: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    return model.encode_image(images).detach(), model.encode_text(tokens).detach()


def _one_direction(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    logits = scale * cosines(images, texts)
    return F.cross_entropy(logits, torch.arange(len(logits)))


def _tracked(model: Any) -> None:
    model.logit_scale.clamp_(max=MOST)


def _replaced(model: Any) -> None:
    model.logit_scale = nn.Parameter(model.logit_scale.detach().clamp(max=MOST))


def _never(_: Any) -> None:
    """Hold nothing."""


MISTAKES = (
    Mistake(
        name="zero-grad-missing",
        message="The gradients of all steps add up. Forget the old ones before backward(): "
        "optimizer.zero_grad().",
        changes={"order": ("loss", "backward", "step", "hold")},
    ),
    Mistake(
        name="zero-grad-late",
        message="You forget gradients after the step alone, so those that lay there before "
        "your first batch are added to it. Call optimizer.zero_grad() before backward().",
        changes={"order": ("loss", "backward", "step", "zero", "hold")},
        variants=({"order": ("loss", "backward", "step", "hold", "zero")},),
    ),
    Mistake(
        name="scale-not-optimised",
        message="The scale does not learn: your loss holds a number, or a copy without a "
        "gradient. Pass model.logit_scale.exp() itself.",
        changes={"scale": lambda model: model.logit_scale.exp().item()},
        variants=({"scale": lambda _: 1 / 0.07}, {"scale": lambda _: 100.0}),
    ),
    Mistake(
        name="towers-not-optimised",
        message="The scale learns, the towers do not: their features carry no gradient. Encode "
        "without torch.no_grad(), and detach nothing.",
        changes={"encoded": _without_gradient},
    ),
    Mistake(
        name="clamp-missing",
        message="The scale went past 100. After the step, hold logit_scale at log(100), in "
        "place: it is the scale's logarithm.",
        changes={"hold": _never},
        variants=({"hold": lambda model: model.logit_scale.data.clamp_(max=100)},),
    ),
    Mistake(
        name="clamp-tracked",
        message="You change a parameter while autograd is watching. Hold the scale under "
        "torch.no_grad().",
        changes={"hold": _tracked},
    ),
    Mistake(
        name="clamped-before-step",
        message="You held the scale before the step, and the step took it past 100 again. "
        "Hold model.logit_scale itself, after optimizer.step().",
        changes={"order": ("hold", "zero", "backward", "step")},
        variants=(
            {"order": ("loss", "zero", "hold", "backward", "step")},
            {"scale": lambda model: model.logit_scale.exp().clamp(max=100), "hold": _never},
        ),
    ),
    Mistake(
        name="clamped-wrong-side",
        message="You raised the scale to 100 at once: min= cuts from below. A limit from above "
        "is max=.",
        changes={"hold": lambda model: model.logit_scale.data.clamp_(min=MOST)},
        variants=({"hold": lambda model: model.logit_scale.data.fill_(MOST)},),
    ),
    Mistake(
        name="scale-replaced",
        message="You put a new parameter in the scale's place, and the optimiser still holds "
        "the old one. Change it in place: model.logit_scale.clamp_(...), under no_grad.",
        changes={"hold": _replaced},
    ),
    Mistake(
        name="eval-mode",
        message="The model trained in its test mode, in which whoever tested it last left "
        "it. Start with model.train().",
        changes={"mode": lambda model: model.eval()},
    ),
    Mistake(
        name="nothing-learned",
        message="After your step the weights are what they were. Call backward(), then "
        "optimizer.step(); zero_grad() goes before backward(), not between the two.",
        changes={"order": ("loss", "zero", "backward", "hold")},
        variants=({"order": ("loss", "backward", "zero", "step", "hold")},),
    ),
    Mistake(
        name="step-before-backward",
        message="You stepped before backward(), so each step followed the gradients of the "
        "batch before.",
        changes={"order": ("loss", "step", "zero", "backward", "hold")},
    ),
    Mistake(
        name="scale-without-exp",
        message="logit_scale is the logarithm of the scale. The loss takes the scale: "
        "model.logit_scale.exp().",
        changes={"scale": lambda model: model.logit_scale},
    ),
    Mistake(
        name="scale-as-temperature",
        message="You divided by the scale. A temperature divides, a scale multiplies.",
        changes={"scale": lambda model: (-model.logit_scale).exp()},
    ),
    Mistake(
        name="one-direction",
        message="Your loss has one direction, pictures that look for texts. Take clip_loss, "
        "which has both.",
        changes={"loss": _one_direction},
        variants=({"loss": lambda images, texts, s: _one_direction(texts, images, s)},),
    ),
    Mistake(
        name="loss-after-step",
        message="You returned the loss that the model has after the step. "
        "Return the one that it had before: loss.item().",
        changes={"given": lambda _, measured: measured().item()},
    ),
    Mistake(
        name="no-return",
        message="Your function returns nothing (None). End it with `return loss.item()`.",
        changes={"given": lambda *_: None},
    ),
)
