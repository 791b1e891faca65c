"""Answers to 15.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import Optimizer

from classroom.checks.optimizer_mistakes import GRADIENTS_LEFT, NO_STEP
from classroom.checks.question import Mistake

Step = Callable[[Tensor], Tensor]


def _as_is(x: Tensor) -> Tensor:
    return x


def _unit(x: Tensor) -> Tensor:
    return F.normalize(x, dim=-1)


def _true(vectors: Tensor, steps: Tensor) -> Tensor:
    return (torch.arange(vectors.shape[1]) < steps[:, None])[..., None]


def _mean(vectors: Tensor, mask: Tensor) -> Tensor:
    return (vectors * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)


def _cosines(said: Tensor, wanted: Tensor) -> Tensor:
    return 1 - (said * wanted).sum(dim=-1).mean()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`align_step`, with steps that may be replaced."""

    counts: Callable[[Tensor, Tensor], Tensor] = lambda steps, _: steps
    mask: Callable[[Tensor, Tensor], Tensor] = _true
    each: Step = _as_is
    pooled: Callable[[Tensor, Tensor], Tensor] = _mean
    heard: Step = _unit
    wanted: Step = _unit
    loss: Callable[[Tensor, Tensor], Tensor] = _cosines
    emptied: bool = True
    moved: bool = True

    def __call__(
        self, encoder: Any, optimizer: Optimizer, mels: Tensor, frames: Tensor, targets: Tensor
    ) -> float:
        """Change the encoder by one step, and return the loss before it."""
        vectors, steps = encoder(mels, frames)
        mask = self.mask(vectors, self.counts(steps, frames))
        said = self.heard(self.pooled(self.each(vectors), mask))
        loss = self.loss(said, self.wanted(targets))
        if self.emptied:
            optimizer.zero_grad()
        torch.autograd.backward(loss)
        if self.moved:
            optimizer.step()
        return loss.item()


align_step = Steps()
"""One step of speech towards the vectors of its sentences."""


def _last_true(vectors: Tensor, mask: Tensor) -> Tensor:
    return vectors[torch.arange(len(vectors)), mask[..., 0].sum(dim=1) - 1]


def _over_the_batch(vectors: Tensor, mask: Tensor) -> Tensor:
    one = (vectors * mask).sum(dim=(0, 1)) / mask.sum()
    return one.expand(len(vectors), -1)


def _of_the_largest(vectors: Tensor, mask: Tensor) -> Tensor:
    return vectors.masked_fill(~mask, -torch.inf).amax(dim=1)


def _contrastive(said: Tensor, wanted: Tensor) -> Tensor:
    return F.cross_entropy(said @ wanted.T, torch.arange(len(said)))


MISTAKES = (
    Mistake(
        name="padding-averaged-in",
        message="You averaged over all steps, padding too: the shorter a recording is in its "
        "batch, the more of its vector is silence that nobody recorded. Step i of a recording "
        "counts where i < its number of steps.",
        changes={
            "mask": lambda vectors, _: torch.ones_like(vectors[..., :1], dtype=torch.bool)
        },
    ),
    Mistake(
        name="frames-for-steps",
        message="You count with `frames`, which belong to the log-mels. The encoder says "
        "how many steps are left of them: its second result.",
        changes={"counts": lambda _, frames: frames},
    ),
    Mistake(
        name="one-step-too-many",
        message="One step of padding counts as well: step i is true where i < steps, not <=.",
        changes={"counts": lambda steps, _: steps + 1},
    ),
    Mistake(
        name="one-step-too-few",
        message="The last true step is left out: step i is true where i < steps.",
        changes={"counts": lambda steps, _: (steps - 1).clamp(min=1)},
        variants=({"counts": lambda steps, _: steps - 1},),
    ),
    Mistake(
        name="one-step-alone",
        message="You took one step of each recording, the first or the last. Take the mean "
        "of all true ones.",
        changes={"pooled": lambda vectors, _: vectors[:, -1]},
        variants=({"pooled": lambda vectors, _: vectors[:, 0]}, {"pooled": _last_true}),
    ),
    Mistake(
        name="largest",
        message="You took the largest number of each column. Take the mean.",
        changes={"pooled": _of_the_largest},
        variants=({"pooled": lambda vectors, _: vectors.amax(dim=1)},),
    ),
    Mistake(
        name="mean-of-the-batch",
        message="You averaged over the whole batch: each recording has a vector of its own. "
        "Sum over the steps, dim=1.",
        changes={"pooled": _over_the_batch},
    ),
    Mistake(
        name="steps-normalised",
        message="You brought each step to length 1 before the mean. Average first; the mean is "
        "brought to length 1.",
        changes={"each": _unit},
    ),
    Mistake(
        name="no-normalise",
        message="You compare vectors of any length. Bring the means and the targets to "
        "length 1: F.normalize(x, dim=-1).",
        changes={"heard": _as_is},
        variants=({"wanted": _as_is}, {"heard": _as_is, "wanted": _as_is}),
    ),
    Mistake(
        name="squared-distance",
        message="You took the mean squared difference. 1 minus the mean cosine is asked for.",
        changes={"loss": F.mse_loss},
        variants=({"loss": lambda said, wanted: (said - wanted).square().sum(dim=1).mean()},),
    ),
    Mistake(
        name="contrastive",
        message="You let each recording choose among the sentences of its batch, as in 14.3. "
        "Here the sentence's own vector is enough: 1 minus the mean cosine.",
        changes={"loss": _contrastive},
        variants=(
            {
                "loss": lambda said, wanted: (
                    (_contrastive(said, wanted) + _contrastive(wanted, said)) / 2
                )
            },
        ),
    ),
    Mistake(
        name="cosine-itself",
        message="You return the cosine, or its negative, without 1 minus. 1 minus the mean "
        "cosine is asked for, so that 0 is the least.",
        changes={"loss": lambda said, wanted: -(said * wanted).sum(dim=-1).mean()},
        variants=({"loss": lambda said, wanted: (said * wanted).sum(dim=-1).mean()},),
    ),
    Mistake(
        name="summed",
        message="You added the recordings up. Take their mean.",
        changes={"loss": lambda said, wanted: (1 - (said * wanted).sum(dim=-1)).sum()},
    ),
    GRADIENTS_LEFT,
    NO_STEP,
)
