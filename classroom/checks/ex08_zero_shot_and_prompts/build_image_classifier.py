"""08.2: a function that returns a function, which sorts pictures by name."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from classroom.checks.ex08_zero_shot_and_prompts.from_features import (
    answer,
    raw,
    right,
    scaled,
    unit,
)
from classroom.checks.ex08_zero_shot_and_prompts.inputs import a_seed, some_names
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

_REFERENCE = answer(lambda *given: right(*given).tolist())  # to a list an array is alike


def build_image_classifier(names: list[str], model: Any, preprocess: Any) -> Answer:
    """Return a function from a Pillow picture to a probability for each name, (classes,)."""
    return _REFERENCE(names, model, preprocess)


def harness(
    answer: "Answer", names: list[str], pictures: "Any", scale: float, dim: int, seed: int
) -> "list[Any]":
    """Return what the function that an answer builds says of each picture."""
    import numpy as np
    import torch
    from PIL import Image

    rng = np.random.default_rng(seed)
    shapes = (1009, dim), (dim,), (pictures[0].size, dim)
    words, centre, look = (torch.from_numpy(rng.standard_normal(one)).float() for one in shapes)

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context_length = 77
            self.logit_scale = torch.nn.Parameter(torch.tensor(float(scale)).log())

        def encode_text(self, tokens: "Any") -> "Any":
            sums = (words[tokens.long() % 1009] * (tokens > 0).unsqueeze(-1)).sum(dim=1)
            return (1 + tokens.sum(dim=1, keepdim=True) % 5) * (sums / 4 + 5 * centre)

        def encode_image(self, images: "Any") -> "Any":
            return images.float().flatten(1) @ look + centre

    def preprocess(picture: "Any") -> "Any":
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1) / 255

    classify = answer(list(names), Model(), preprocess)
    return [classify(Image.fromarray(pixels)) for pixels in pictures]


def remark(answer: Answer) -> str | None:
    """Return a line on texts that are read again for each picture, or None."""
    read: list[int] = []

    def spied(names: list[str], model: Any, preprocess: Any) -> Answer:
        encode = model.encode_text

        def counted(tokens: Tensor) -> Any:
            read.append(len(tokens))
            return encode(tokens)

        model.encode_text = counted
        return answer(names, model, preprocess)

    harness(spied, ["cat", "dog"], [np.zeros((2, 2, 3), np.uint8)] * 5, 20, 3, 1)
    if sum(read) <= 2:
        return None
    return (
        f"For 5 pictures and 2 names the text tower read {sum(read)} texts; 2 would do. Encode "
        "the names before you define the inner function."
    )


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


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three names, two pictures", *_drawn(rng, 3, 2, 5)),
        hidden("as many names as pictures", *_drawn(rng, 3, 3, 3)),
        hidden("seven names, one picture", *_drawn(rng, 7, 1, 4)),
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
    reference=build_image_classifier,
    harness=harness,
    rtol=1e-3,
    atol=1e-3,  # float32 knows a logit near 60 to 1e-5, sums and a softmax add to that
    remark=remark,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="a probability for each name", points=4, cases=_several),
    ),
    mistakes=(
        Mistake(
            name="no-normalise",
            message="You multiplied vectors of any length, so that the longest text wins and "
            "everything sounds certain. Bring pictures *and* texts to length 1.",
            answer=answer(lambda x, y, log_scale: raw(x, y, log_scale.exp())),
            variants=(
                answer(lambda x, y, _: raw(x, y, 100.0)),
                answer(lambda x, y, log_scale: raw(unit(x), y, log_scale.exp())),
                answer(lambda x, y, log_scale: raw(x, unit(y), log_scale.exp())),
                answer(lambda x, y, _: raw(unit(x), y, 100.0)),
                answer(lambda x, y, _: raw(x, unit(y), 100.0)),
            ),
        ),
        Mistake(
            name="scale-hard-coded",
            message="Your scale is 100, which only OpenAI's models learned. Ask the model for "
            "its own: model.logit_scale.exp().",
            answer=answer(lambda x, y, _: scaled(x, y, 100.0)[0]),
        ),
        Mistake(
            name="log-scale-used",
            message="logit_scale is the logarithm of the scale. Take its exp().",
            answer=answer(lambda x, y, log_scale: scaled(x, y, log_scale)[0]),
        ),
        Mistake(
            name="no-scale",
            message="You took the softmax of the cosines themselves, which makes all names "
            "nearly alike. Multiply by the learned scale, model.logit_scale.exp().",
            answer=answer(lambda x, y, _: scaled(x, y, 1.0)[0]),
        ),
        Mistake(
            name="no-softmax",
            message="These are cosines or logits. Their softmax makes probabilities.",
            answer=answer(lambda x, y, _: (unit(x) @ unit(y).T)[0]),
            variants=(
                answer(lambda x, y, log_scale: (log_scale.exp() * unit(x) @ unit(y).T)[0]),
            ),
        ),
        Mistake(
            name="other-prompt",
            message='Your prompt is another one. It is "a photo of a {}." with the name in '
            "place of {}, and a full stop.",
            answer=answer(right, "{}"),
            variants=(
                answer(right, "a photo of a {}"),
                answer(right, "a photo of {}"),
                answer(right, "a photo of {}."),
            ),
        ),
        Mistake(
            name="batch-axis-kept",
            message="Your outcome still has the axis of the batch, (1, classes). One picture "
            "went in: take row [0].",
            answer=answer(lambda x, y, log_scale: scaled(x, y, log_scale.exp())),
        ),
        Mistake(
            name="softmax-over-pictures",
            message="Your softmax runs over the batch, which holds one picture, so everything "
            "is 1. It must run over the names: dim=-1.",
            answer=answer(
                lambda x, y, log_scale: (log_scale.exp() * unit(x) @ unit(y).T).softmax(0)[0]
            ),
            variants=(
                answer(
                    lambda x, y, log_scale: (log_scale.exp() * unit(x) @ unit(y).T).softmax(0)
                ),
            ),
        ),
        Mistake(
            name="best-name-only",
            message="You returned the best name's place. A probability for each name is asked "
            "for, in the order of the names.",
            answer=answer(lambda *given: right(*given).argmax()),
        ),
    ),
    invariances=(
        Invariance(
            name="sum",
            message="The probabilities of a picture must add up to 1; yours do not.",
            holds=_sums_to_1,
        ),
        Invariance(
            name="names",
            message="Turning the list of names round must turn the probabilities round.",
            holds=_follows_names,
        ),
    ),
    left_out="Texts that are encoded again for every picture: slow, and no output shows it. "
    "The check counts them, and takes no points.",
)
