"""07.2: move a batch to where the model is, each part in the kind that the model reads.

torch's device "meta", which every machine has, stands for a GPU: its tensors have a device, a
dtype and a shape, and no numbers. Leaves out lists of tensors, and whether the answer copies
what need not move.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from classroom.checks.ex07_using_clip.device_answers import (
    MISTAKES,
    Batch,
    build,
)
from classroom.checks.question import Answer, Case, Property, Question, hidden, shown


def harness(
    answer: "Answer", names: list[str], values: "list[Any]", device: str, dtype: str
) -> "Any":
    """Return what became of each part: where and what it is, and its numbers if it has any."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logit_scale = torch.nn.Parameter(torch.zeros((), device=device))
            self.visual = torch.nn.Linear(2, 2, device=device, dtype=getattr(torch, dtype))

        @property
        def dtype(self) -> "Any":
            return self.visual.weight.dtype

    def told(x: "Any") -> "Any":
        if not isinstance(x, torch.Tensor):
            return x
        numbers = x.double() if x.device.type == "cpu" else None
        return f"{str(x.dtype).removeprefix('torch.')} on {x.device}, {list(x.shape)}", numbers

    batch = answer(dict(zip(names, values, strict=True)), Model())
    return {name: told(x) for name, x in batch.items()}


def _inputs(rng: np.random.Generator, whole: str = "int32") -> Batch:
    pictures, texts = (int(rng.integers(1, 4)) for _ in range(2))
    images = rng.standard_normal((pictures, 3, 2, 2), dtype=np.float32)
    tokens = rng.integers(0, 1000, (texts, 5)).astype(whole)
    return {"images": torch.from_numpy(images), "tokens": torch.from_numpy(tokens)}


def _more(rng: np.random.Generator) -> Batch:
    """Return what loaders add, under names that nobody can foresee."""
    count = int(rng.integers(2, 5))
    number = int(rng.integers(100))
    files = [f"{int(one)}.png" for one in rng.integers(1000, size=count)]
    return {
        f"weights_{number}": torch.from_numpy(rng.random(count)),  # float64
        f"labels_{number}": torch.from_numpy(rng.integers(0, 9, count).astype("int16")),
        f"mask_{number}": torch.from_numpy(rng.random((count, 3)) < 0.5),
        f"files_{number}": files,
        f"boxes_{number}": rng.random((count, 4)),  # of numpy, no tensor
        f"scores_{number}": torch.from_numpy(rng.random(count, dtype=np.float32)),
        f"split_{number}": "train",
    }


def _case(batch: Batch, device: str, dtype: str) -> tuple[Any, ...]:
    return list(batch), list(batch.values()), device, dtype


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(7)
    more = {"labels": torch.tensor([1, 4]), "files": ["cat.png", "dog.png"]}
    return [
        shown("a model elsewhere", *_case(_inputs(fixed), "meta", "float32")),
        shown("a model here", *_case(_inputs(fixed), "cpu", "float32")),
        shown("a model in half precision", *_case(_inputs(fixed), "cpu", "float16")),
        shown("with labels and files", *_case(_inputs(fixed) | more, "cpu", "float16")),
    ]


def _elsewhere(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("elsewhere", *_case(_inputs(rng), "meta", "float32")),
        hidden("here", *_case(_inputs(rng, "int64"), "cpu", "float32")),
    ]


def _halves(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("half precision, elsewhere", *_case(_inputs(rng), "meta", "float16")),
        hidden("half precision, here", *_case(_inputs(rng, "int64"), "cpu", "float16")),
        hidden("double precision, here", *_case(_inputs(rng), "cpu", "float64")),
    ]


def _others(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("more, elsewhere", *_case(_inputs(rng) | _more(rng), "meta", "float16")),
        hidden("more, here", *_case(_more(rng) | _inputs(rng), "cpu", "float32")),
        hidden("more, in half precision", *_case(_inputs(rng) | _more(rng), "cpu", "float16")),
    ]


TO_DEVICE = Question(
    number="07.2",
    function="to_device",
    reference=build(),
    harness=harness,
    build=build,
    rtol=1e-6,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="where the model is", points=1, cases=_elsewhere),
        Property(name="in the model's precision", points=1, cases=_halves),
        Property(name="whatever else the batch holds", points=1, cases=_others),
    ),
    mistakes=MISTAKES,
)
