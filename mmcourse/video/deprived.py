"""Films from which a sense or the order is taken: what can still be answered needs it not.

A network that never had it may learn whatever else tells; one that had it shows only that it
uses it. So controls are trained on such films, and the trained one is tested on them, too.
"""

from dataclasses import replace

import numpy as np
import torch

from mmcourse.audio.spectrogram import FLOOR
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.video.encoders import GREY
from mmcourse.video.films import Films


@checked
def silent(films: Films) -> Films:
    """Return the films without any sound."""
    return replace(films, sounds=torch.full_like(films.sounds, float(np.log(FLOOR))))


@checked
def unseen(films: Films) -> Films:
    """Return the films with grey pictures."""
    return replace(films, pictures=torch.full_like(films.pictures, int(GREY)))


@checked
def frozen(films: Films, frame: int = 4) -> Films:
    """Return the films in which one picture stands still while the sound goes on.

    Args:
        films: of at least one frame.
        frame: which.

    Raises:
        ValueError: there is no such frame.
    """
    frames = films.pictures.shape[1]
    frame = whole("frozen", "frame", frame, least=0, most=frames - 1)
    still = films.pictures[:, frame : frame + 1].expand_as(films.pictures)
    return replace(films, pictures=still)


@checked
def shuffled(films: Films, rng: np.random.Generator) -> Films:
    """Return the films with their frames in any order, each with its own piece of sound.

    What happens at the same moment stays together; what came before is no longer told.

    Args:
        films: some.
        rng: a numpy Generator; it is advanced by one number a frame.
    """
    order = torch.from_numpy(np.argsort(rng.random(films.pictures.shape[:2]), axis=1))
    rows = torch.arange(len(films))[:, None]
    return replace(
        films, pictures=films.pictures[rows, order], sounds=films.sounds[rows, order]
    )


@checked
def late(films: Films, frames: int = 2) -> Films:
    """Return the films with their sound some frames late; its end comes round to the start.

    Args:
        films: some.
        frames: how many; fewer than 0 are early.
    """
    frames = whole("late", "frames", frames)
    return replace(films, sounds=films.sounds.roll(frames, dims=1))


@checked
def dubbed(films: Films) -> Films:
    """Return the films, each with the sound of the one before it."""
    return replace(films, sounds=films.sounds.roll(1, dims=0))
