"""08.5: is one template better than another, or was it luck? A paired bootstrap of answers.

The draws are given, so that an interval is one number and no random one. Their number puts both
ends of the middle 95 % on a draw, whatever way quantiles are taken between draws. Pictures are
hard ones as `tiny` sees them; those that it cannot decide between two names are left out.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.ex08_zero_shot_and_prompts.comparing_answers import (
    MISTAKES,
    Array,
    _right,
    _unit,
    build,
)
from classroom.checks.ex08_zero_shot_and_prompts.inputs import TEMPLATES
from classroom.checks.question import (
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from classroom.checks.tiny import picture, tiny
from mmcourse.clip import tokenize

NAMES = ("cat", "dog", "rabbit", "bird", "butterfly", "fish")
EACH = 20
"""So many pictures of each are drawn once; a case takes some of them."""

DRAWS = 201
APART = 0.003
"""How far the gain is at least from the mean of the draws, and from their middle."""
CLEAR = 1e-3
"""How far the best name's cosine is ahead at least: rounding must decide nothing."""


@cache
@torch.no_grad()
def _album() -> tuple[Tensor, Array]:
    """Return vectors of hard pictures, rows of length 1, and what each shows."""
    rng = np.random.default_rng(8)
    model, preprocess = tiny()
    truth = np.repeat(np.arange(len(NAMES)), EACH)
    drawn = [Image.fromarray(picture(rng, NAMES[kind])) for kind in truth]
    return _unit(model.encode_image(torch.stack([preprocess(one) for one in drawn]))), truth


@cache
@torch.no_grad()
def _clear(template: str) -> Array:
    """Return which pictures a template is not in two minds about."""
    texts = _unit(tiny()[0].encode_text(tokenize([template.format(name) for name in NAMES])))
    best = (_album()[0] @ texts.T).topk(2, dim=1).values
    return (best[:, 0] - best[:, 1] > CLEAR).numpy()


def _drawn(rng: np.random.Generator, count: int) -> tuple[Any, ...]:
    """Return two templates that differ on these pictures, and draws of them.

    Neither the mean of the draws nor their middle is the gain.
    """
    vectors, truth = _album()
    while True:
        first, second = (TEMPLATES[row] for row in rng.permutation(len(TEMPLATES))[:2])
        rows = rng.permutation(np.flatnonzero(_clear(first) & _clear(second)))[:count]
        given = list(NAMES), vectors[rows], truth[rows]
        one, other = (_right(template, *given) for template in (first, second))
        draws = rng.integers(0, count, (DRAWS, count))
        if len(rows) < count or abs((other - one).sum()) < 2 or not min(one.sum(), other.sum()):
            continue
        gain, means = (other - one).mean(), (other - one)[draws].mean(axis=1)
        if min(abs(np.median(means) - gain), abs(means.mean() - gain)) > APART:
            return first, second, *given, draws


def _cases(say: Callable[..., Case], rng: np.random.Generator, *counts: int) -> Iterator[Case]:
    for count in counts:
        yield say(f"{count} pictures", *_drawn(rng, count))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [*_cases(shown, np.random.default_rng(8), 20, 40)]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [*_cases(hidden, rng, 40, 60, 50)]


def _again(run: Callable[..., Any], *arguments: Any) -> bool:
    first = run(*arguments)
    return all(np.array_equal(first, run(*arguments)) for _ in range(6))


def _ordered(run: Callable[..., Any], *arguments: Any) -> bool:
    _, low, high = run(*arguments)
    return bool(low <= high)


def _turned(run: Callable[..., Any], first: str, second: str, *others: Any) -> bool:
    gain, low, high = run(first, second, *others)
    return bool(np.allclose(run(second, first, *others), [-gain, -high, -low], atol=1e-3))


COMPARE_TEMPLATES = Question(
    number="08.5",
    function="compare_templates",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="the gain, and the middle 95 % of the draws", points=3, cases=_several),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="again",
            message="Two calls give two answers. Use the draws that you are given, `rows`.",
            holds=_again,
        ),
        Invariance(
            name="ordered",
            message="The lower end must not lie above the upper one.",
            holds=_ordered,
        ),
        Invariance(
            name="turned",
            message="With the two templates exchanged, the gain must change its sign, and so "
            "must the ends.",
            holds=_turned,
        ),
    ),
)
