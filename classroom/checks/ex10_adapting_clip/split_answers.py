"""Answers to 10.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

Draw = Callable[[int], Tensor]


def _seeded(seed: int) -> Draw:
    generator = torch.Generator().manual_seed(seed)
    return lambda count: torch.randperm(count, generator=generator)


def _begun_again(seed: int) -> Draw:
    """Return a draw that begins anew, class by class."""

    def draw(count: int) -> Tensor:
        return _seeded(seed)(count)

    return draw


def _fixed(_: int) -> Draw:
    return _seeded(0)


def _unseeded(_: int) -> Draw:
    generator = np.random.default_rng()
    return lambda count: torch.from_numpy(generator.permutation(count))


def _global(_: int) -> Draw:
    return torch.randperm


def _seeding_torch(seed: int) -> Draw:
    torch.manual_seed(seed)
    return torch.randperm


def _seeding_numpy(seed: int) -> Draw:
    np.random.seed(seed)  # noqa: NPY002 - the mistake
    return lambda count: torch.from_numpy(np.random.permutation(count))  # noqa: NPY002


def _in_order(_: int) -> Draw:
    return torch.arange


def _of_each(rows: Tensor, k: int, draw: Draw) -> Tensor:
    return rows[draw(len(rows))[:k]]


def _repeated(rows: Tensor, k: int, draw: Draw) -> Tensor:
    return rows[torch.stack([draw(len(rows))[0] for _ in range(k)])]


def _within(rows: Tensor, k: int, draw: Draw) -> Tensor:
    return draw(len(rows))[:k]


def _occurring(labels: Tensor) -> list[int]:
    return torch.unique(labels).tolist()


def _balanced(labels: Tensor, classes: list[int], k: int, draw: Draw, take: Any) -> Tensor:
    parts = [take((labels == each).nonzero()[:, 0], k, draw) for each in classes]
    return torch.cat(parts)


def _of_all(labels: Tensor, classes: list[int], k: int, draw: Draw, _: Any) -> Tensor:
    return draw(len(labels))[: k * len(classes)]


def _k_in_all(labels: Tensor, _: Any, k: int, draw: Draw, __: Any) -> Tensor:
    return draw(len(labels))[:k]


def _others(labels: Tensor, shots: Tensor, *_: Any) -> Tensor:
    apart = torch.ones(len(labels), dtype=torch.bool)
    apart[shots] = False
    return apart.nonzero()[:, 0]


def _everything(labels: Tensor, *_: Any) -> Tensor:
    return torch.arange(len(labels))


def _few_others(labels: Tensor, shots: Tensor, k: int) -> Tensor:
    """Return as many of every class, or fewer where there are no more."""
    rest = _others(labels, shots)
    return torch.cat([rest[labels[rest] == each][:k] for each in torch.unique(labels)])


def _first_others(labels: Tensor, shots: Tensor, *_: Any) -> Tensor:
    return _others(labels, shots)[: len(shots)]


def _drawn_again(labels: Tensor, shots: Tensor, k: int) -> Tensor:
    """Return a second draw of the same kind, from all rows of each class."""
    draw = _seeded(int(shots.sum()))
    parts = [
        _of_each((labels == each).nonzero()[:, 0], k, draw) for each in torch.unique(labels)
    ]
    return torch.cat(parts)


def build(
    *,
    source: Callable[[int], Draw] = _seeded,
    classes: Callable[[Tensor], list[int]] = _occurring,
    choose: Callable[..., Tensor] = _balanced,
    take: Callable[[Tensor, int, Draw], Tensor] = _of_each,
    rest: Callable[..., Tensor] = _others,
    give: Callable[[Tensor, Tensor, Tensor], Any] = lambda _, shots, rest: (shots, rest),
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(labels: Tensor, k: int, seed: int) -> Any:
        shots = choose(labels, classes(labels), k, source(seed), take)
        return give(labels, shots, rest(labels, shots, k))

    return answer


def _masks(labels: Tensor, shots: Tensor, rest: Tensor) -> Any:
    rows = torch.arange(len(labels))
    return torch.isin(rows, shots), torch.isin(rows, rest)


MISTAKES = (
    Mistake(
        name="test-leak",
        message="The second list holds shots, too: whoever tests on them tests what was "
        "learned by heart. Give every row that is no shot, and no other.",
        changes={"rest": _everything},
    ),
    Mistake(
        name="test-drawn-again",
        message="You drew the second list anew, so it holds some shots and lacks other rows. "
        "It is what the first draw left over, all of it.",
        changes={"rest": _drawn_again},
    ),
    Mistake(
        name="rest-cut",
        message="You left rows out of the second list: all that are no shots belong there.",
        changes={"rest": _few_others},
        variants=({"rest": _first_others},),
    ),
    Mistake(
        name="unbalanced",
        message="You drew from all pictures at once, so that one class has more shots than "
        "another. Draw k from the rows of each class.",
        changes={"choose": _of_all},
        variants=({"choose": _k_in_all},),
    ),
    Mistake(
        name="same-draw-each-seed",
        message="Every seed gives the same shots. Make the generator from seed: "
        "torch.Generator().manual_seed(seed).",
        changes={"source": _fixed},
    ),
    Mistake(
        name="generator-of-each-class",
        message="Classes of one size give the same places: your generator begins anew for each "
        "class. Make it once, before you go through them.",
        changes={"source": _begun_again},
    ),
    Mistake(
        name="first-k",
        message="You take the first k of each class, and draw nothing. Shuffle the rows of a "
        "class with a generator made from seed.",
        changes={"source": _in_order},
    ),
    Mistake(
        name="another-draw-each-time",
        message="The same seed gives another split each time. Hand the seed to the generator "
        "that draws.",
        changes={"source": _unseeded},
    ),
    Mistake(
        name="global-generator",
        message="You drew from the global generator, and the seed decides nothing. Make one "
        "from seed, and draw from it: torch.randperm(count, generator=generator).",
        changes={"source": _global},
    ),
    Mistake(
        name="seeded-globally",
        message="You seeded the global generator, so all that is drawn after your function is "
        "the same each time. Make a generator of your own from seed.",
        changes={"source": _seeding_torch},
        variants=({"source": _seeding_numpy},),
    ),
    Mistake(
        name="with-replacement",
        message="A row may be drawn twice. Shuffle the rows of a class, and take the first k.",
        changes={"take": _repeated},
    ),
    Mistake(
        name="places-in-class",
        message="You return places among the pictures of a class. Look the row numbers up: "
        "rows[places].",
        changes={"take": _within},
    ),
    Mistake(
        name="classes-from-0",
        message="You took the classes to be 0, 1, 2, …. They are the numbers that occur: "
        "labels.unique().",
        changes={"classes": lambda labels: list(range(len(labels.unique())))},
    ),
    Mistake(
        name="parts-exchanged",
        message="The two lists have changed places: shots first, then the rest.",
        changes={"give": lambda _, shots, rest: (rest, shots)},
    ),
    Mistake(
        name="masks",
        message="You return True and False for each row. Row numbers are asked for: "
        "mask.nonzero()[:, 0].",
        changes={"give": _masks},
    ),
    Mistake(
        name="shots-alone",
        message="You return the shots alone. The rows that are left to test on are the second "
        "list.",
        changes={"give": lambda _, shots, __: shots},
    ),
)
