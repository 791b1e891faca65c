"""10.2: weights between two states of one model; what is no float comes from the nearer."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.inputs import between, normal
from classroom.checks.ex10_adapting_clip.interpolate_answers import MISTAKES, build
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from classroom.comparison import plain

Items = list[tuple[str, Tensor]]


def harness(answer: "Answer", zero_shot: "Items", fine_tuned: "Items", alpha: float) -> "Any":
    """Return what an answer mixes, of which dtypes, and what has become of both states."""
    before, after = dict(zero_shot), dict(fine_tuned)
    mixed = answer(before, after, alpha)
    if not hasattr(mixed, "items"):
        return mixed
    kinds = {name: str(getattr(one, "dtype", type(one))) for name, one in mixed.items()}
    return {
        "mixed": dict(mixed),
        "dtypes": kinds,
        "zero_shot afterwards": before,
        "fine_tuned afterwards": after,
    }


def _floats(rng: np.random.Generator, width: int) -> Items:
    """Return a tower of one layer with a batch norm, and a head."""
    return [
        ("layer.weight", normal(rng, width, 2)),
        ("norm.weight", normal(rng, width)),
        ("norm.bias", normal(rng, width)),
        ("norm.running_mean", normal(rng, width)),
        ("norm.running_var", 1 + normal(rng, width) ** 2),
        ("head.weight", normal(rng, 2, width)),
        ("head.bias", normal(rng, 2)),
    ]


def _others(rng: np.random.Generator, low: int) -> Items:
    """Return what is no float: a count, and token numbers."""
    return [
        ("norm.num_batches_tracked", torch.tensor(int(rng.integers(low, low + 90)))),
        ("tokens", torch.from_numpy(rng.integers(low, low + 90, 3))),
    ]


def _counted(rng: np.random.Generator, width: int, low: int) -> Items:
    """Return a state whose counts and numbers are `low` or a little more."""
    floats = _floats(rng, width)
    return [*floats[:5], *_others(rng, low), *floats[5:]]


def _both(rng: np.random.Generator, width: int) -> tuple[Items, Items]:
    """Return two states with counts, of which none is the same."""
    return _counted(rng, width, 100), _counted(rng, width, 1000)


def _masked(rng: np.random.Generator) -> tuple[Items, Items]:
    """Return two states with a mask each, of which some places differ."""
    seen = torch.from_numpy(rng.permutation([True, True, False, False, True]))
    return [("mask", seen), *_floats(rng, 3)], [("mask", ~seen), *_floats(rng, 3)]


def _moved(items: Items) -> Items:
    """Return the same state, its batch norm's parts in another order."""
    return [items[0], items[3], items[1], items[4], items[2], *items[5:]]


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    one = [("head.weight", torch.tensor([[0.0, 8.0]])), ("steps", torch.tensor(10))]
    other = [("head.weight", torch.tensor([[4.0, 6.0]])), ("steps", torch.tensor(70))]
    return [
        shown("a quarter of the way", one, other, 0.25),
        shown("half-way", one, other, 0.5),
        shown("at the end", one, other, 1.0),
    ]


def _mixed(rng: np.random.Generator) -> Sequence[Case]:
    first, second = _floats(rng, 3), _moved(_floats(rng, 3))
    return [
        hidden("a tower and a head", _floats(rng, 5), _floats(rng, 5), between(rng, 0.1, 0.4)),
        hidden("names in another order", first, second, between(rng, 0.6, 0.9)),
        hidden("at the start", _floats(rng, 2), _floats(rng, 2), 0.0),
    ]


def _copied(rng: np.random.Generator) -> Sequence[Case]:
    low, high = between(rng, 0.11, 0.39), between(rng, 0.61, 0.89)
    return [
        hidden("counts, nearer to zero_shot", *_both(rng, 3), low),
        hidden("counts, nearer to fine_tuned", *_both(rng, 3), high),
        hidden("counts, half-way", *_both(rng, 3), 0.5),
        hidden("a mask, nearer to zero_shot", *_masked(rng), low),
        hidden("a mask, nearer to fine_tuned", *_masked(rng), high),
    ]


def _ends(run: Callable[..., Any], first: Items, second: Items, _: float) -> bool:
    return all(
        np.allclose(run(first, second, alpha)["mixed"][name], plain(tensor), atol=1e-3)
        for alpha, state in ((0.0, first), (1.0, second))
        for name, tensor in state
    )


def _same_names(run: Callable[..., Any], first: Items, second: Items, alpha: float) -> bool:
    return sorted(run(first, second, alpha)["mixed"]) == sorted(name for name, _ in first)


def _same_dtypes(run: Callable[..., Any], first: Items, second: Items, alpha: float) -> bool:
    kinds = run(first, second, alpha)["dtypes"]
    return all(kinds[name] == str(tensor.dtype) for name, tensor in first)


def _both_stay(run: Callable[..., Any], first: Items, second: Items, alpha: float) -> bool:
    outcome = run(first, second, alpha)
    return all(
        np.array_equal(outcome[f"{name} afterwards"][each], plain(tensor))
        for name, state in (("zero_shot", first), ("fine_tuned", second))
        for each, tensor in state
    )


INTERPOLATE = Question(
    number="10.2",
    function="interpolate",
    reference=build(),
    harness=harness,
    told="It makes a dictionary of each list, calls interpolate(zero_shot, fine_tuned, alpha), "
    "and looks at both dictionaries afterwards.",
    build=build,
    rtol=1e-4,
    atol=1e-5,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="floats are mixed", points=2, cases=_mixed),
        Property(name="everything else from the nearer state", points=1, cases=_copied),
    ),
    mistakes=MISTAKES,
    left_out="Formulas that are off by rounding at an end, and tensors without a fraction that "
    "are handed on and not copied: load_state_dict copies them.",
    invariances=(
        Invariance(
            name="names",
            message="The result must have the names of the two states, no more and no fewer.",
            holds=_same_names,
        ),
        Invariance(
            name="states",
            message="Both states must be afterwards what they were before: their names, and "
            "the numbers in their tensors.",
            holds=_both_stay,
        ),
        Invariance(
            name="ends",
            message="alpha = 0 must give zero_shot as it is, alpha = 1 fine_tuned.",
            holds=_ends,
        ),
        Invariance(
            name="dtypes",
            message="Each tensor must keep its dtype; one of yours has another.",
            holds=_same_dtypes,
        ),
    ),
)
