"""Zero-shot: which kind, which colour, which setting, chosen by the nearest name alone.

The names are put into plain prompts, such as "a photo of a cat"; nothing is tuned. Each
function returns for every picture whether its answer is right. Leaves out the number of things
and the splits, which the caller chooses.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from mmcourse.probe.vectors import Model, Seen
from mmcourse.world import COLOURS, KINDS, SCENES
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import PRECISE, coloured
from mmcourse.world.words.places import PLACES


def kind(model: Model, seen: Seen) -> Bool[Tensor, " n"]:
    """Return where the picture's kind is the nearest of all kinds."""
    cosines, truth = kind_cosines(model, seen)
    return cosines.argmax(1) == truth


def kind_cosines(
    model: Model, seen: Seen
) -> tuple[Float[Tensor, "n kinds"], Int[Tensor, " n"]]:
    """Return each picture's cosine with every kind's name, and which kind it shows."""
    prompts = [photo_of(PRECISE.get(kind, (noun(kind),))) for kind in KINDS]
    truth = [list(KINDS).index(scene.objects[0].kind) for scene in seen.scenes]
    return (seen.images @ classifier(model, prompts)).cpu(), torch.tensor(truth)


def colour(model: Model, seen: Seen) -> Bool[Tensor, " n"]:
    """Return where the thing's colour is the nearest of all, its kind being given."""
    names, right = list(COLOURS), torch.zeros(len(seen), dtype=torch.bool)
    for name in KINDS:
        prompts = [photo_of((coloured(each, name),)) for each in names]
        rows, nearest = given_kind(seen, name, classifier(model, prompts))
        truth = [names.index(seen.scenes[row].objects[0].colour) for row in rows]
        right[rows] = nearest == torch.tensor(truth)
    return right


def scene(model: Model, seen: Seen) -> Bool[Tensor, " n"]:
    """Return where the picture's setting is the nearest of all settings."""
    prompts = [
        [f"a picture {place}" for place in PLACES[name].anywhere]
        + [with_articles(f"a picture of {view}") for view in PLACES[name].views]
        for name in SCENES
    ]
    truth = [list(SCENES).index(each.setting) for each in seen.scenes]
    nearest = (seen.images @ classifier(model, prompts)).argmax(1).cpu()
    return nearest == torch.tensor(truth)


def given_kind(
    seen: Seen, name: str, weights: Float[Tensor, "dim classes"]
) -> tuple[list[int], Int[Tensor, " m"]]:
    """Return which pictures show a kind of thing, and the nearest class of each."""
    rows = [row for row, each in enumerate(seen.scenes) if each.objects[0].kind == name]
    return rows, (seen.images[rows] @ weights).argmax(1).cpu()


def classifier(model: Model, prompts: Sequence[Sequence[str]]) -> Float[Tensor, "dim classes"]:
    """Return one column a class: the mean direction of its prompts."""
    means = [model.texts(texts).mean(0) for texts in prompts]
    return F.normalize(torch.stack(means), dim=-1).T


def photo_of(names: Sequence[str]) -> list[str]:
    """Return a prompt for each name of a class.

    >>> photo_of(["cat", "umbrella"])
    ['a photo of a cat', 'a photo of an umbrella']
    """
    return [with_articles(f"a photo of a {name}") for name in names]
