"""07.2: move pictures and tokens to where the model is, in the kinds that it reads.

torch's device "meta", which every machine has, stands for a GPU: its tensors have a device, a
dtype and a shape, and no numbers. Leaves out whether the answer copies what need not move.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

Batch = dict[str, Tensor]


def to_device(batch: Batch, model: Any) -> Batch:
    """Return pictures in the model's dtype and tokens as whole numbers, on its device."""
    return _moved(lambda x, model: x.to(model.logit_scale.device, model.dtype))(batch, model)


def harness(
    answer: "Answer", images: "Tensor", tokens: "Tensor", device: str, dtype: str
) -> "Any":
    """Return where and what an answer's tensors are, and their numbers where they have any."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logit_scale = torch.nn.Parameter(torch.zeros((), device=device))
            self.visual = torch.nn.Linear(2, 2, device=device, dtype=getattr(torch, dtype))

        @property
        def dtype(self) -> "Any":
            return self.visual.weight.dtype

    batch = answer({"images": images, "tokens": tokens}, Model())
    tensors = {name: batch[name] for name in ("images", "tokens")}
    kinds = [
        f"{name}: {str(x.dtype).removeprefix('torch.')} on {x.device}, {list(x.shape)}"
        for name, x in tensors.items()
    ]
    return kinds + [x.double() if x.device.type == "cpu" else None for x in tensors.values()]


def _moved(
    images: Callable[[Tensor, Any], Tensor],
    tokens: Callable[[Tensor, Any], Tensor] = lambda x, model: x.to(model.logit_scale.device),
) -> Answer:
    """Return an answer that moves each of the two in its own way."""
    return lambda batch, model: {
        "images": images(batch["images"], model),
        "tokens": tokens(batch["tokens"], model),
    }


def _images(x: Tensor, model: Any) -> Tensor:
    return x.to(model.logit_scale.device, model.dtype)


def _drawn(
    rng: np.random.Generator, device: str, dtype: str, whole: str = "int32"
) -> tuple[Any, ...]:
    pictures, texts = (int(rng.integers(1, 4)) for _ in range(2))
    images = rng.standard_normal((pictures, 3, 2, 2), dtype=np.float32)
    tokens = rng.integers(0, 1000, (texts, 5)).astype(whole)
    return torch.from_numpy(images), torch.from_numpy(tokens), device, dtype


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(7)
    return [
        shown("a model elsewhere", *_drawn(fixed, "meta", "float32")),
        shown("a model here", *_drawn(fixed, "cpu", "float32")),
        shown("a model in half precision", *_drawn(fixed, "cpu", "float16")),
    ]


def _elsewhere(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("elsewhere", *_drawn(rng, "meta", "float32")),
        hidden("here", *_drawn(rng, "cpu", "float32", "int64")),
    ]


def _halves(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("half precision, elsewhere", *_drawn(rng, "meta", "float16")),
        hidden("half precision, here", *_drawn(rng, "cpu", "float16", "int64")),
        hidden("double precision, here", *_drawn(rng, "cpu", "float64")),
    ]


TO_DEVICE = Question(
    number="07.2",
    function="to_device",
    reference=to_device,
    harness=harness,
    rtol=1e-6,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="where the model is", points=1, cases=_elsewhere),
        Property(name="in the model's precision", points=2, cases=_halves),
    ),
    mistakes=(
        Mistake(
            name="tokens-left-behind",
            message="The tokens stayed where they were. They are an input like the pictures: "
            "move them to the model's device, too.",
            answer=_moved(_images, lambda x, _: x),
        ),
        Mistake(
            name="images-left-behind",
            message="The pictures stayed where they were; only their dtype was looked after. "
            "Move them to the model's device.",
            answer=_moved(lambda x, model: x.to(model.dtype)),
            variants=(_moved(lambda x, _: x),),
        ),
        Mistake(
            name="tokens-cast-to-half",
            message="You changed the tokens into fractions. They number the rows of a table: "
            "move them, and leave them whole numbers.",
            answer=_moved(_images, _images),
        ),
        Mistake(
            name="ignores-model-device",
            message='You moved to a device of your own choice ("cuda" if there is one, or '
            '"cpu"). Ask the model where it is: model.logit_scale.device.',
            answer=_moved(
                lambda x, model: x.to(_guessed(), model.dtype), lambda x, _: x.to(_guessed())
            ),
            variants=(_moved(lambda x, _: x.to(_guessed()), lambda x, _: x.to(_guessed())),),
        ),
        Mistake(
            name="dtype-left",
            message="The pictures kept their dtype. A model in half precision multiplies them "
            "by half precision weights: cast them to model.dtype.",
            answer=_moved(lambda x, model: x.to(model.logit_scale.device)),
            variants=(
                _moved(
                    lambda x, model: x.to(model.logit_scale.device, model.logit_scale.dtype)
                ),
            ),
        ),
        Mistake(
            name="always-half",
            message="You cast every picture to half precision. Only a model in half precision "
            "reads such: cast to model.dtype.",
            answer=_moved(lambda x, model: x.to(model.logit_scale.device).half()),
        ),
        Mistake(
            name="tokens-made-long",
            message="You changed the dtype of the tokens. tokenize gives whole numbers that "
            "every model reads: move them, and nothing else.",
            answer=_moved(_images, lambda x, model: x.to(model.logit_scale.device).long()),
            variants=(_moved(_images, lambda x, model: x.to(model.logit_scale.device).int()),),
        ),
    ),
)


def _guessed() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"
