"""Answers to 15.4, a right one and the mistakes that are known."""

from collections.abc import Callable, Sequence
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
    """`align_step`, with steps that may be replaced.

    `counts` is given the steps, the frames, and how many steps were made of a frame.
    """

    wiped: Callable[[Tensor, Tensor], Tensor] = lambda mels, _: mels
    counts: Callable[[Tensor, Tensor, float], Tensor] = lambda steps, *_: steps
    mask: Callable[[Tensor, Tensor], Tensor] = _true
    each: Step = _as_is
    pooled: Callable[[Tensor, Tensor], Tensor] = _mean
    heard: Step = _unit
    wanted: Step = _unit
    loss: Callable[[Tensor, Tensor], Tensor] = _cosines
    order: Sequence[str] = ORDER

    def __call__(
        self, encoder: Any, optimizer: Optimizer, mels: Tensor, frames: Tensor, targets: Tensor
    ) -> float:
        """Change the encoder by one step, and return the loss before it."""
        vectors, steps = encoder(self.wiped(mels, frames), frames)
        made = vectors.shape[1] / mels.shape[2]
        mask = self.mask(vectors, self.counts(steps, frames, made))
        said = self.heard(self.pooled(self.each(vectors), mask))
        loss = self.loss(said, self.wanted(targets))
        follow(self.order, optimizer, loss)
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


def _over_all_steps(vectors: Tensor, mask: Tensor) -> Tensor:
    """Return sums over steps whose mean over the batch is that of all true steps."""
    return (vectors * mask).sum(dim=1) * len(vectors) / mask.sum()


def _before_padding(mels: Tensor, frames: Tensor) -> Tensor:
    return mels * (torch.arange(mels.shape[2]) < frames[:, None])[:, None]


def _all_true(vectors: Tensor, _: Tensor) -> Tensor:
    return torch.ones_like(vectors[..., :1], dtype=torch.bool)


def _over_all(x: Tensor) -> Tensor:
    return x / x.norm()


def _over_columns(x: Tensor) -> Tensor:
    return F.normalize(x, dim=0)


def _by_all(said: Tensor, wanted: Tensor) -> Tensor:
    return 1 - (said * wanted).sum()


def _by_columns(said: Tensor, wanted: Tensor) -> Tensor:
    return 1 - (said * wanted).sum(dim=0).mean()


def _contrastive(said: Tensor, wanted: Tensor) -> Tensor:
    return F.cross_entropy(said @ wanted.T, torch.arange(len(said)))


MISTAKES = (
    Mistake(
        name="padding-averaged-in",
        message="You averaged over all steps, padding too: the shorter a recording is in its "
        "batch, the more of its vector is silence that nobody recorded. Step i of a recording "
        "counts where i < its number of steps.",
        changes={"mask": _all_true},
    ),
    Mistake(
        name="padding-wiped-in-the-mels",
        message="You wiped padding out of the log-mels. The encoder makes vectors of that as "
        "well, and they need not be 0: leave the vectors of padding out of the mean.",
        changes={"wiped": _before_padding, "mask": _all_true},
    ),
    Mistake(
        name="frames-for-steps",
        message="You count with `frames`, which belong to the log-mels. The encoder says "
        "how many steps are left of them: its second result.",
        changes={"counts": lambda _, frames, __: frames},
    ),
    Mistake(
        name="steps-worked-out",
        message="You work out yourself how many steps are true, as half of the frames or by "
        "the share that is left of all of them. Encoders differ, and round: the second result "
        "says it.",
        changes={"counts": lambda _, frames, __: frames // 2},
        variants=(
            {"counts": lambda _, frames, __: (frames + 1) // 2},
            {"counts": lambda _, frames, made: (frames * made).long()},
            {"counts": lambda _, frames, made: (frames * made).round()},
            {"counts": lambda _, frames, made: (frames * made).ceil()},
        ),
    ),
    Mistake(
        name="one-step-too-many",
        message="One step of padding counts as well: step i is true where i < steps, not <=.",
        changes={"counts": lambda steps, *_: steps + 1},
    ),
    Mistake(
        name="one-step-too-few",
        message="The last true step is left out: step i is true where i < steps.",
        changes={"counts": lambda steps, *_: (steps - 1).clamp(min=1)},
        variants=({"counts": lambda steps, *_: steps - 1},),
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
        name="cut-to-the-shortest",
        message="You cut all recordings to the shortest one. Each has its own number of true "
        "steps, and all of them count.",
        changes={"counts": lambda steps, *_: steps.min().expand(len(steps))},
    ),
    Mistake(
        name="steps-normalised",
        message="You brought each step to length 1 before the mean. Average first; the mean is "
        "brought to length 1.",
        changes={"each": _unit},
    ),
    Mistake(
        name="cosine-of-each-step",
        message="You took a cosine for each step, and then their mean. Average the vectors "
        "first: a recording has one vector, and one cosine.",
        changes={"each": _unit, "heard": _as_is},
        variants=({"each": _unit, "heard": _as_is, "pooled": _over_all_steps},),
    ),
    Mistake(
        name="no-normalise",
        message="You compare vectors of any length. Bring the means and the targets to "
        "length 1: F.normalize(x, dim=-1).",
        changes={"heard": _as_is},
        variants=({"wanted": _as_is}, {"heard": _as_is, "wanted": _as_is}),
    ),
    Mistake(
        name="one-cosine-for-all",
        message="You took one cosine for the whole batch, or one for each column. Each "
        "recording has its own: F.cosine_similarity(means, targets, dim=-1).",
        changes={"heard": _over_all, "wanted": _over_all, "loss": _by_all},
        variants=({"heard": _over_columns, "wanted": _over_columns, "loss": _by_columns},),
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
        name="sign-turned",
        message="The sign is turned round: your loss falls as recordings move away from "
        "their sentences. It is 1 minus the mean cosine, which is least where the two agree.",
        changes={"loss": lambda said, wanted: 1 + (said * wanted).sum(dim=-1).mean()},
        variants=({"loss": lambda said, wanted: (said * wanted).sum(dim=-1).mean() - 1},),
    ),
    Mistake(
        name="summed",
        message="You added the recordings up. Take their mean.",
        changes={"loss": lambda said, wanted: (1 - (said * wanted).sum(dim=-1)).sum()},
    ),
    GRADIENTS_LEFT,
    NO_STEP,
    STEPPED_TWICE,
)
