"""08.2: a function that returns a function, which sorts pictures by name.

Weights take part in gradients, as a real model's do, so an answer must say that it wants none.
How many texts the tower reads is counted: names do not change from picture to picture.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex08_zero_shot_and_prompts.inputs import a_seed, some_names
from classroom.checks.ex08_zero_shot_and_prompts.picture_answers import (
    MISTAKES,
    build,
)
from classroom.checks.invariances import of_item
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)


def harness(
    answer: "Answer", names: list[str], pictures: "Any", scale: float, dim: int, seed: int
) -> "list[Any]":
    """Return what the function that an answer builds says of each picture, and texts read."""
    import numpy as np
    import torch
    from PIL import Image

    rng = np.random.default_rng(seed)
    shapes = (1009, dim), (dim,), (pictures[0].size, dim)
    words, centre, look = (torch.from_numpy(rng.standard_normal(one)).float() for one in shapes)
    read = [0]

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context_length = 77
            self.logit_scale = torch.nn.Parameter(torch.tensor(float(scale)).log())
            self.look, self.words = torch.nn.Parameter(look), torch.nn.Parameter(words)

        def encode_text(self, tokens: "Any") -> "Any":
            read.append(len(tokens))
            rows = self.words[tokens.long() % 1009]
            sums = (rows * (tokens > 0).unsqueeze(-1)).sum(dim=1)
            return (1 + tokens.sum(dim=1, keepdim=True) % 5) * (sums / 4 + 5 * centre)

        def encode_image(self, images: "Any") -> "Any":
            return images.float().flatten(1) @ self.look + centre

    def preprocess(picture: "Any") -> "Any":
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1) / 255

    classify = answer(list(names), Model(), preprocess)
    found = [classify(Image.fromarray(pixels)) for pixels in pictures]
    return [found, sum(read)]


def measure(outcome: Any, names: list[str], *_: Any) -> list[Any]:
    """Return the probabilities, and in words whether each name was read once."""
    found, read = outcome
    return [found, "each name read once" if read <= len(names) else "names read again"]


def _pictures(rng: np.random.Generator, count: int) -> list[np.ndarray]:
    return list(rng.integers(0, 256, (count, 4, 5, 3), dtype=np.uint8))


def _drawn(rng: np.random.Generator, names: int, pictures: int, dim: int) -> tuple[Any, ...]:
    scale = round(float(rng.uniform(20, 60)), 1)
    return some_names(rng, names), _pictures(rng, pictures), scale, dim, a_seed(rng)


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(8)
    return [
        shown("two names, one picture", ["cat", "dog"], _pictures(fixed, 1), 30.0, 3, 1),
        shown("one name", ["umbrella"], _pictures(fixed, 2), 30.0, 3, 2),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three names", *_drawn(rng, 3, 1, 5)),
        hidden("seven names", *_drawn(rng, 7, 1, 4)),
        hidden("as many names as numbers", *_drawn(rng, 3, 1, 3)),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three names, two pictures", *_drawn(rng, 3, 2, 5)),
        hidden("as many names as pictures", *_drawn(rng, 3, 3, 3)),
    ]


def _sums_to_1(run: Callable[..., Any], *arguments: Any) -> bool:
    return all(np.isclose(np.sum(one), 1, atol=1e-3) for one in run(*arguments))


def _follows_names(run: Callable[..., Any], names: list[str], *others: Any) -> bool:
    turned = run(names[::-1], *others)
    return all(
        np.allclose(np.asarray(one)[::-1], other, atol=1e-3)
        for one, other in zip(run(names, *others), turned, strict=True)
    )


BUILD_IMAGE_CLASSIFIER = Question(
    number="08.2",
    function="build_image_classifier",
    reference=build(),
    harness=harness,
    measure=measure,
    told="It builds a function of names and a stand-in for a model, gives it each picture, and "
    "counts the texts that the model reads.",
    build=build,
    rtol=1e-3,
    atol=1e-3,  # float32 knows a logit near 60 to 1e-5, sums and a softmax add to that
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a probability for each name", points=3, cases=_one),
        Property(name="names are read once", points=1, cases=_several),
    ),
    mistakes=MISTAKES,
    invariances=(
        of_item(
            0,
            Invariance(
                name="sum",
                message="The probabilities of a picture must add up to 1; yours do not.",
                holds=_sums_to_1,
            ),
        ),
        of_item(
            0,
            Invariance(
                name="names",
                message="Turning the list of names round must turn the probabilities round.",
                holds=_follows_names,
            ),
        ),
    ),
)
