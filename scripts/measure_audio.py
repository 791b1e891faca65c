"""What a shipped model of sound gets right, on recordings that it was never trained on.

Each number is a share with the number of answers behind it.

usage: python scripts/measure_audio.py NAME
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import torch
from audio_data import Heard, heard, sound_scenes, spectrograms
from audio_recipes import RECIPES
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.audio import AudioCaptioner, AudioTower, retrieval_ceiling
from mmcourse.captioning import greedy
from mmcourse.checkpoints import restore
from mmcourse.metrics import accuracy_interval, recall_at_k
from mmcourse.probe.zero_shot import photo_of
from mmcourse.world import KINDS, SoundScene, sound_caption
from mmcourse.world.sounds_and_films.sound_caption import TIMES, sound_noun

GALLERY, GALLERIES = 256, 4
BATCH = 256
Found = dict[str, tuple[float, int]]


@torch.no_grad()
def texts_of(texts: Sequence[str]) -> Float[Tensor, "n dim"]:
    """Return texts as the frozen `tiny` reads them, not normalised."""
    model = clip.load("tiny", "cpu")[0]
    tokens = clip.tokenize(list(texts))
    return torch.cat([model.encode_text(part) for part in tokens.split(BATCH)]).float()


@cache
def kind_names() -> Float[Tensor, "kinds dim"]:
    """Return "a photo of a cat" and so on in `tiny`'s space, of length 1."""
    prompts = [photo_of((sound_noun(kind),))[0] for kind in KINDS]
    return F.normalize(texts_of(prompts), dim=-1)


@torch.no_grad()
def vectors(model: AudioTower, shown: Heard) -> Float[Tensor, "n dim"]:
    """Return where sounds lie, of length 1."""
    device = next(model.parameters()).device
    parts = [model(mels.to(device)).cpu() for mels in shown.mels[:, 0].split(BATCH)]
    return F.normalize(torch.cat(parts), dim=-1)


def kinds_right(model: AudioTower, shown: Heard) -> Bool[Tensor, " n"]:
    """Return where the kinds that call are the nearest of all names, as many as there are."""
    cosines, right = vectors(model, shown) @ kind_names().T, []
    for row, scene in zip(cosines, shown.scenes, strict=True):
        kinds = {list(KINDS).index(thing.kind) for thing in scene.objects}
        right.append(set(row.topk(len(kinds)).indices.tolist()) == kinds)
    return torch.tensor(right)


@cache
def shown_for_tests() -> tuple[Heard, ...]:
    """Return sounds with one kind, then galleries of any."""
    single = heard(1000, 3, "test", n_objects=1)
    return single, *(heard(GALLERY, 10 + each, "test") for each in range(GALLERIES))


def of_tower(model: AudioTower) -> Found:
    """Return how a tower's sounds find names and pictures."""
    single, *galleries = shown_for_tests()
    right = kinds_right(model, single)
    found: Found = {"kind of one sound": (float(right.float().mean()), len(right))}
    several, to_image, to_sound, ceilings = [], [], [], []
    for gallery in galleries:
        rows = kinds_right(model, gallery)
        pairs = [scene.layout == "pair" for scene in gallery.scenes]
        several.append(rows[torch.tensor(pairs)])
        similarity = vectors(model, gallery) @ F.normalize(gallery.images, dim=-1).T
        to_image.append(recall_at_k(similarity, ks=(1,))[1])
        to_sound.append(recall_at_k(similarity.T, ks=(1,))[1])
        ceilings.append(retrieval_ceiling(gallery.scenes))
    both, n = torch.cat(several), GALLERY * GALLERIES
    found["both kinds of two"] = (float(both.float().mean()), len(both))
    for name, shares in (
        ("sound to picture R@1", to_image),
        ("picture to sound R@1", to_sound),
        ("R@1 of a listener who names all", ceilings),
    ):
        found[name] = (sum(shares) / len(shares), n)
    return found


def of_captioner(model: AudioCaptioner) -> Found:
    """Return how much of its sentences is true, on test recordings and on pairs never heard."""
    found = facts_told(model, recordings(held_out=False))
    never = facts_told(model, recordings(held_out=True))
    return found | {f"never-heard pairs: {name}": value for name, value in never.items()}


@cache
def recordings(*, held_out: bool) -> tuple[list[SoundScene], Tensor]:
    """Return test recordings: what happens, and what it looks like."""
    scenes = sound_scenes(500 if held_out else 2000, 4 if held_out else 3, held_out=held_out)
    return scenes, spectrograms(scenes)


@torch.no_grad()
def sentences(model: AudioCaptioner, mels: Tensor) -> list[str]:
    """Return the captioner's sentences."""
    return [
        said.text
        for part in mels.split(BATCH)
        for said in greedy(model.decoder, model.features(part))
    ]


def facts_told(model: AudioCaptioner, shown: tuple[list[SoundScene], Tensor]) -> Found:
    """Return shares of right facts; of order and counts, where the kinds are right."""
    scenes, mels = shown
    right = defaultdict(list)
    for said, scene in zip(sentences(model, mels), scenes, strict=True):
        true = sound_caption(scene)
        number = ("one", "two")[len(scene.calls) - 1]
        right[f"exact, {number} kind{'s' if number == 'two' else ''}"].append(said == true)
        right[
            f"clear to a plain listener, {number} kind{'s' if number == 'two' else ''}"
        ].append(scene.clear)
        told = read_back(said)
        kinds = [sound_noun(each.kind) for each in scene.calls]
        right[f"kinds, {number}"].append(set(told.kinds) == set(kinds))
        right["setting"].append(true.endswith(told.place) and bool(told.place))
        if set(told.kinds) != set(kinds) or len(told.kinds) != len(kinds):
            continue
        if number == "two":
            right["then or while"].append(told.relation == scene.relation)
        if told.relation == scene.relation == "then":
            right["order"].append(list(told.kinds) == kinds)
        counts = dict(zip(kinds, (TIMES[each.count] for each in scene.calls), strict=True))
        for each in scene.calls:
            name = sound_noun(each.kind)
            hit = told.counts[told.kinds.index(name)] == counts[name]
            right[f"counts, {number}"].append(hit)
            right[f"counts clear to a plain listener, {number}"].append(
                each.heard == each.count
            )
    return {name: (sum(hits) / len(hits), len(hits)) for name, hits in sorted(right.items())}


class Told:
    """What a sentence says.

    Args:
        kinds: nouns, in order.
        counts: one word a kind.
        relation: between two.
        place: the words for the setting.
    """

    def __init__(
        self, kinds: tuple[str, ...], counts: tuple[str, ...], relation: str, place: str
    ) -> None:
        self.kinds, self.counts, self.relation, self.place = kinds, counts, relation, place


def read_back(said: str) -> Told:
    """Return the facts of a sentence; what does not read as one is left empty."""
    relation = next((word for word in ("then", "while") if f" {word} " in said), "")
    parts, place = said.split(f" {relation} ") if relation else [said], ""
    kinds, counts = [], []
    for part in parts:
        for times in TIMES.values():
            head, found, rest = part.partition(f" {times}")
            if found:
                kinds.append(head.partition(" ")[2])
                counts.append(times)
                place = rest.strip()
                break
    return Told(tuple(kinds), tuple(counts), relation, place)


def measure(model: nn.Module) -> Found:
    """Return what the manifest says of a model."""
    found = of_tower(model) if isinstance(model, AudioTower) else of_captioner(model)
    return {name: (round(share, 4), count) for name, (share, count) in found.items()}


def main(name: str) -> int:
    """Print what one shipped model does, with intervals."""
    model = restore(RECIPES[name].make(), name)
    for metric, (share, n) in measure(model).items():
        _, low, high = accuracy_interval(round(share * n), n)
        print(f"{metric}: {share:.4f} ({low:.4f} to {high:.4f}), n = {n}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
