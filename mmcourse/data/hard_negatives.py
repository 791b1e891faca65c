"""Hard negatives to train with: captions and scenes whose two colours have changed places.

A caption such as "a blue cat and a red dog" is false of its picture and has all its words:
as one of the `extra_texts` of `losses.clip_loss` it can only be told by which colour belongs
to which thing (NegCLIP, arXiv 2210.01936, section 4). Pictures of the exchanged scenes do the
same for texts, as `extra_images`. Leaves out other facts; `world.minimal_pairs` tests eight.
"""

from collections.abc import Sequence

import numpy as np

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.world import Scene, swap_attributes
from mmcourse.world.words.minimal_pairs import swappable
from mmcourse.world.words.twins import colours_exchanged


@checked
def swapped_captions(
    scenes: Sequence[Scene], captions: Sequence[str], share: float, rng: np.random.Generator
) -> list[str]:
    """Return the captions with two colours exchanged, for a share of those that name two.

    Each is false of its own scene. It may be true of another in the batch, as any caption
    may. None is made that would name a colour held out for its kind: it would teach that no
    such thing exists. In the whole world about one ordinary caption in nine can be swapped,
    and one full caption in four.

    Args:
        scenes: what the pictures of a batch show.
        captions: one caption of each.
        share: how likely a caption that names two colours brings its swapped one, 0 to 1.
        rng: a numpy Generator; it is advanced, alike for every share.

    Raises:
        ValueError: the share is not from 0 to 1, or there is not one caption a scene.

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="green", size=0.2, position=(0.3, 0.7), pose="sitting")
    >>> car = Thing(kind="car", colour="blue", size=0.2, position=(0.7, 0.7))
    >>> scene, rng = Scene(setting="meadow", objects=(cat, car)), np.random.default_rng(0)
    >>> swapped_captions([scene, scene], ["a green cat and a blue car", "a green cat"], 1, rng)
    ['a blue cat and a green car']
    """
    if len(scenes) != len(captions):
        raise ValueError(
            "swapped_captions: there must be one caption a scene; got "
            f"{len(scenes)} scenes and {len(captions)} captions; caption(scene, rng) says one."
        )
    able = [
        text
        for scene, text in zip(scenes, captions, strict=True)
        if swappable(text) and colours_exchanged(scene) is not None
    ]
    return [swap_attributes(able[row]) for row in _chosen("swapped_captions", able, share, rng)]


@checked
def swapped_scenes(
    scenes: Sequence[Scene], share: float, rng: np.random.Generator
) -> list[Scene]:
    """Return the scenes with two colours exchanged, for a share of those that show two.

    Only scenes that stay in their split are made, so that no test picture is trained on: of
    scenes for training about four in five.

    Args:
        scenes: what the pictures of a batch show.
        share: how likely a scene that can brings its swapped one, 0 to 1.
        rng: a numpy Generator; it is advanced, alike for every share.

    Raises:
        ValueError: the share is not from 0 to 1.

    >>> from mmcourse.world import Thing
    >>> car = Thing(kind="car", colour="blue", size=0.2, position=(0.7, 0.7))
    >>> swapped_scenes([Scene(setting="meadow", objects=(car,))], 1, np.random.default_rng(0))
    []
    """
    exchanged = [(scene, colours_exchanged(scene)) for scene in scenes]
    able = [other for scene, other in exchanged if other and other.split == scene.split]
    return [able[row] for row in _chosen("swapped_scenes", able, share, rng)]


def _chosen(
    operation: str, able: Sequence[object], share: float, rng: np.random.Generator
) -> list[int]:
    """Return the rows that are drawn, each with the same chance."""
    share = real(operation, "share", share, least=0, most=1)
    return [row for row in range(len(able)) if rng.random() < share]
