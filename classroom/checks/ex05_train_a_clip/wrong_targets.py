"""Shared targets that are wrong in one part: the mistakes of 05.2."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake


def equal_pairs(
    captions: Sequence[Any], equal: Callable[[Any, Any], bool] = lambda a, b: a == b
) -> Tensor:
    """Return 1 where two captions are equal, else 0: (n, n)."""
    return torch.tensor([[float(equal(a, b)) for b in captions] for a in captions])


def build(
    *,
    read: Callable[[str], object] = lambda caption: caption,
    equal: Callable[[Any, Any], bool] = lambda a, b: a == b,
    table: Callable[[Tensor], Tensor] = lambda same: same,
    shared: Callable[[Tensor], Tensor] = lambda same: same / same.sum(dim=1, keepdim=True),
) -> Answer:
    """Return an answer that reads captions, or shares the right ones, in another way."""

    def answer(captions: Sequence[str]) -> Tensor:
        return shared(table(equal_pairs([read(one) for one in captions], equal)))

    return answer


def _first_of_equals(same: Tensor) -> Tensor:
    return torch.eye(len(same))[same.argmax(dim=1)]


def _others(same: Tensor) -> Tensor:
    return same - torch.eye(len(same))


def _half_for_itself(same: Tensor) -> Tensor:
    """Return a half for the caption itself, a half for all its equals."""
    others = _others(same) / _others(same).sum(dim=1, keepdim=True).clamp(min=1)
    alone = others.sum(dim=1, keepdim=True) == 0
    return torch.where(alone, torch.eye(len(same)), (torch.eye(len(same)) + others) / 2)


def _one_column_a_kind(captions: Sequence[str]) -> Tensor:
    kinds = list(dict.fromkeys(captions))
    return torch.tensor([[float(one == kind) for kind in kinds] for one in captions])


def _kinds(same: Tensor) -> int:
    return len(torch.unique(same, dim=0))


MISTAKES = (
    Mistake(
        name="rows-not-normalised",
        message="Your rows say which captions are equal, and add up to more than 1 where "
        "some are. Divide each by its sum.",
        changes={"shared": lambda same: same},
        variants=({"shared": lambda same: same.bool()},),
    ),
    Mistake(
        name="only-diagonal",
        message="Only the diagonal is right in yours. A caption that stands there twice is "
        "right in both places: half here, half there.",
        changes={"table": lambda same: torch.eye(len(same))},
    ),
    Mistake(
        name="divided-by-all",
        message="You divided every row by the same number. Each is divided by its own sum: "
        "by how often its caption occurs.",
        changes={"shared": lambda same: same / same.sum()},
        variants=(
            {"shared": lambda same: same / len(same)},
            {"shared": lambda same: same / _kinds(same)},
            {"shared": lambda same: same / same.sum(dim=1).max()},
        ),
    ),
    Mistake(
        name="always-half",
        message="You give a half wherever captions are equal. Three equal ones get a third "
        "each: divide a row by its sum.",
        changes={"shared": lambda same: same / same.sum(1, keepdim=True).clamp(max=2)},
    ),
    Mistake(
        name="half-for-itself",
        message="A picture's own caption got a half, its equals the other half. They are "
        "equal: each gets the same share.",
        changes={"shared": _half_for_itself},
    ),
    Mistake(
        name="l2-normalised",
        message="Your rows have length 1. They must add up to 1: divide each by its sum, "
        "not by its norm.",
        changes={"shared": lambda same: same / same.norm(dim=1, keepdim=True)},
    ),
    Mistake(
        name="first-of-equals",
        message="The first of several equal captions got everything, as with "
        "captions.index(...). All of them share.",
        changes={"table": _first_of_equals},
    ),
    Mistake(
        name="without-itself",
        message="You left a picture's own caption out. It is right too, and where nothing "
        "repeats it is all there is.",
        changes={"table": _others},
        variants=(
            {
                "table": _others,
                "shared": lambda same: same / same.sum(dim=1, keepdim=True).clamp(min=1),
            },
        ),
    ),
    Mistake(
        name="softmax",
        message="A softmax leaves something for every caption, wrong ones too. Divide each "
        "row by its sum: then what was 0 stays 0.",
        changes={"shared": lambda same: same.softmax(dim=1)},
    ),
    Mistake(
        name="one-column-a-kind",
        message="You have a column for each kind of caption. Text j is column j: equal "
        "captions have a column each, and the table is square.",
        answer=_one_column_a_kind,
    ),
    Mistake(
        name="compared-loosely",
        message="You took captions as equal that differ in large letters, spaces or full "
        "stops. Here they are compared as they are: ==, without lower() or strip().",
        changes={"read": str.lower},
        variants=(
            {"read": str.strip},
            {"read": lambda caption: caption.lower().strip()},
            {"read": lambda caption: caption.strip(" .")},
            {"read": lambda caption: caption.lower().strip(" .")},
            {"read": str.split},
            {"read": lambda caption: caption.lower().split()},
        ),
    ),
    Mistake(
        name="compared-parts",
        message="You compared parts of the captions, or their words. Two captions share "
        "only when they are equal from end to end: ==.",
        changes={"equal": lambda a, b: a in b},
        variants=(
            {"equal": lambda a, b: b in a},
            {"equal": lambda a, b: a in b or b in a},
            {"read": lambda caption: set(caption.split())},
            {"read": lambda caption: sorted(caption.split())},
            {"read": lambda caption: caption.split()[-1]},
            {"read": lambda caption: caption.split()[0]},
            {"read": len},
        ),
    ),
)
