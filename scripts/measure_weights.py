"""What a shipped model can do, measured on scenes that it was never trained on.

Zero-shot throughout, with the learned scale, on pictures drawn at 64 to 224 pixels and taken
through `preprocess`. Each number is a share with the number of answers behind it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from mmcourse.data import Pairs, pairs, sample_scenes
from mmcourse.metrics import pair_accuracy, recall_at_k
from mmcourse.probe.galleries import GALLERY, cosines
from mmcourse.probe.vectors import Model, Seen
from mmcourse.probe.zero_shot import classifier, colour, given_kind, kind, photo_of, scene
from mmcourse.world import COLOURS, KINDS, PLANTED_BIAS, Scene, minimal_pairs, render
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import NUMBERS, plural

SEED = 20_26


def measure(model: Model, n: int = 2000) -> dict[str, tuple[float, int]]:
    """Return each measure's share and number of answers.

    Args:
        model: in its evaluation mode.
        n: pictures of each sort, roughly.
    """
    single, held_out, hard = (
        model.look(_shown(part * n // 2, number, split, 1))
        for number, (part, split) in enumerate(((2, "test"), (1, "held-out"), (1, "hard")))
    )
    found = {
        "kind": share(kind(model, single)),
        "colour": share(colour(model, single)),
        "scene": share(scene(model, single)),
        "count": share(count(model, model.look(_counted(n // 4)))),
        "held-out kind": share(kind(model, held_out)),
        "held-out colour": share(colour(model, held_out)),
        "hard kind": share(kind(model, hard)),
    }
    for name in ("binding", "left-right", "above-below"):
        found[name] = choice(model, name, n // 4)
    bus, planted, _ = PLANTED_BIAS
    found["a bus suits yellow"] = suits(model, (bus,), planted, n // 4)
    others = tuple(kind for kind in KINDS if kind != bus)
    found["other kinds suit yellow"] = suits(model, others, planted, n // 4)
    for name, full in (("full", True), ("ordinary", False)):
        to_text, to_image, answers = recall(model, n // GALLERY, full=full)
        found[f"{name} image to text R@1"] = to_text, answers
        found[f"{name} text to image R@1"] = to_image, answers
    return {name: (round(share, 4), answers) for name, (share, answers) in found.items()}


def share(right: Bool[Tensor, " n"]) -> tuple[float, int]:
    """Return the share of right answers, and how many there are."""
    return float(right.double().mean()), len(right)


def count(model: Model, seen: Seen) -> Bool[Tensor, " n"]:
    """Return where the number of things is the nearest of one to four, their kind given."""
    right = torch.zeros(len(seen), dtype=torch.bool)
    for name in KINDS:
        prompts = [_counting(name, number) for number in NUMBERS]
        rows, nearest = given_kind(seen, name, classifier(model, prompts))
        truth = [len(seen.scenes[row].objects) for row in rows]
        right[rows] = nearest + 1 == torch.tensor(truth)
    return right


def choice(model: Model, name: str, n: int) -> tuple[float, int]:
    """Return how often the true one of two captions is the nearer; a tie counts half."""
    tested = minimal_pairs(np.random.default_rng([SEED, 3]), n, name)
    images = model.images(np.stack([render(pair.scene, 64) for pair in tested]))
    true, false = (
        (images * model.texts([getattr(pair, which) for pair in tested])).sum(1)
        for which in ("true", "false")
    )
    return pair_accuracy(true, false), n


def suits(model: Model, kinds: tuple[str, ...], planted: str, n: int) -> tuple[float, int]:
    """Return how often a thing is nearer to its kind's name in one colour than in the others.

    The same picture is painted in every colour; its cosine with "a photo of a bus", say, is
    compared with the mean of its cosines in the other colours. One half means no preference.

    Args:
        model: what is asked.
        kinds: of the things.
        planted: the colour that may suit them.
        n: how many things.
    """
    rng = np.random.default_rng([SEED, 7])
    scenes = sample_scenes(n, rng, split="test", n_objects=1, kinds=kinds)
    names = [photo_of((noun(each.objects[0].kind),))[0] for each in scenes]
    texts = model.texts(names)
    suiting = {
        paint: (model.images(_painted(scenes, paint)) * texts).sum(1) for paint in COLOURS
    }
    others = torch.stack([suiting[paint] for paint in COLOURS if paint != planted]).mean(0)
    return float((suiting[planted] > others).float().mean()), n


def recall(model: Model, galleries: int, *, full: bool) -> tuple[float, float, int]:
    """Return the mean recall at 1 from picture to text and back, and how many were asked."""
    rng, found = np.random.default_rng([SEED, 4]), []
    for gallery in range(galleries):
        shown = _shown(GALLERY, 50 + gallery, "test", None)
        table = cosines(model, model.look(shown), shown.captions(rng, full=full))
        found.append([recall_at_k(sim, ks=(1,))[1] for sim in (table, table.T)])
    to_text, to_image = np.mean(found, axis=0)
    return float(to_text), float(to_image), galleries * GALLERY


def _counting(name: str, number: int) -> list[str]:
    words = noun(name) if number == 1 else plural(noun(name))
    return [with_articles(f"a photo of {NUMBERS[number]} {words}")]


@cache
def _shown(n: int, number: int, split: str, n_objects: int | None) -> Pairs:
    return pairs(n, [SEED, number], split=split, n_objects=n_objects)


@cache
def _counted(each: int) -> Pairs:
    """Return as many pictures of one thing as of two, three and four alike."""
    parts = []
    for number in NUMBERS:
        drawn = each * (8 if number == 2 else 1)  # most pictures of two show a pair
        shown = pairs(drawn, [SEED, 6, number], split="test", n_objects=number)
        rows = [row for row, scene in enumerate(shown.scenes) if scene.layout != "pair"][:each]
        parts.append(Pairs(shown.pixels[rows], tuple(shown.scenes[row] for row in rows)))
    scenes: tuple[Scene, ...] = sum((part.scenes for part in parts), ())
    return Pairs(np.concatenate([part.pixels for part in parts]), scenes)


def _painted(scenes: Sequence[Scene], colour: str) -> np.ndarray:
    """Return the pictures of single things, all in one colour."""
    return np.stack(
        [
            render(replace(each, objects=(replace(each.objects[0], colour=colour),)), 64)
            for each in scenes
        ]
    )
