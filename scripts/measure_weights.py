"""What a shipped model can do, measured on scenes that it was never trained on.

Zero-shot throughout, with the learned scale, on pictures drawn at 64 to 224 pixels and taken
through `preprocess`. Each number is a share with the number of answers behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from mmcourse.clip.model import CLIP
from mmcourse.clip.preprocess import normalize
from mmcourse.data import Pairs, pairs, sample_scenes
from mmcourse.metrics import accuracy, recall_at_k
from mmcourse.world import COLOURS, KINDS, PLANTED_BIAS, SCENES, Scene, minimal_pairs, render
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.minimal_pairs import MinimalPair
from mmcourse.world.words.nouns import NUMBERS, PRECISE, coloured, plural
from mmcourse.world.words.places import PLACES

SEED = 20_26
BATCH = 256
GALLERY = 256
"""Pictures among which one caption's own is looked for, and the other way round."""

Encode = Callable[[Sequence[str]], Float[Tensor, "n dim"]]


@dataclass(frozen=True)
class Model:
    """A CLIP with what turns texts into its tokens."""

    clip: CLIP
    tokens: Callable[[Sequence[str]], Tensor]

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> Float[Tensor, "n dim"]:
        """Return one vector of length 1 a text."""
        return F.normalize(self.clip.encode_text(self.tokens(texts).to(self.device)), dim=-1)

    @torch.no_grad()
    def images(self, pixels: np.ndarray) -> Float[Tensor, "n dim"]:
        """Return one vector of length 1 a picture."""
        parts = [
            self.clip.encode_image(normalize(pixels[start : start + BATCH]).to(self.device))
            for start in range(0, len(pixels), BATCH)
        ]
        return F.normalize(torch.cat(parts), dim=-1)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.clip.logit_scale.device


def measure(model: Model, n: int = 2000) -> dict[str, tuple[float, int]]:
    """Return each measure's share and number of answers.

    Args:
        model: in its evaluation mode.
        n: pictures of each sort, roughly.
    """
    single, held_out, hard = (
        _shown(part * n // 2, number, split, 1)
        for number, (part, split) in enumerate(((2, "test"), (1, "held-out"), (1, "hard")))
    )
    counted = _counted(n // 4)
    found = {
        "kind": kind(model, single),
        "colour": colour(model, single),
        "scene": scene(model, single),
        "count": count(model, counted),
        "held-out kind": kind(model, held_out),
        "held-out colour": colour(model, held_out),
        "hard kind": kind(model, hard),
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


def progress(model: Model, n: int = 400) -> dict[str, float]:
    """Return the shares that are looked at during training, on the validation split.

    Args:
        model: in its evaluation mode.
        n: pictures of each sort.
    """
    shares = {"kind": kind(model, _shown(n, 8, "validation", 1))[0]}
    for name in ("binding", "left-right", "above-below"):
        shares[name] = choice(model, name, n, "validation")[0]
    return {name: round(share, 4) for name, share in shares.items()}


def kind(model: Model, shown: Pairs) -> tuple[float, int]:
    """Return how often the picture's kind is the nearest of all kinds."""
    prompts = [_of(PRECISE.get(kind, (noun(kind),))) for kind in KINDS]
    names = list(KINDS)
    truth = [names.index(each.objects[0].kind) for each in shown.scenes]
    return _nearest(model, shown, _classifier(model, prompts), truth)


def colour(model: Model, shown: Pairs) -> tuple[float, int]:
    """Return how often the thing's colour is the nearest of all, its kind being given."""
    images, names, right = model.images(shown.pixels), list(COLOURS), 0
    for name in KINDS:
        rows = [row for row, each in enumerate(shown.scenes) if each.objects[0].kind == name]
        prompts = [_of((coloured(each, name),)) for each in names]
        nearest = (images[rows] @ _classifier(model, prompts)).argmax(1)
        truth = torch.tensor([names.index(shown.scenes[row].objects[0].colour) for row in rows])
        right += int((nearest.cpu() == truth).sum())
    return right / len(shown), len(shown)


def scene(model: Model, shown: Pairs) -> tuple[float, int]:
    """Return how often the picture's setting is the nearest of all settings."""
    prompts = [
        [f"a picture {place}" for place in PLACES[name].anywhere]
        + [with_articles(f"a picture of {view}") for view in PLACES[name].views]
        for name in SCENES
    ]
    truth = [list(SCENES).index(each.setting) for each in shown.scenes]
    return _nearest(model, shown, _classifier(model, prompts), truth)


def count(model: Model, shown: Pairs) -> tuple[float, int]:
    """Return how often the number of things is the nearest of one to four, their kind given."""
    images, right = model.images(shown.pixels), 0
    for name in KINDS:
        rows = [row for row, each in enumerate(shown.scenes) if each.objects[0].kind == name]
        prompts = [_counting(name, number) for number in NUMBERS]
        nearest = (images[rows] @ _classifier(model, prompts)).argmax(1) + 1
        truth = torch.tensor([len(shown.scenes[row].objects) for row in rows])
        right += int((nearest.cpu() == truth).sum())
    return right / len(shown), len(shown)


def choice(model: Model, name: str, n: int, split: str = "test") -> tuple[float, int]:
    """Return how often the true one of two captions is the nearer; a tie counts half."""
    tested, pixels = _tested(name, n, split)
    images = model.images(pixels)
    true, false = (
        (images * model.texts([getattr(pair, which) for pair in tested])).sum(1)
        for which in ("true", "false")
    )
    return float(((true > false).float() + (true == false) / 2).mean()), n


def suits(model: Model, kinds: tuple[str, ...], colour: str, n: int) -> tuple[float, int]:
    """Return how often a thing is nearer to its kind's name in one colour than in the others.

    The same picture is painted in every colour; its cosine with "a photo of a bus", say, is
    compared with the mean of its cosines in the other colours. One half means no preference.

    Args:
        model: what is asked.
        kinds: of the things.
        colour: the one that may suit them.
        n: how many things.
    """
    rng = np.random.default_rng([SEED, 7])
    scenes = sample_scenes(n, rng, split="test", n_objects=1, kinds=kinds)
    names = [_of((noun(each.objects[0].kind),))[0] for each in scenes]
    texts = model.texts(names)
    cosines = {
        paint: (model.images(_painted(scenes, paint)) * texts).sum(1) for paint in COLOURS
    }
    others = torch.stack([cosines[paint] for paint in COLOURS if paint != colour]).mean(0)
    return float((cosines[colour] > others).float().mean()), n


def recall(model: Model, galleries: int, *, full: bool) -> tuple[float, float, int]:
    """Return the mean recall at 1 from picture to text and back, and how many were asked."""
    rng, found = np.random.default_rng([SEED, 4]), []
    for gallery in range(galleries):
        shown = _shown(GALLERY, 50 + gallery, "test", None)
        texts = model.texts(shown.captions(rng, full=full))
        cosines = (model.images(shown.pixels) @ texts.T).cpu()
        found.append([recall_at_k(sim, ks=(1,))[1] for sim in (cosines, cosines.T)])
    to_text, to_image = np.mean(found, axis=0)
    return float(to_text), float(to_image), galleries * GALLERY


def _nearest(
    model: Model, shown: Pairs, classifier: Float[Tensor, "dim classes"], truth: list[int]
) -> tuple[float, int]:
    nearest = (model.images(shown.pixels) @ classifier).argmax(1).cpu()
    return accuracy(nearest, torch.tensor(truth)), len(shown)


def _classifier(model: Model, prompts: Sequence[Sequence[str]]) -> Float[Tensor, "dim classes"]:
    """Return one column a class: the mean direction of its prompts."""
    means = [model.texts(texts).mean(0) for texts in prompts]
    return F.normalize(torch.stack(means), dim=-1).T


def _of(names: Sequence[str]) -> list[str]:
    return [with_articles(f"a photo of a {name}") for name in names]


def _counting(name: str, number: int) -> list[str]:
    words = noun(name) if number == 1 else plural(noun(name))
    return [with_articles(f"a photo of {NUMBERS[number]} {words}")]


@cache
def _shown(n: int, number: int, split: str, n_objects: int | None) -> Pairs:
    return pairs(n, [SEED, number], split=split, n_objects=n_objects)


@cache
def _tested(name: str, n: int, split: str) -> tuple[list[MinimalPair], np.ndarray]:
    tested = minimal_pairs(np.random.default_rng([SEED, 3]), n, name, split=split)
    return tested, np.stack([render(pair.scene, 64) for pair in tested])


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
