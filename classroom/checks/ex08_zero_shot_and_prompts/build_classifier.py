"""08.1: the text tower writes a classifier, one column of norm 1 for each name."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.ex08_zero_shot_and_prompts.classifier_answers import (
    MISTAKES,
    build,
)
from classroom.checks.ex08_zero_shot_and_prompts.inputs import (
    a_seed,
    some_names,
    some_templates,
)
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
    answer: "Answer", names: list[str], templates: list[str], dim: int, seed: int
) -> "Any":
    """Return the classifier that an answer makes with a stand-in for a text tower."""
    import numpy as np
    import torch

    table = np.random.default_rng(seed).standard_normal((1009, dim))

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context_length = 77
            self.words = torch.nn.Parameter(torch.from_numpy(table).float())
            self.logit_scale = torch.nn.Parameter(torch.tensor(3.0))

        def encode_text(self, tokens: "Any") -> "Any":
            places = torch.linspace(2, 1, tokens.shape[1]) * (tokens > 0)
            lengths = 1 + tokens.sum(dim=1, keepdim=True) % 7  # no text's is 1
            return lengths * torch.einsum(
                "nl,nld->nd", places, self.words[tokens.long() % 1009]
            )

    return answer(Model(), list(names), list(templates))


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("one name, one template", ["cat"], ["a photo of a {}."], 3, 1),
        shown("two names, two templates", ["cat", "dog"], ["{}", "a photo of a {}."], 3, 2),
    ]


def _one(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("three names", some_names(rng, 3), some_templates(rng, 1), 5, a_seed(rng)),
        hidden(
            "as many as numbers", some_names(rng, 4), some_templates(rng, 1), 4, a_seed(rng)
        ),
    ]


def _several(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("two templates", some_names(rng, 3), some_templates(rng, 2), 7, a_seed(rng)),
        hidden("five templates", some_names(rng, 2), some_templates(rng, 5), 3, a_seed(rng)),
        hidden("as many as names", some_names(rng, 3), some_templates(rng, 3), 3, a_seed(rng)),
    ]


def _length_1(run: Callable[..., Any], *arguments: Any) -> bool:
    return bool(np.allclose(np.linalg.norm(run(*arguments), axis=0), 1, atol=1e-3))


def _follows_names(
    run: Callable[..., Any], names: list[str], templates: list[str], dim: int, seed: int
) -> bool:
    turned = run(names[::-1], templates, dim, seed)
    return bool(
        np.allclose(run(names, templates, dim, seed)[:, ::-1], turned, atol=1e-3, rtol=1e-3)
    )


def _any_order(
    run: Callable[..., Any], names: list[str], templates: list[str], dim: int, seed: int
) -> bool:
    turned = run(names, templates[::-1], dim, seed)
    return bool(np.allclose(run(names, templates, dim, seed), turned, atol=1e-3, rtol=1e-3))


BUILD_CLASSIFIER = Question(
    number="08.1",
    function="build_classifier",
    reference=build(),
    harness=harness,
    told="It gives build_classifier a stand-in for a model, the names and the templates.",
    build=build,
    rtol=1e-4,
    atol=1e-4,  # sums of seventy products in float32
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one template", points=1, cases=_one),
        Property(name="the mean of several templates", points=2, cases=_several),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="length",
            message="Every column must have length 1; one of yours has not.",
            holds=_length_1,
        ),
        Invariance(
            name="names",
            message="Turning the list of names round must turn the columns round.",
            holds=_follows_names,
        ),
        Invariance(
            name="templates",
            message="The order of the templates must not matter; it changes your answer.",
            holds=_any_order,
        ),
    ),
    left_out="A classifier that is built anew for every picture: no picture comes in here. "
    "08.2 counts.",
)
