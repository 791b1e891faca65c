"""01.3: hide whole modalities at random, so that a model learns to do without one.

The answer is random, so its laws are judged, and how often it hides. Leaves out which numbers
a Generator gives: any way of drawing is right.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Generator, Tensor

from classroom.checks.ex01_modalities.dropout_laws import LAWS, TOLERANCE, harness, measure
from classroom.checks.question import (
    Answer,
    Case,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

SAMPLES = 1500
"""Enough for the share that is hidden to be known to 0.01, one standard deviation."""


def modality_dropout(x: Tensor, p: float, generator: Generator) -> Tensor:
    """Return `x` (samples, modalities, dim) with modalities set to 0, never all of a sample."""
    kept = torch.rand(x.shape[:2], generator=generator) >= p  # (samples, modalities)
    kept |= ~kept.any(dim=1, keepdim=True)
    return x * kept.unsqueeze(-1)


def _arguments(
    rng: np.random.Generator, samples: int, modalities: int, p: float
) -> tuple[Tensor, float, int]:
    """Return numbers from 1 to 2, none of them 0, a probability and a seed."""
    x = 1 + rng.random((samples, modalities, 2), dtype=np.float32)
    return torch.from_numpy(x), p, int(rng.integers(1, 2**31))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(0)
    return [
        shown("p = 0 hides nothing", *_arguments(fixed, 2, 3, 0.0)),
        shown("p = 1 would hide all, so it hides nothing", *_arguments(fixed, 50, 2, 1.0)),
        shown("three modalities", *_arguments(fixed, SAMPLES, 3, 0.2)),
    ]


def _often(rng: np.random.Generator) -> Sequence[Case]:
    seldom, often = (round(float(rng.uniform(*low)), 2) for low in ((0.1, 0.3), (0.6, 0.8)))
    return [
        hidden("three modalities, hidden seldom", *_arguments(rng, SAMPLES, 3, seldom)),
        hidden("four modalities, hidden often", *_arguments(rng, SAMPLES, 4, often)),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    some = round(float(rng.uniform(0.3, 0.7)), 2)
    return [
        hidden("two modalities", *_arguments(rng, SAMPLES, 2, some)),
        hidden("the only modality", *_arguments(rng, 7, 1, some)),
        hidden("p = 1", *_arguments(rng, 50, 3, 1.0)),
    ]


def _rescued(kept: Tensor, _: Tensor) -> Tensor:
    """Return what is kept, where a sample that would lose everything keeps everything."""
    return kept | _lost(kept)


def _not_rescued(kept: Tensor, _: Tensor) -> Tensor:
    return kept


def _first_rescued(kept: Tensor, _: Tensor) -> Tensor:
    """Return what is kept, where a sample that would lose everything keeps one modality."""
    first = torch.arange(kept.shape[1])[None, :, None] == 0
    return kept | (_lost(kept) & first)


def _one_rescued(kept: Tensor, drawn: Tensor) -> Tensor:
    """Return what is kept, where such a sample keeps a modality that is drawn for it."""
    return kept | (_lost(kept) & (drawn == drawn.amax(dim=1, keepdim=True)))


def _lost(kept: Tensor) -> Tensor:
    return ~kept.flatten(1).any(dim=1)[:, None, None]


def _drawn_again(x: Tensor, p: float, generator: Generator) -> Tensor:
    """Draw anew for samples that would lose everything, until something is left."""
    kept = torch.rand(x.shape[:2], generator=generator) >= p
    for _ in range(100):
        lost = ~kept.any(dim=1)
        kept[lost] = torch.rand((int(lost.sum()), x.shape[1]), generator=generator) >= p
    return x * _rescued(kept[..., None], kept)


def _build(
    coins: Callable[[Sequence[int]], Sequence[int]] = lambda shape: (*shape[:2], 1),
    kept: Callable[[Tensor, float], Tensor] = torch.ge,
    rescue: Callable[[Tensor, Tensor], Tensor] = _rescued,
    source: Callable[[Generator], Generator | None] = lambda generator: generator,
    factor: Callable[[float], float] = lambda _: 1,
    into: Callable[[Tensor, Tensor], Tensor] = lambda _, out: out,
) -> Answer:
    """Return `modality_dropout` with some of its steps replaced."""

    def answer(x: Tensor, p: float, generator: Generator) -> Tensor:
        drawn = torch.rand(coins(x.shape), generator=source(generator))
        here = rescue(kept(drawn, p).expand(x.shape), drawn)
        return into(x, x * here * factor(p))

    return answer


MODALITY_DROPOUT = Question(
    number="01.3",
    function="modality_dropout",
    reference=modality_dropout,
    harness=harness,
    told="It calls your modality_dropout twice with one seed, once with the next, and looks at "
    "what is 0, at what the calls share, and at x afterwards.",
    rtol=0,
    atol=TOLERANCE,
    measure=measure,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="hides as often as p says", points=2, cases=_often),
        Property(name="never the last one", points=1, cases=_few),
    ),
    build=_build,
    mistakes=(
        Mistake(
            name="dropped-per-feature-not-per-sample",
            message="You hid single numbers. Hide a whole modality of a sample, all of its "
            "numbers at once: draw one number for each (sample, modality).",
            changes={"coins": tuple},
            variants=({"coins": tuple, "rescue": _not_rescued},),
        ),
        Mistake(
            name="whole-samples",
            message="You tossed one coin for each sample, so it loses every modality or none. "
            "Toss one for each modality of each sample.",
            changes={"coins": lambda shape: (shape[0], 1, 1), "rescue": _not_rescued},
        ),
        Mistake(
            name="nothing-hidden",
            message="Nothing was hidden, whatever p is. Toss a coin for each modality of each "
            "sample, and leave alone only a sample that would lose them all.",
            answer=lambda x, p, generator: x.clone(),  # noqa: ARG005
        ),
        Mistake(
            name="all-modalities-dropped",
            message="Some samples lost every modality, and nothing is left to learn from. Such "
            "a sample must keep them all.",
            changes={"rescue": _not_rescued},
        ),
        Mistake(
            name="kept-one-alone",
            message="A sample that would lose everything kept a single modality. It is to keep "
            "them all.",
            changes={"rescue": _first_rescued},
            variants=({"rescue": _one_rescued},),
        ),
        Mistake(
            name="drawn-again",
            message="A sample that would lose everything was drawn again, until something was "
            "left. It is to keep everything.",
            answer=_drawn_again,
        ),
        Mistake(
            name="rescaled",
            message="You scaled up what is left, as ordinary dropout does. A modality that is "
            "there at test time looks as it is: leave it unchanged.",
            changes={"factor": lambda p: 1 / (1 - p) if p < 1 else 1},
        ),
        Mistake(
            name="kept-with-p",
            message="You kept a modality with probability p; p is the probability to hide it.",
            changes={"kept": torch.lt},
        ),
        Mistake(
            name="ignored-generator",
            message="The same seed gave another result: draw from the generator that is passed "
            "in, with torch.rand(..., generator=generator).",
            changes={"source": lambda _: None},
        ),
        Mistake(
            name="seeded-itself",
            message="Every seed gave the same result. Draw from the generator that is passed "
            "in, as it is, without seeding anything yourself.",
            changes={"source": lambda _: Generator().manual_seed(0)},
        ),
        Mistake(
            name="overwritten",
            message="You wrote into x itself, and whoever passed it in loses their data.",
            changes={"into": lambda x, out: x.copy_(out)},
        ),
    ),
    invariances=LAWS,
)
