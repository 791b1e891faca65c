"""10.1: Tip-Adapter, a memory of labelled pictures on top of what the texts say."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.ex10_adapting_clip.inputs import between, normal
from classroom.checks.ex10_adapting_clip.tip_answers import MISTAKES, build
from classroom.checks.invariances import TOLERANCE
from classroom.checks.question import Case, Invariance, Property, Question, hidden, shown


def _labelled(rng: np.random.Generator, shots: int, classes: int) -> Tensor:
    """Return labels, one row each: some class has several shots, and one may have none."""
    labels = np.sort(rng.integers(0, classes, shots))
    labels[-2:] = labels[-1]
    return torch.eye(classes)[torch.from_numpy(rng.permutation(labels))]


def _drawn(
    rng: np.random.Generator, pictures: int, shots: int, dim: int, classes: int
) -> tuple[Any, ...]:
    """Return features and keys of length 1, labels, logits, and alpha and beta above 1."""
    features, keys = normal(rng, pictures, dim), normal(rng, shots, dim)
    keys[0] += 2 * features[0]  # somebody is near
    return (
        torch.nn.functional.normalize(features),
        torch.nn.functional.normalize(keys),
        _labelled(rng, shots, classes),
        2 * normal(rng, pictures, classes),
        between(rng, 1.3, 3.0),
        between(rng, 3.3, 6.0),
    )


def _of_any_length(rng: np.random.Generator, *sizes: int) -> tuple[Any, ...]:
    features, keys, *others = _drawn(rng, *sizes)
    lengths = [torch.from_numpy(rng.uniform(0.3, 2, (n, 1))).float() for n in sizes[:2]]
    return (features * lengths[0], keys * lengths[1], *others)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    picture, keys = torch.tensor([[3.0, 4.0]]), torch.tensor([[5.0, 0.0], [0.0, 2.0]])
    texts = torch.tensor([[1.0, 0.5]])
    same = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    return [
        shown("cosines of 0.6 and 0.8", picture, keys, torch.eye(2), texts, 2.0, 5.0),
        shown("both keys of one class", picture, keys, same, texts, 2.0, 5.0),
        shown("alpha = 0: the texts alone", picture, keys, torch.eye(2), texts, 0.0, 5.0),
    ]


def _short(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("five pictures, seven keys", *_drawn(rng, 5, 7, 4, 3)),
        hidden("as many of each", *_drawn(rng, 4, 4, 4, 4)),
    ]


def _any_length(rng: np.random.Generator) -> Sequence[Case]:
    *tensors, alpha, _ = _of_any_length(rng, 3, 5, 4, 2)
    *others, _, beta = _of_any_length(rng, 7, 9, 3, 5)
    return [
        hidden("three pictures, nine keys", *_of_any_length(rng, 3, 9, 5, 4)),
        hidden("one picture", *_of_any_length(rng, 1, 6, 3, 2)),
        hidden("beta = 0: all keys count alike", *tensors, alpha, 0.0),
        hidden("the memory counts little", *others, 0.25, beta),
    ]


def _adds_up(run: Callable[..., Any], *arguments: Any) -> bool:
    *tensors, texts, alpha, beta = arguments
    outcome = np.asarray(run(*tensors, texts, alpha, beta)) - texts.numpy()
    alone = np.asarray(run(*tensors, 0 * texts, alpha, beta))
    return bool(np.allclose(outcome, alone, rtol=TOLERANCE, atol=TOLERANCE))


def _only_direction(run: Callable[..., Any], *arguments: Any) -> bool:
    features, keys, *others = arguments
    longer = run(3 * features, 0.5 * keys, *others)
    return bool(np.allclose(run(*arguments), longer, rtol=TOLERANCE, atol=TOLERANCE))


TIP_ADAPTER = Question(
    number="10.1",
    function="tip_adapter",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-4,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a memory on top of the texts", points=2, cases=_short),
        Property(name="features of any length", points=1, cases=_any_length),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="direction",
            message="Longer features and shorter keys must change nothing; they change yours.",
            holds=_only_direction,
        ),
        Invariance(
            name="added",
            message="zero_shot_logits must be added as they are to what the memory says.",
            holds=_adds_up,
        ),
    ),
)
