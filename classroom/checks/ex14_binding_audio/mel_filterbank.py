"""14.2: triangles that gather frequencies into bands, equally wide to the ear.

Leaves out bands so narrow that they hold no frequency: none is drawn.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex14_binding_audio.mel_answers import Steps, mel_filterbank
from classroom.checks.ex14_binding_audio.mel_mistakes import MISTAKES
from classroom.checks.invariances import within
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


def _drawn(
    rng: np.random.Generator, rates: tuple[int, int], n_fft: int, n: int
) -> tuple[int, int, int]:
    """Return a rate for which every band holds two frequencies at least."""
    while True:
        sr = int(rng.integers(*rates))
        if ((mel_filterbank(sr, n_fft, n) > 0).sum(axis=1) > 1).all():
            return sr, n_fft, n


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("one band, 0 to 4 Hz", 8, 8, 1),
        shown("two bands, 0 to 700 Hz", 1400, 8, 2),
        shown("three bands, 0 to 8000 Hz", 16_000, 16, 3),
    ]


def _wide(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("seven bands", *_drawn(rng, (15_000, 17_000), 128, 7)),
        hidden("five bands", *_drawn(rng, (7000, 9000), 64, 5)),
        hidden("low frequencies alone", *_drawn(rng, (300, 600), 24, 3)),
    ]


def _ends(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("one band", *_drawn(rng, (20_000, 48_000), 20, 1)),
        hidden("two bands", *_drawn(rng, (10_000, 30_000), 22, 2)),
    ]


def _odd(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("n_fft is odd", *_drawn(rng, (9000, 12_000), 63, 4)),
        hidden("n_fft is small and odd", *_drawn(rng, (400, 900), 15, 2)),
    ]


def _add_up(run: Callable[..., Any], sr: int, n_fft: int, n: int) -> bool:
    """Return whether overlapping bands add up to 1 between the first top and the last."""
    right = mel_filterbank(sr, n_fft, n).sum(axis=0)
    inside = np.isclose(right, 1)
    return bool(np.allclose(np.asarray(run(sr, n_fft, n)).sum(axis=0)[inside], 1, atol=1e-3))


MEL_FILTERBANK = Question(
    number="14.2",
    function="mel_filterbank",
    reference=mel_filterbank,
    build=Steps,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="several bands", points=2, cases=_wide),
        Property(name="one band and two", points=1, cases=_ends),
        Property(name="odd frames", points=1, cases=_odd),
    ),
    mistakes=MISTAKES,
    invariances=(
        within(
            "A band takes between nothing and all of a frequency, 0 to 1; yours does not.", 0, 1
        ),
        Invariance(
            name="adds-up",
            message="Between the first top and the last, two bands share each frequency: "
            "together they take 1 of it. Yours do not. Each falls where the next one rises.",
            holds=_add_up,
        ),
    ),
)
