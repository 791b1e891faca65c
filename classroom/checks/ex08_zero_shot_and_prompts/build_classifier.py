"""08.1: the text tower writes a classifier, one column of norm 1 for each name."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.ex08_zero_shot_and_prompts.inputs import (
    a_seed,
    some_names,
    some_templates,
)
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
from mmcourse.clip import tokenize


def build_classifier(model: Any, names: list[str], templates: list[str]) -> Tensor:
    """Return one column a name, (dim, classes): the mean direction of its prompts."""
    return F.normalize(_directions(model, names, templates).mean(dim=1), dim=-1).T


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


def _prompts(names: list[str], templates: list[str]) -> list[str]:
    return [template.format(name) for name in names for template in templates]


def _features(model: Any, names: list[str], templates: list[str]) -> Tensor:
    """Return what the tower gives, of shape (classes, templates, dim)."""
    return _encoded(model, _prompts(names, templates), len(names))


def _encoded(model: Any, texts: list[str], classes: int) -> Tensor:
    features: Tensor = model.encode_text(tokenize(texts))
    return features.reshape(classes, -1, features.shape[1])


def _directions(model: Any, names: list[str], templates: list[str]) -> Tensor:
    return F.normalize(_features(model, names, templates), dim=-1)


def _saying(write: Callable[[list[str], list[str]], list[str]]) -> Answer:
    """Return an answer that writes other texts."""

    def answer(model: Any, names: list[str], templates: list[str]) -> Tensor:
        directions = F.normalize(_encoded(model, write(names, templates), len(names)), dim=-1)
        return F.normalize(directions.mean(dim=1), dim=-1).T

    return answer


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
    reference=build_classifier,
    harness=harness,
    rtol=1e-4,
    atol=1e-4,  # sums of seventy products in float32
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="one template", points=1, cases=_one),
        Property(name="the mean of several templates", points=2, cases=_several),
    ),
    mistakes=(
        Mistake(
            name="mean-without-renormalise",
            message="The mean of vectors of length 1 is shorter than 1, and how much differs "
            "from name to name. Bring it to length 1 again.",
            answer=lambda *given: _directions(*given).mean(dim=1).T,
        ),
        Mistake(
            name="mean-of-raw",
            message="You averaged the vectors as they came, so that a long one counts more. "
            "Bring every prompt's vector to length 1 before the mean, too.",
            answer=lambda *given: F.normalize(_features(*given).mean(dim=1), dim=-1).T,
        ),
        Mistake(
            name="not-normalised",
            message="Nothing was brought to length 1: neither each prompt's vector, nor the "
            "mean over a name's templates.",
            answer=lambda *given: _features(*given).mean(dim=1).T,
        ),
        Mistake(
            name="template-not-formatted",
            message="A name did not take the place of {} in your prompts. "
            "template.format(name) puts it there.",
            answer=_saying(lambda names, templates: templates * len(names)),
            variants=(
                _saying(lambda names, templates: [t + n for n in names for t in templates]),
                _saying(
                    lambda names, templates: [f"{t} {n}" for n in names for t in templates]
                ),
            ),
        ),
        Mistake(
            name="bare-names",
            message="You encoded the names alone. Each goes into every template.",
            answer=_saying(lambda names, templates: [n for n in names for _ in templates]),
        ),
        Mistake(
            name="first-template-only",
            message="Only one template was used. Use all of them for each name, and take "
            "their mean.",
            answer=_saying(lambda names, templates: _prompts(names, templates[:1])),
            variants=(_saying(lambda names, templates: _prompts(names, templates[-1:])),),
        ),
        Mistake(
            name="names-mixed-up",
            message="You averaged prompts of different names. If the list runs through all "
            "names for each template, reshape it to (templates, classes, dim).",
            answer=_saying(
                lambda names, templates: [t.format(n) for t in templates for n in names]
            ),
        ),
        Mistake(
            name="wrong-axis",
            message="You averaged over the names, so all classes became one. Average over "
            "the templates of each name.",
            answer=lambda *given: F.normalize(_directions(*given).mean(dim=0), dim=-1).T,
            variants=(
                lambda *given: F.normalize(_directions(*given).mean(dim=(0, 1)), dim=-1),
            ),
        ),
        Mistake(
            name="normalised-across-names",
            message="You divided each of the dim numbers by its length over the names. A name "
            "is a vector: normalise along dim.",
            answer=lambda *given: F.normalize(_directions(*given).mean(dim=1), dim=0).T,
            variants=(
                lambda *given: (
                    F.normalize(F.normalize(_features(*given), dim=0).mean(dim=1), dim=0).T
                ),
            ),
        ),
        Mistake(
            name="transposed",
            message="Names stand in rows. Pictures are multiplied from the left, so each name "
            "is a column: (dim, classes).",
            answer=lambda *given: build_classifier(*given).T,
        ),
    ),
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
