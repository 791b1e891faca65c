"""What is judged of random splits, in words: which rows are shots, which the rest, and when."""

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import numpy as np
from torch import Tensor

from classroom.checks.question import Answer, Invariance

RIGHT = "as asked"
"""Stands for whatever is right, so that all right answers measure the same."""

PARTS = (
    "shots",
    "shots, counted once",
    "rest",
    "the same seed",
    "other seeds",
    "all seeds",
    "other classes",
    "global generators",
)


def harness(answer: "Answer", labels: "Tensor", k: int, seed: int) -> "list[Any]":
    """Return the splits of many seeds, the first one again, and the global generators.

    There are so many seeds that each row of a class is a shot of one of them, but for one time
    in a million. The global generators start from seeds that nobody else takes, and are put
    back afterwards.
    """
    import zlib

    import numpy as np
    import torch

    def states() -> list[int]:
        state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 - it is looked at
        numpys = state["key"].tobytes() + int(state["pos"]).to_bytes(4, "big")
        return [zlib.crc32(torch.get_rng_state().numpy().tobytes()), zlib.crc32(numpys)]

    kept = torch.get_rng_state(), np.random.get_state()  # noqa: NPY002
    torch.manual_seed(4_000_000_007)
    np.random.seed(4_000_000_007)  # noqa: NPY002
    try:
        before = states()
        splits = [answer(labels.clone(), k, seed + further) for further in range(60)]
        again = [answer(labels.clone(), k, seed) for _ in range(5)]
        return [splits, again, before, states()]
    finally:
        torch.set_rng_state(kept[0])
        np.random.set_state(kept[1])  # noqa: NPY002


def measure(outcome: list[Any], labels: Tensor, k: int, _: int) -> dict[str, Any]:
    """Return in words what the splits are, and of how many pictures: words alone never vary."""
    splits, again, before, after = outcome
    y = np.asarray(labels)
    form = _worst(_form(one, len(y)) for one in [*splits, *again])
    if form != RIGHT:
        return {"of": len(y), "form": form, **dict.fromkeys(PARTS, "not looked at")}
    pairs = [[np.asarray(part, dtype=int).ravel() for part in one] for one in splits]
    drawn = {tuple(sorted(set(shots.tolist()))) for shots, _ in pairs}
    seen = {row for shots in drawn for row in shots}
    same = all(_sorted(one) == _sorted(splits[0]) for one in again)
    words = (
        _worst(_shots(shots, y, k) for shots, _ in pairs),
        _worst(_once(shots) for shots, _ in pairs),
        _worst(_rest(shots, rest, y) for shots, rest in pairs),
        RIGHT if same else "gave another split",
        _anew(drawn, y, k),
        RIGHT if len(seen) == len(y) else "never took some rows as shots",
        _apart([shots for shots, _ in pairs], y),
        RIGHT if before == after else "were drawn from, or seeded",
    )
    return {"of": len(y), "form": form, **dict(zip(PARTS, words, strict=True))}


def _sorted(split: Any) -> list[list[int]]:
    return [sorted(np.ravel(part).tolist()) for part in split]


def _anew(drawn: set[tuple[int, ...]], y: np.ndarray, k: int) -> str:
    if len(drawn) > 1:
        return RIGHT
    first = sorted(row for each in np.unique(y) for row in np.flatnonzero(y == each)[:k])
    return "gave the first of each class" if drawn == {tuple(first)} else "gave the same shots"


def _apart(draws: list[np.ndarray], y: np.ndarray) -> str:
    """Return whether some two classes of one size have shots in the same places every time."""
    for one, other in combinations([np.flatnonzero(y == each) for each in np.unique(y)], 2):
        if len(one) == len(other):
            places = [(_places(one, shots), _places(other, shots)) for shots in draws]
            if len(set(places)) > 1 and all(first == second for first, second in places):
                return "had shots in the same places every time"
    return RIGHT


def _places(rows: np.ndarray, shots: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(np.isin(rows, shots)).tolist())


def _worst(words: Iterable[str]) -> str:
    """Return the first that is not right, in the order of the alphabet."""
    return min((one for one in set(words) if one != RIGHT), default=RIGHT)


def _form(split: Any, n: int) -> str:
    if not isinstance(split, list) or len(split) != 2:
        return "not two things"
    parts = [np.asarray(part) for part in split]
    if any(part.ndim != 1 for part in parts):
        return "not two lists of row numbers"
    if any(part.dtype == bool for part in parts):
        return "masks, not row numbers"
    if any(part.size and part.dtype.kind not in "iu" for part in parts):
        return "not whole numbers"
    if any(part.size and (part.min() < 0 or part.max() >= n) for part in parts):
        return "numbers that are no rows"
    return RIGHT


def _shots(shots: np.ndarray, y: np.ndarray, k: int) -> str:
    classes = np.unique(y)
    counts = [int((y[shots] == each).sum()) for each in classes]
    if counts == [k] * len(classes):
        return RIGHT
    if len(shots) == len(y) - k * len(classes):
        return "as many as the rest should have"
    if len(shots) == k * len(classes):
        return "not k of every class, though k times the classes"
    return "k in all" if len(shots) == k else "another number"


def _once(shots: np.ndarray) -> str:
    return RIGHT if len(set(shots.tolist())) == len(shots) else "some row stands there twice"


def _rest(shots: np.ndarray, rest: np.ndarray, y: np.ndarray) -> str:
    others = sorted(set(range(len(y))) - set(shots.tolist()))
    found = sorted(rest.tolist())
    if found == others:
        return RIGHT
    if found == list(range(len(y))):
        return "all rows, shots included"
    if set(found) & set(shots.tolist()):
        return "holds some shots, too"
    return "lacks rows" if set(found) < set(others) else "names rows twice"


def _says(part: str) -> Callable[..., bool]:
    """Return the law that one of the words is right."""

    def holds(run: Callable[..., Any], *arguments: Any) -> bool:
        return bool(run(*arguments).get(part, RIGHT) == RIGHT)

    return holds


LAWS = tuple(
    Invariance(name=name, message=message, holds=_says(part))
    for part, name, message in (
        ("form", "form", "Return two lists of row numbers: the shots, and all other rows."),
        ("shots", "balance", "The shots must be k pictures of every class that occurs."),
        ("shots, counted once", "twice", "No row may be a shot twice."),
        ("rest", "rest", "The second list must hold every row that is no shot, once."),
        ("the same seed", "again", "The same seed must give the same split again."),
        ("other seeds", "anew", "Another seed must give another split."),
        ("all seeds", "reach", "Every picture of a class must have a chance to be a shot."),
        ("other classes", "classes", "Classes must be drawn apart, each by other numbers."),
        (
            "global generators",
            "own generator",
            "Draw from a generator of your own, made from seed, and leave the global ones.",
        ),
    )
)
