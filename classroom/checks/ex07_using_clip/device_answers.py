"""Answers to 07.2, a right one and the mistakes that are known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

Batch = dict[str, Any]


def _device(model: Any) -> Any:
    return model.logit_scale.device


def _dtype(model: Any) -> Any:
    return model.dtype


def _guessed(_: Any) -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _kept(x: Any, *_: Any) -> Any:
    return x


def _moved(x: Tensor, device: Any, _: Any) -> Tensor:
    return x.to(device)


def _cast(x: Tensor, device: Any, dtype: Any) -> Tensor:
    return x.to(device, dtype)


def build(  # noqa: PLR0913 - one keyword for each thing that goes wrong
    *,
    device: Callable[[Any], Any] = _device,
    dtype: Callable[[Any], Any] = _dtype,
    fractions: Callable[..., Any] = _cast,
    whole: Callable[..., Any] = _moved,
    truths: Callable[..., Any] | None = None,
    text: Callable[..., Any] = _kept,
    names: Callable[[Batch], Batch] = dict,
) -> Answer:
    """Return an answer that treats each kind of part in its own way, `truths` as `whole`."""

    def answer(batch: Batch, model: Any) -> Batch:
        moved = {}
        for name, x in names(batch).items():
            if not isinstance(x, Tensor):
                way = text
            elif x.is_floating_point():
                way = fractions
            else:
                way = truths or whole if x.dtype == torch.bool else whole
            moved[name] = way(x, device(model), dtype(model))
        return moved

    return answer


def _two(rest: Callable[..., Any] | None) -> Answer:
    """Return an answer that knows two names, and treats all others alike or drops them."""

    def answer(batch: Batch, model: Any) -> Batch:
        ways = dict.fromkeys(batch, rest) | {"images": _cast, "tokens": _moved}
        where = _device(model), model.dtype
        return {name: way(batch[name], *where) for name, way in ways.items() if way}

    return answer


def _moved_if_tensor(x: Any, device: Any, _: Any) -> Any:
    return x.to(device) if isinstance(x, Tensor) else x


def _cast_if_tensor(x: Any, *where: Any) -> Any:
    return x.to(*where) if isinstance(x, Tensor) else x


def _cast_if_float32(x: Tensor, device: Any, dtype: Any) -> Tensor:
    return x.to(device, dtype) if x.dtype == torch.float32 else x.to(device)


def _cast_unless(*kinds: torch.dtype) -> Callable[[Tensor, Any, Any], Tensor]:
    """Return what casts all but some kinds of whole numbers."""
    return lambda x, device, dtype: x.to(device, None if x.dtype in kinds else dtype)


def _without_text(batch: Batch) -> Batch:
    return {name: x for name, x in batch.items() if isinstance(x, Tensor)}


def _array_moved(x: Any, device: Any, _: Any) -> Any:
    return torch.from_numpy(x).to(device) if isinstance(x, np.ndarray) else x


def _array_cast(x: Any, *where: Any) -> Any:
    return torch.from_numpy(x).to(*where) if isinstance(x, np.ndarray) else x


MISTAKES = (
    Mistake(
        name="tokens-left-behind",
        message="Whole numbers, such as tokens, stayed where they were. They are an input "
        "like the pictures: move them to the model's device, too.",
        changes={"whole": _kept, "truths": _moved},
        variants=({"whole": _kept},),
    ),
    Mistake(
        name="images-left-behind",
        message="The pictures stayed where they were; only their dtype was looked after. "
        "Move them to the model's device.",
        changes={"fractions": lambda x, _, dtype: x.to(dtype)},
        variants=({"fractions": _kept},),
    ),
    Mistake(
        name="tokens-cast-to-half",
        message="You changed whole numbers into fractions. Tokens number the rows of a "
        "table: move them, and leave them whole.",
        changes={"whole": _cast, "truths": _moved},
        variants=({"whole": _cast}, _two(_cast_if_tensor)),
    ),
    Mistake(
        name="truths-changed",
        message="You changed True and False into numbers. A mask picks rows only as it "
        "is: move it, and leave its dtype.",
        changes={"truths": _cast},
        variants=({"truths": lambda x, device, _: x.to(device).long()},),
    ),
    Mistake(
        name="whole-by-name",
        message="You spared some kinds of whole numbers alone. Others, and True and False, "
        "became fractions: ask x.is_floating_point(), and cast only where it says yes.",
        changes={"whole": _cast_unless(torch.int64, torch.int32)},
        variants=(
            {"whole": _cast_unless(torch.int64)},
            {"whole": _cast_unless(torch.int64, torch.bool)},
            {"whole": _cast_unless(torch.int64, torch.int32, torch.bool)},
        ),
    ),
    Mistake(
        name="ignores-model-device",
        message="Your tensors are not where the model is: they stayed where they were, or "
        'went to a device of your own choice ("cuda" if there is one). Ask the model: '
        "model.logit_scale.device.",
        changes={"device": _guessed},
        variants=({"device": _guessed, "fractions": _moved},),
    ),
    Mistake(
        name="dtype-left",
        message="What has fractions kept its dtype. A model in half precision multiplies "
        "pictures by half precision weights: cast them to model.dtype.",
        changes={"fractions": _moved},
    ),
    Mistake(
        name="dtype-of-the-scale",
        message="You took the dtype of one parameter, the scale, which stays float32 in a "
        "model of half precision. Ask the model: model.dtype.",
        changes={"dtype": lambda model: model.logit_scale.dtype},
    ),
    Mistake(
        name="always-half",
        message="You cast to half precision, whatever the model is in. Only a model in "
        "half precision reads such: cast to model.dtype.",
        changes={"dtype": lambda _: torch.float16},
    ),
    Mistake(
        name="tokens-made-long",
        message="You changed the dtype of whole numbers. Every model reads them as they "
        "come: move them, and nothing else.",
        changes={"whole": lambda x, device, _: x.to(device).long(), "truths": _moved},
        variants=(
            {"whole": lambda x, device, _: x.to(device).int(), "truths": _moved},
            {"whole": lambda x, device, _: x.to(device).long()},
        ),
    ),
    Mistake(
        name="others-lost",
        message="You return pictures and tokens alone. Whatever else the batch holds "
        "comes back, too: loop over batch.items().",
        answer=_two(None),
    ),
    Mistake(
        name="others-left-behind",
        message="You looked after pictures and tokens alone. Other tensors of the batch, "
        "such as labels, must go to the model's device as well: ask each for its dtype.",
        answer=_two(_kept),
    ),
    Mistake(
        name="one-kind-of-fraction",
        message="You cast one kind of fractions alone. Whatever has fractions is cast, float64 "
        "too: x.is_floating_point() says it.",
        changes={"fractions": _cast_if_float32},
    ),
    Mistake(
        name="cast-by-name",
        message="You cast what is called images. Whatever has fractions is cast, whatever "
        "its name: x.is_floating_point() says it.",
        answer=_two(_moved_if_tensor),
    ),
    Mistake(
        name="text-moved",
        message="Not everything in a batch is a tensor: names and arrays have no .to(). "
        "Look with isinstance(x, torch.Tensor), and hand the rest on as it is.",
        changes={"text": lambda x, device, _: x.to(device)},
        variants=({"text": lambda x, device, _: x.to(device) if hasattr(x, "dtype") else x},),
    ),
    Mistake(
        name="arrays-made-tensors",
        message="You made tensors of numpy's arrays. What is no tensor passes as it is: "
        "isinstance(x, torch.Tensor) picks the rest.",
        changes={"text": _array_cast},
        variants=({"text": _array_moved},),
    ),
    Mistake(
        name="text-lost",
        message="What is no tensor, such as names of files, is missing. Hand it on as it is.",
        changes={"names": _without_text},
    ),
)
