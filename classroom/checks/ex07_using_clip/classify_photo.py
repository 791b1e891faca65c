"""07.4: a script that runs and prints plausible numbers, made right.

It has three silent defects: it makes pixels in its own way instead of by `preprocess`, divides
the texts' vectors by the length of their whole table, and takes another model's scale. Labels
are drawn so that each of the three shows. Leaves out defects that raise.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from classroom.checks.ex07_using_clip.photo_answers import (
    MISTAKES,
    _cut_only,
    _of_all,
    _prepared,
    _squeezed,
    _squeezed_and_normalised,
    _unit,
    build,
)
from classroom.checks.invariances import sums_to, within
from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Property,
    Question,
    hidden,
    shown,
)
from classroom.checks.tiny import NAMES, picture, tiny
from mmcourse.clip import tokenize

SHOWS = 0.03
"""How much a defect must change a probability, so that it is one that can be seen."""


def harness(answer: "Answer", pixels: "Any", labels: list[str]) -> "Any":
    """Return what an answer says of a file with these pixels."""
    import tempfile
    from pathlib import Path

    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "photo.png")
        Image.fromarray(pixels).save(path)
        return answer(path, list(labels))


@torch.no_grad()
def _visible(pixels: np.ndarray, kind: str, rng: np.random.Generator) -> list[str] | None:
    """Return labels among which each defect shows, the right one and some others, if any do."""
    model, _ = tiny()
    image, scale = Image.fromarray(pixels), model.logit_scale.exp()
    ways = [_prepared, _squeezed, _cut_only]
    if image.width != image.height:
        ways.append(_squeezed_and_normalised)
    right, *others = _unit(model.encode_image(torch.stack([way(image) for way in ways])))
    for _ in range(30):
        labels = [one for one in rng.permutation(NAMES).tolist() if one != kind]
        labels = rng.permutation([kind, *labels[: rng.integers(2, 5)]]).tolist()
        texts = _raw_texts()[[NAMES.index(label) for label in labels]]
        logits = scale * right @ _unit(texts).T
        wrong = [scale * one @ _unit(texts).T for one in others]
        wrong += [scale * right @ _of_all(texts).T, logits * (100 / scale), logits * 1.5]
        shares = logits.softmax(-1)
        if all((one.softmax(-1) - shares).abs().max() > SHOWS for one in wrong):
            return labels
    return None


@cache
@torch.no_grad()
def _raw_texts() -> Tensor:
    model, _ = tiny()
    return model.encode_text(tokenize([f"a photo of a {name}" for name in NAMES]))


def _photo(rng: np.random.Generator, cut: tuple[int, int]) -> tuple[np.ndarray, list[str]]:
    """Return a picture of this height and width, at most 128, and labels for it."""
    while True:
        kind = str(rng.choice(NAMES))
        top, left = ((128 - side) // 2 for side in cut)
        pixels = picture(rng, kind, size=128)[top : top + cut[0], left : left + cut[1]].copy()
        labels = _visible(pixels, kind, rng)
        if labels:
            return pixels, labels


def _cases(say: Callable[..., Case], rng: np.random.Generator, *cuts: Any) -> Iterator[Case]:
    for words, height, width in cuts:
        yield say(words, *_photo(rng, (height, width)))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    fixed = np.random.default_rng(7)
    return [*_cases(shown, fixed, ("a square picture", 128, 128), ("a wide one", 80, 128))]


def _square(rng: np.random.Generator) -> Sequence[Case]:
    return [*_cases(hidden, rng, ("square", 128, 128), ("small and square", 96, 96))]


def _oblong(rng: np.random.Generator) -> Sequence[Case]:
    return [*_cases(hidden, rng, ("wide", 72, 120), ("tall", 128, 88))]


def _follows_labels(run: Callable[..., Any], pixels: np.ndarray, labels: list[str]) -> bool:
    return bool(np.allclose(run(pixels, labels)[::-1], run(pixels, labels[::-1]), atol=1e-3))


CLASSIFY_PHOTO = Question(
    number="07.4",
    function="classify_photo",
    reference=build(),
    harness=harness,
    build=build,
    rtol=1e-3,
    atol=2e-3,  # the same weights, on another processor
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="square pictures", points=2, cases=_square),
        Property(name="wide and tall pictures", points=1, cases=_oblong),
    ),
    mistakes=MISTAKES,
    invariances=(
        sums_to("The probabilities must add up to 1; yours do not."),
        within("A probability lies in 0 to 1; one of yours does not.", 0, 1),
        Invariance(
            name="labels",
            message="Turning the list of labels round must turn the probabilities round.",
            holds=_follows_labels,
        ),
    ),
)
