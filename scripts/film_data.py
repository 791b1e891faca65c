"""What the watcher of films is trained on, made once and kept in shards.

Duets are drawn anew from the seed; only their pictures and sounds are kept.
"""

from pathlib import Path

import numpy as np
import torch
from audio_data import kept
from torch import Tensor

from mmcourse.video import Films, film_answer_numbers, film_tokens, films_of
from mmcourse.video.asking import nameless
from mmcourse.world import Duet, film_questions, sample_duet

SEED = 18
SHARD, SHARDS = 1_000, 6


def film_shard(folder: Path, shard: int) -> Films:
    """Return one shard of training films."""
    rng = np.random.default_rng([SEED, 1_000 + shard])
    duets = [sample_duet(rng) for _ in range(SHARD)]

    def make() -> dict[str, Tensor]:
        made = films_of(duets)
        return {"pictures": made.pictures, "sounds": made.sounds.half()}

    parts = kept(folder / f"films-{SEED}-{shard:03d}.safetensors", make)
    return Films(tuple(duets), parts["pictures"], parts["sounds"].float())


def training_films(folder: Path) -> Films:
    """Return all films to learn from."""
    shards = [film_shard(folder, shard) for shard in range(SHARDS)]
    return Films(
        tuple(duet for shard in shards for duet in shard.duets),
        torch.cat([shard.pictures for shard in shards]),
        torch.cat([shard.sounds for shard in shards]),
    )


def questions_about(
    duets: tuple[Duet, ...], *, named: bool = True, leave_out: str = ""
) -> tuple[Tensor, Tensor]:
    """Return the questions about each film and their answers, as numbers.

    Args:
        duets: what happens.
        named: whether things are asked about by their names; otherwise each is "it".
        leave_out: a type of question that is never asked.
    """
    asked = [
        [each for each in film_questions(duet) if each.type != leave_out] for duet in duets
    ]
    texts = [
        each.text if named else nameless(each.text, duet)
        for duet, found in zip(duets, asked, strict=True)
        for each in found
    ]
    answers = film_answer_numbers([each.answer for found in asked for each in found])
    numbers = film_tokens()(texts)
    return numbers.unflatten(0, (len(duets), -1)), answers.unflatten(0, (len(duets), -1))
