"""Answers to 12.5, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer, Mistake


def _rows(x: Tensor) -> Tensor:
    return F.normalize(x, dim=-1)


def _own(images: Tensor, texts: Tensor) -> Tensor:
    return (images * texts).sum(-1)


def _above_0(cosines: Tensor) -> Tensor:
    return cosines.clamp(min=0)


def _as_is(x: Tensor) -> Tensor:
    return x


def build(
    *,
    image: Callable[[Tensor], Tensor] = _rows,
    text: Callable[[Tensor], Tensor] = _rows,
    meet: Callable[[Tensor, Tensor], Tensor] = _own,
    cut: Callable[[Tensor], Tensor] = _above_0,
    weight: float = 2.5,
    total: Callable[[Tensor], object] = _as_is,
) -> Answer:
    """Return an answer that normalises, compares, cuts or weighs in its own way."""

    def answer(image_features: Tensor, text_features: Tensor) -> object:
        return total(weight * cut(meet(image(image_features), text(text_features))))

    return answer


def _both(step: Callable[[Tensor], Tensor]) -> dict[str, object]:
    return {"image": step, "text": step}


def _columns(x: Tensor) -> Tensor:
    return F.normalize(x, dim=0)


def _at_once(x: Tensor) -> Tensor:
    return x / x.norm()


def _distance(images: Tensor, texts: Tensor) -> Tensor:
    return 1 - (images - texts).norm(dim=-1)


def _mean_first(images: Tensor, texts: Tensor) -> Tensor:
    return 2.5 * _own(_rows(images), _rows(texts)).mean().clamp(min=0)


MISTAKES = (
    Mistake(
        name="missing-max",
        message="A cosine below 0 gives a score below 0 with you. max(cosine, 0): a caption "
        "that points away is worth nothing, and takes nothing from the others.",
        changes={"cut": _as_is},
    ),
    Mistake(
        name="wrong-weight",
        message="The weight is not 2.5. Torchmetrics multiplies by 100, and so its numbers are "
        "40 times as large as the paper's; without any weight they are the cosines.",
        changes={"weight": 100.0},
        variants=({"weight": 1.0}, {"weight": 0.4}, {"weight": 25.0}, {"weight": 250.0}),
    ),
    Mistake(
        name="absolute",
        message="A cosine below 0 counts as one above 0 with you. It counts 0.",
        changes={"cut": torch.abs},
    ),
    Mistake(
        name="cut-at-1",
        message="You cut scores, or cosines, from above. A score may reach 2.5: only what is "
        "below 0 is cut.",
        changes={"cut": lambda cosines: cosines.clamp(0, 0.4)},
        variants=(
            {"cut": lambda cosines: cosines.clamp(max=0.4)},
            {"cut": lambda cosines: cosines.clamp(max=0)},
        ),
    ),
    Mistake(
        name="moved-into-range",
        message="You moved the cosines from −1 … 1 to 0 … 1. Cut what is below 0 instead.",
        changes={"cut": lambda cosines: (cosines + 1) / 2},
    ),
    Mistake(
        name="no-normalise",
        message="These are dot products of features of any length. Divide each row by its "
        "length first, pictures and texts.",
        changes=_both(_as_is),
        variants=({"image": _as_is}, {"text": _as_is}),
    ),
    Mistake(
        name="columns-normalised",
        message="You normalised down the columns. The vectors are the rows: dim=-1.",
        changes=_both(_columns),
        variants=({"image": _columns}, {"text": _columns}),
    ),
    Mistake(
        name="one-length-for-all",
        message="You divided all rows by one number. Each row has its own length: "
        "norm(dim=-1, keepdim=True).",
        changes=_both(_at_once),
    ),
    Mistake(
        name="every-with-every",
        message="You compared every picture with every text. Text i belongs to picture i: one "
        "number a pair.",
        changes={"meet": lambda images, texts: images @ texts.T},
    ),
    Mistake(
        name="averaged",
        message="You return one number for all. Return one for each pair; who wants a mean can "
        "take it afterwards.",
        changes={"total": torch.mean},
        variants=({"total": torch.sum}, {"total": torch.max}, _mean_first),
    ),
    Mistake(
        name="distance",
        message="You measured how far features are apart. The cosine is asked for, the dot "
        "product of rows of length 1.",
        changes={"meet": _distance},
        variants=(
            {"meet": lambda images, texts: (images - texts).norm(dim=-1)},
            {"meet": lambda images, texts: 1 - _own(images, texts)},
        ),
    ),
    Mistake(
        name="softmax",
        message="You made shares of the scores. Each pair is scored by itself, whatever others "
        "there are.",
        changes={"cut": lambda cosines: cosines.softmax(dim=-1)},
    ),
    Mistake(
        name="yes-or-no",
        message="You return whether a caption suits. Return how well it does, a number.",
        changes={"cut": lambda cosines: (cosines > 0).to(cosines.dtype)},
    ),
)
