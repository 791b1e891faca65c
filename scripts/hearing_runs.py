"""Train ears beside pictures, captions or nonsense, and paint what they hear, for lesson 14.

Ears: a tower from its first weights, a few steps on pairs of sound and picture, of sound and
caption, or of sound and another's picture. Paintings: sounds of one thing, which reach the
painter in five ways, two of which are told the truth. Five seeds each; the ridge was chosen on
two others, of validation. About a quarter of an hour on one core.

usage: python scripts/hearing_runs.py [--only hearings|paintings]
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import torch
from audio_data import Heard, heard, noisy
from matching_runs import write
from measure_audio import kinds_right, texts_of, vectors
from precision import mixed
from torch import Tensor
from torch.nn import functional as F

from mmcourse import clip
from mmcourse.audio import AudioTower, log_mel
from mmcourse.checkpoints import restore
from mmcourse.data import sample_scenes
from mmcourse.judge import NONE, Judge, load_judge, truth
from mmcourse.losses import clip_loss
from mmcourse.metrics import recall_at_k
from mmcourse.rectified_flow import Painter, load_painter, read_prompts, sentence_map
from mmcourse.rectified_flow.sentences import RIDGE
from mmcourse.small.hearings import (
    STORED_HEARD_PAINTINGS,
    STORED_HEARINGS,
    HeardPainting,
    Hearing,
)
from mmcourse.train import fit, optimizers
from mmcourse.world import KINDS, SCENES, Scene, caption, sound
from mmcourse.world.sounds_and_films.sound_caption import sound_noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.places import PLACES

SEEDS = range(5)
BESIDE = ("pictures", "captions", "other pictures")
PRACTICE, STEPS, BATCH = 4_000, 120, 128
LR, MUON_LR = 2e-3, 0.02

RIDGES = (0.01, 0.1, 1.0, 10.0)
VALIDATION = (100, 101)
EACH = 2
"""Sounds of every kind that are painted."""

SMALLEST = 0.2
"""Half the height of a thing that is asked for, in picture heights: a judge can see it."""

LOOKS = 8
MAPPED = 1_000
"""Captions that the map to sentences is fitted on."""


def learn(beside: str, seed: int, practice: Heard) -> AudioTower:
    """Return a tower that learnt from sounds and what stood beside them."""
    rng = np.random.default_rng([seed, 1])
    if beside == "captions":
        targets = texts_of([caption(scene, rng) for scene in practice.scenes])
    else:
        targets = practice.images
    if beside == "other pictures":
        targets = targets[rng.permutation(len(targets))]
    targets, scale = F.normalize(targets, dim=-1), clip.load("tiny", "cpu")[0].logit_scale.exp()
    torch.manual_seed(seed)
    tower = AudioTower()

    def loss_at(step: int) -> Tensor:
        rows = np.random.default_rng([seed, 2, step]).permutation(len(targets))[:BATCH]
        with mixed("cpu"):
            sounds = tower(practice.mels[rows, 0])
        return clip_loss(sounds.float(), targets[rows], scale.detach())

    chosen = optimizers(tower, lr=LR, muon_lr=MUON_LR)
    fit(tower.train(), loss_at, STEPS, chosen=chosen, progress=False)
    return tower.eval()


def hearings() -> list[Hearing]:
    """Return every training, measured on the same sounds."""
    single, gallery = heard(400, 7, "test", n_objects=1), heard(256, 8, "test")
    images, found = F.normalize(gallery.images, dim=-1), []
    for seed in SEEDS:
        practice = heard(PRACTICE, 2_000 + seed, "train")
        for beside in BESIDE:
            tower = learn(beside, seed, practice)
            word = float(kinds_right(tower, single).float().mean())
            cosines = vectors(tower, gallery) @ images.T
            found.append(Hearing(beside, seed, word, recall_at_k(cosines, ks=(1,))[1]))
            print(found[-1], flush=True)
    return found


def plain(kind: str, setting: str) -> str:
    """Return a sentence that says a kind and where it is, and nothing else."""
    place = PLACES[setting].anywhere[0]
    return with_articles(f"a photo of a {sound_noun(kind)} {place}")


def large_things(split: str, seed: int) -> list[Scene]:
    """Return scenes of one thing, large enough to be seen, as many of every kind."""
    rng, found = np.random.default_rng([seed, 3]), []
    for kind in KINDS:
        drawn = sample_scenes(40, rng, split=split, n_objects=1, kinds=[kind])
        found += [scene for scene in drawn if scene.objects[0].size >= SMALLEST][:EACH]
    return found


@torch.no_grad()
def told(
    scenes: Sequence[Scene], tower: AudioTower, painter: Painter, seed: int, split: str
) -> dict[tuple[str, float], Tensor]:
    """Return what the painter reads of each scene, by way and ridge."""
    rng = np.random.default_rng([seed, 4])
    sounds = tower(log_mel(np.stack([noisy(sound(scene, rng), rng) for scene in scenes])))
    others = sample_scenes(400, rng, split="validation", n_objects=1)
    waves = np.stack([noisy(sound(scene, rng), rng) for scene in others])
    middle = F.normalize(tower(log_mel(waves)), dim=-1).mean(0)
    sentences = [plain(scene.objects[0].kind, scene.setting) for scene in scenes]
    known = [plain(kind, setting) for kind in KINDS for setting in SCENES]
    cosines = F.normalize(sounds, dim=-1) @ F.normalize(texts_of(known), dim=-1).T
    nearest = [known[row] for row in cosines.argmax(1).tolist()]
    read = painter.reader
    maps = {ridge: sentence_map(read, _captions(), ridge=ridge) for ridge in RIDGES}
    found = {}
    if split == "test":
        found = {
            ("words", 0.0): read_prompts(read, sentences),
            ("sentence", RIDGE): maps[RIDGE](texts_of(sentences)),
            ("nearest words", 0.0): read_prompts(read, nearest),
        }
    for ridge, mapped in maps.items():
        found["as it is", ridge] = mapped(sounds)
        found["gap removed", ridge] = mapped(sounds, middle)
    return found


def _captions() -> list[str]:
    rng = np.random.default_rng(5)
    return [caption(scene, rng) for scene in sample_scenes(MAPPED, rng, n_objects=1)]


def paintings(split: str, seeds: Sequence[int]) -> list[HeardPainting]:
    """Return what sounds painted, by the judge's verdict."""
    painter, judge, found = load_painter("cpu"), load_judge(), []
    tower = restore(AudioTower(), "audio-tower")
    for seed in seeds:
        scenes = large_things(split, seed)
        for (way, ridge), condition in told(scenes, tower, painter, seed, split).items():
            generator = torch.Generator().manual_seed(seed)
            pixels = painter.paint_read(condition, generator=generator, steps=LOOKS)
            shares = judged(judge, pixels, scenes)
            found.append(HeardPainting(split, way, ridge, seed, *shares, len(scenes)))
            print(found[-1], flush=True)
    return found


def judged(judge: Judge, pixels: Tensor, scenes: Sequence[Scene]) -> tuple[float, ...]:
    """Return the shares of right kinds and settings, and of pictures of no thing."""
    seen, wanted = judge.verdicts(pixels), [truth(scene) for scene in scenes]
    both = list(zip(seen, wanted, strict=True))
    return (
        float(np.mean([one.kind == other.kind for one, other in both])),
        float(np.mean([one.setting == other.setting for one, other in both])),
        float(np.mean([one.kind == NONE for one in seen])),
    )


def main(arguments: Sequence[str]) -> int:
    """Write the tables; return an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=("hearings", "paintings"))
    only = parser.parse_args(arguments).only
    torch.set_num_threads(1)
    if only != "paintings":
        write(STORED_HEARINGS, hearings(), shared=2)
    if only != "hearings":
        found = paintings("validation", VALIDATION) + paintings("test", SEEDS)
        write(STORED_HEARD_PAINTINGS, found, shared=4)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
