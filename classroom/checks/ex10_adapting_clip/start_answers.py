"""Answers to 10.6, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from classroom.checks.question import Answer, Mistake

Both = tuple[Tensor, Tensor]
Shape = tuple[int, int]


def _noise(shape: Shape, generator: Generator | None) -> Tensor:
    return torch.randn(shape, generator=generator) / shape[1] ** 0.5


def _nothing(shape: Shape, _: Generator | None) -> Tensor:
    return torch.zeros(shape)


def _bounded(shape: Shape, generator: Generator | None) -> Tensor:
    """Return what `nn.Linear` starts with: as likely anywhere from -1/√in to 1/√in."""
    return (2 * torch.rand(shape, generator=generator) - 1) / shape[1] ** 0.5


def _sizes(weight: Tensor, rank: int) -> tuple[Shape, Shape]:
    outputs, inputs = weight.shape
    return (rank, inputs), (outputs, rank)


def _turned(weight: Tensor, rank: int) -> tuple[Shape, Shape]:
    (rank, inputs), (outputs, _) = _sizes(weight, rank)
    return (inputs, rank), (rank, outputs)


def build(
    *,
    sizes: Callable[[Tensor, int], tuple[Shape, Shape]] = _sizes,
    source: Callable[[Generator], Generator | None] = lambda generator: generator,
    first: Callable[[Shape, Generator | None], Tensor] = _noise,
    second: Callable[[Shape, Generator | None], Tensor] = _nothing,
    give: Callable[[Tensor, Tensor], Both] = lambda a, b: (a, b),
) -> Answer:
    """Return an answer that starts each matrix in its own way."""

    def answer(weight: Tensor, rank: int, generator: Generator) -> Both:
        drawn = source(generator)
        size_a, size_b = sizes(weight, rank)
        return give(first(size_a, drawn), second(size_b, drawn))

    return answer


MISTAKES = (
    Mistake(
        name="b-not-0",
        message="b does not start at 0, so the first step corrects a trained layer at random. "
        "With b = 0 the product B A is 0, and the layer as it was.",
        changes={"second": _noise},
        variants=(
            {"second": lambda shape, _: torch.ones(shape)},
            {"second": lambda shape, drawn: 0.01 * torch.randn(shape, generator=drawn)},
            {"second": lambda shape, drawn: torch.rand(shape, generator=drawn)},
        ),
    ),
    Mistake(
        name="both-0",
        message="a is 0, too. Then the gradient of each is 0, as the other is a factor of it, "
        "and nothing is ever learned. a starts with noise.",
        changes={"first": _nothing},
    ),
    Mistake(
        name="a-is-0-instead",
        message="a starts at 0 and b with noise. That would learn as well, but it is asked for "
        "the other way round, as in the paper.",
        changes={"first": _nothing, "second": _noise},
        variants=(
            {
                "first": _nothing,
                "second": lambda shape, drawn: torch.randn(shape, generator=drawn),
            },
        ),
    ),
    Mistake(
        name="a-of-one-number",
        message="All rows of a are alike, and stay so: the correction would have rank 1. Draw "
        "each number for itself.",
        changes={"first": lambda shape, _: torch.ones(shape)},
        variants=(
            {"first": lambda shape, _: torch.ones(shape) / shape[1] ** 0.5},
            {"first": lambda shape, drawn: _noise((1, shape[1]), drawn).expand(shape).clone()},
        ),
    ),
    Mistake(
        name="spread-of-1",
        message="The spread of a is 1, whatever the layer's size. Divide by the root of the "
        "number of inputs.",
        changes={"first": lambda shape, drawn: torch.randn(shape, generator=drawn)},
    ),
    Mistake(
        name="another-spread",
        message="a has mean 0, but another spread. 1/√in is the standard deviation, not the "
        "variance; and in are the columns of the weight.",
        changes={"first": lambda shape, drawn: _noise(shape, drawn) / shape[1] ** 0.5},
        variants=(
            {
                "first": lambda shape, drawn: (
                    torch.randn(shape, generator=drawn) / shape[0] ** 0.5
                )
            },
            {"first": lambda shape, drawn: _noise(shape, drawn) / shape[1] ** -0.25},
        ),
    ),
    Mistake(
        name="uniform",
        message="a is drawn from a range, not from a normal distribution: "
        "torch.randn(…, generator=generator) / √in.",
        changes={"first": _bounded},
        variants=({"first": lambda shape, drawn: 3**0.5 * _bounded(shape, drawn)},),
    ),
    Mistake(
        name="above-0-alone",
        message="The numbers of a lie above 0. torch.rand gives 0 to 1; take torch.randn.",
        changes={"first": lambda shape, drawn: torch.rand(shape, generator=drawn)},
        variants=(
            {
                "first": lambda shape, drawn: (
                    torch.rand(shape, generator=drawn) / shape[1] ** 0.5
                )
            },
        ),
    ),
    Mistake(
        name="shapes-turned",
        message="The shapes are turned: a is (rank, in), b is (out, rank), and the weight is "
        "(out, in).",
        changes={"sizes": _turned},
        variants=(
            {"sizes": _turned, "first": lambda shape, drawn: _noise(shape[::-1], drawn).T},
            {"sizes": lambda weight, rank: _sizes(weight.T, rank)},
        ),
    ),
    Mistake(
        name="exchanged",
        message="a and b have changed places in what you return: a first.",
        changes={"give": lambda a, b: (b, a)},
    ),
    Mistake(
        name="ignored-generator",
        message="The same seed gave another a: draw from the generator that is passed in.",
        changes={"source": lambda _: None},
    ),
    Mistake(
        name="seeded-itself",
        message="Every seed gave the same a. Draw from the generator that is passed in, as it "
        "is, without seeding anything yourself.",
        changes={"source": lambda _: Generator().manual_seed(0)},
    ),
)
