"""16.3: from what a model expects to the chances that the next code is drawn with.

Leaves out drawing, and codes that are equally likely.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex16_pictures_as_words.chances_answers import MISTAKES, Steps, next_code
from classroom.checks.invariances import finite, sums_to, within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown

Asked = tuple[Tensor, Tensor, float, float, int]
APART = 1e-3
TELLING = ("chosen-before-guidance", "guidance-off-by-one", "reversed")
"""Slips that must keep other codes than the right answer does."""


def _clear(asked: Asked) -> bool:
    """Return whether no two codes of a picture are nearly as likely as each other."""
    text, alone, guidance, *_ = asked
    guided = alone + guidance * (text - alone)
    return all(
        bool((one.sort(dim=1).values.diff() > APART).all()) for one in (text, alone, guided)
    )


def _drawn(
    rng: np.random.Generator,
    pictures: int,
    codes: int,
    top_k: int,
    guidance: tuple[float, float] = (1.6, 4.0),
    temperature: tuple[float, float] = (0.5, 0.85),
) -> Asked:
    """Return logits, a guidance and a temperature from these ranges, and k."""
    while True:
        text, alone = (
            torch.from_numpy(1.2 * rng.standard_normal((pictures, codes))) for _ in range(2)
        )
        w, t = (round(float(rng.uniform(*ends)), 2) for ends in (guidance, temperature))
        asked = (text, alone, w, t, top_k)
        if _clear(asked) and (top_k >= codes or _told_apart(asked)):
            return asked


def _told_apart(asked: Asked) -> bool:
    """Return whether slips that choose other codes choose others here."""
    right = next_code(*asked) > 0
    slips = [one for one in MISTAKES if one.name in TELLING]
    made = [Steps(**change)(*asked) > 0 for one in slips for change in one.made]  # type: ignore[arg-type]
    return all(not torch.equal(right, one) for one in made)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    three = float(np.log(3))
    text, alone = torch.tensor([[three, 0.0, -9.0]]), torch.zeros(1, 3)
    return [
        shown("as in training", text, alone, 1.0, 1.0, 2),
        shown("twice as far", text, alone, 2.0, 1.0, 2),
        shown("half as warm", text, alone, 1.0, 0.5, 2),
        shown("the likeliest alone", text, alone, 1.0, 1.0, 1),
    ]


def _guidance(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five pictures, all of seven codes", *_drawn(rng, 5, 7, 7, temperature=(1, 1))),
        hidden("three pictures, k of nine codes", *_drawn(rng, 3, 9, 4)),
        hidden("no guidance", *_drawn(rng, 3, 6, 6, guidance=(0.0, 0.0))),
    ]


def _temperature(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("cold", *_drawn(rng, 4, 7, 3, temperature=(0.3, 0.6))),
        hidden("warm", *_drawn(rng, 3, 8, 5, temperature=(1.4, 2.5))),
    ]


def _few(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three of eleven codes", *_drawn(rng, 4, 11, 3)),
        hidden("as many pictures as codes", *_drawn(rng, 6, 6, 4)),
        hidden("more than there are", *_drawn(rng, 2, 5, 8)),
        hidden("one picture", *_drawn(rng, 1, 9, 5)),
    ]


def _as_many(run: Callable[..., Any], *asked: Any) -> bool:
    """Return whether k codes of each picture have a chance."""
    text, top_k = asked[0], asked[-1]
    kept = (np.asarray(run(*asked)) > 0).sum(axis=1)
    return bool((kept == min(top_k, text.shape[1])).all())


def _same(run: Callable[..., Any], text: Tensor, _: Tensor, *rest: Any) -> bool:
    guidance, *others = rest
    one, other = run(text, text, guidance, *others), run(text, text, guidance + 1, *others)
    return bool(np.allclose(one, other, atol=1e-3))


NEXT_CODE = Question(
    number="16.3",
    function="next_code",
    reference=next_code,
    build=Steps,
    rtol=1e-4,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="guidance", points=1, cases=_guidance),
        Property(name="temperature", points=1, cases=_temperature),
        Property(name="the k likeliest", points=2, cases=_few),
    ),
    mistakes=MISTAKES,
    invariances=(
        finite("Yours is infinite, or NaN. Chances lie from 0 to 1."),
        within("A chance lies from 0 to 1; yours does not.", 0, 1),
        sums_to("The chances of each picture must add up to 1; yours do not."),
        Invariance(
            name="as-many",
            message="k codes of each picture may be drawn; with yours there are more or fewer.",
            holds=_as_many,
        ),
        Invariance(
            name="no-text",
            message="Where `text` and `alone` are the same, guidance must change nothing; with "
            "yours it does.",
            holds=_same,
        ),
    ),
)
