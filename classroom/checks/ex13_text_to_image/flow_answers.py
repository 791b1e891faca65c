"""Answers to 13.1, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor

from classroom.checks.question import Mistake

Source = Generator | None
Net = Callable[[Tensor, Tensor, Tensor], Tensor]


def _normal(clean: Tensor, generator: Source) -> Tensor:
    return torch.randn(clean.shape, generator=generator, dtype=clean.dtype)


def _one_noise(clean: Tensor, generator: Source) -> Tensor:
    return torch.randn(clean.shape[1:], generator=generator).expand(clean.shape)


def _even(clean: Tensor, generator: Source) -> Tensor:
    return torch.rand(clean.shape, generator=generator)


def _one_each(clean: Tensor, generator: Source) -> Tensor:
    return torch.rand(len(clean), generator=generator, dtype=clean.dtype)


def _begun_anew(generator: Generator) -> Generator:
    return Generator().manual_seed(generator.initial_seed())


def _tall(times: Tensor, clean: Tensor) -> Tensor:
    return times.reshape(-1, *[1] * (clean.ndim - 1)) if times.ndim == 1 else times


def _line(share: Tensor, noise: Tensor, clean: Tensor) -> Tensor:
    return (1 - share) * noise + share * clean


def _backwards(share: Tensor, noise: Tensor, clean: Tensor) -> Tensor:
    return share * noise + (1 - share) * clean


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`flow_loss`, with steps that may be replaced."""

    source: Callable[[Generator], Source] = lambda generator: generator
    noise: Callable[[Tensor, Source], Tensor] = _normal
    times: Callable[[Tensor, Source], Tensor] = _one_each
    share: Callable[[Tensor, Tensor], Tensor] = _tall
    line: Callable[[Tensor, Tensor, Tensor], Tensor] = _line
    told: Callable[[Tensor, Tensor], Tensor] = lambda times, _: times
    target: Callable[[Tensor, Tensor], Tensor] = lambda noise, clean: clean - noise
    over: Callable[[Tensor], Any] = lambda error: error.square().mean()
    last: Callable[[Any], Any] = lambda loss: loss

    def __call__(
        self, net: Net, clean: Tensor, condition: Tensor, generator: Generator
    ) -> Tensor:
        """Return the loss."""
        source = self.source(generator)
        noise, times = self.noise(clean, source), self.times(clean, source)
        share = self.share(times, clean)
        found = net(self.line(share, noise, clean), self.told(times, share), condition)
        return self.last(self.over(found - self.target(noise, clean)))


MISTAKES = (
    Mistake(
        name="t-not-broadcast",
        message="Your times do not meet their pictures: torch lines up *last* axes, so times "
        "need as many axes as `clean` has, two or four: one of 1 for each further axis, "
        "times.view(-1, *[1] * (clean.ndim - 1)).",
        changes={"share": lambda times, _: times},
        variants=(
            {"share": lambda times, _: times[:, None]},
            {"share": lambda times, _: times[:, None, None]},
            {"share": lambda times, _: times[:, None, None, None]},
        ),
    ),
    Mistake(
        name="one-t-per-batch",
        message="All pictures of your batch have one time. Draw one for each, "
        "torch.rand(len(clean), generator=generator), or a step learns about one moment alone.",
        changes={"times": lambda _, source: torch.rand(1, generator=source)},
        variants=(
            {
                "times": lambda x, source: torch.rand(1, generator=source).expand(len(x)),
            },
            {"times": lambda _, source: torch.rand((), generator=source)},
        ),
    ),
    Mistake(
        name="target-reversed",
        message="Your target points from the picture to the noise. Time runs from noise to "
        "picture, so the velocity is picture - noise.",
        changes={"target": lambda noise, clean: noise - clean},
    ),
    Mistake(
        name="target-is-the-picture",
        message="You compare the velocity with the picture itself. It is a way, not a place: "
        "picture - noise.",
        changes={"target": lambda _, clean: clean},
    ),
    Mistake(
        name="target-is-the-noise",
        message="You compare with the noise, as diffusion models do that are asked for it. A "
        "flow is asked for the way: picture - noise.",
        changes={"target": lambda noise, _: noise},
    ),
    Mistake(
        name="backwards-time",
        message="Your line begins at the picture. At time 0 there is noise, at time 1 the "
        "picture: (1 - t) · noise + t · picture.",
        changes={"line": _backwards},
        variants=({"line": _backwards, "target": lambda noise, clean: noise - clean},),
    ),
    Mistake(
        name="noise-left-whole",
        message="Your noise does not fade: multiply it by 1 - t, so that nothing of it is left "
        "at time 1.",
        changes={"line": lambda share, noise, clean: noise + share * clean},
    ),
    Mistake(
        name="asked-at-an-end",
        message="You ask the network at the picture, or at the noise. It is to be asked in "
        "between, at the point of the line.",
        changes={"line": lambda _, __, clean: clean},
        variants=({"line": lambda _, noise, __: noise},),
    ),
    Mistake(
        name="one-noise-for-all",
        message="All pictures share one noise. Draw numbers of their own for each: "
        "torch.randn(clean.shape, generator=generator).",
        changes={"noise": _one_noise},
    ),
    Mistake(
        name="noise-even",
        message="Your noise is even, from 0 to 1: torch.rand. Flows begin at a normal "
        "distribution: torch.randn.",
        changes={"noise": _even},
    ),
    Mistake(
        name="times-with-axes",
        message="The network wants its times as (batch,). Keep the form with axes of 1 for the "
        "line alone.",
        changes={"told": lambda _, share: share},
    ),
    Mistake(
        name="summed",
        message="You added the squares up. Take the mean, over pictures and numbers.",
        changes={"over": lambda error: error.square().sum()},
        variants=({"over": lambda error: error.square().flatten(1).sum(1).mean()},),
    ),
    Mistake(
        name="not-squared",
        message="You averaged distances. The mean of their *squares* is asked for: only that "
        "makes the best answer a mean of all ways.",
        changes={"over": lambda error: error.abs().mean()},
    ),
    Mistake(
        name="root",
        message="You took a root. The mean of the squares is the loss, as it is.",
        changes={"over": lambda error: error.square().mean().sqrt()},
    ),
    Mistake(
        name="not-averaged",
        message="You return one number for each picture, or each of its numbers. Training "
        "needs a single one: take the mean.",
        changes={"over": lambda error: error.square()},
        variants=({"over": lambda error: error.square().flatten(1).mean(1)},),
    ),
    Mistake(
        name="no-gradient",
        message="No gradient flows back from your loss, so nothing would be learned. Leave it "
        "a tensor: no .item(), no .detach(), no torch.no_grad().",
        changes={"last": lambda loss: loss.detach()},
    ),
    Mistake(
        name="ignored-generator",
        message="The same seed gave another loss: draw noise and times from the generator that "
        "is passed in, with generator=generator.",
        changes={"source": lambda _: None},
    ),
    Mistake(
        name="seeded-itself",
        message="Every seed gave the same loss. Draw from the generator that is passed in, as "
        "it is, without seeding anything yourself.",
        changes={"source": lambda _: Generator().manual_seed(0)},
    ),
    Mistake(
        name="seeded-anew",
        message="Two calls with one generator gave the same loss: yours begins it anew, so "
        "that training would meet the same noise at every step. Draw from it as it is.",
        changes={"source": _begun_anew},
    ),
)
