"""Does an answerer look at what it is asked about? Attention held against exact masks.

Leaves out maps of other models (`attention_maps`), and whether looking there was needed.
"""

import re

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.world import Question, Scene
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.nouns import plural


@checked
def asked_about(scene: Scene, question: Question) -> tuple[int, ...]:
    """Return which objects of a scene a question is about, by their places in it.

    The thing that is to be named, whose colour, place or number is wanted; what only says where
    that is ("left of the car") is left out. A question with yes or no is about none: it may
    ask for what is not there.

    >>> from mmcourse.world import Thing
    >>> cat = Thing(kind="cat", colour="red", size=0.3, position=(0.2, 0.6), pose="sitting")
    >>> car = Thing(kind="car", colour="blue", size=0.3, position=(0.8, 0.6))
    >>> scene = Scene(setting="meadow", objects=(cat, car))
    >>> asked_about(scene, Question("colour", "what colour is the car?", "blue"))
    (1,)
    """
    if question.type == "yes/no":
        return ()
    if scene.layout != "pair":
        return tuple(range(len(scene.objects)))
    names = [noun(thing.kind) for thing in scene.objects]
    if question.type == "kind":
        return tuple(place for place, name in enumerate(names) if name == question.answer)
    first = re.split(r" relative to | compared with ", question.text)[0]
    words = set(re.findall(r"\w+", first))
    found = [place for place, name in enumerate(names) if words & {name, plural(name)}]
    if len(found) > 1:  # one name is part of the other's, or both have one: the colour decides
        found = [place for place in found if scene.objects[place].colour in words] or found
    return tuple(found)


@checked
def touches(
    attention: Float[Tensor, "n places"],
    masks: Bool[Tensor, "n size size"] | Bool[np.ndarray, "n size size"],
) -> Bool[Tensor, " n"]:
    """Return whether the place with the most attention holds any of the object.

    Args:
        attention: over the places of a square grid, row by row from the top left.
        masks: True where the object is; the grid's side divides theirs.

    Raises:
        ValueError: the grid is not square, does not divide the masks, or is not finite.

    The second of four places is the strongest; the object is in the upper right corner:

    >>> masks = torch.tensor([[[False, True], [False, False]]])
    >>> touches(torch.tensor([[0.1, 0.6, 0.1, 0.2]]), masks)
    tensor([True])
    """
    require_finite("touches", attention=attention)
    held = _held(torch.as_tensor(masks).to(attention.device), attention.shape[1])
    return held.gather(1, attention.argmax(1, keepdim=True))[:, 0]


@checked
def touching_chance(
    masks: Bool[Tensor, "n size size"] | Bool[np.ndarray, "n size size"], places: int
) -> Float[Tensor, " n"]:
    """Return the share of places that hold any of the object: what a random place scores.

    Raises:
        ValueError: as for `touches`.

    >>> touching_chance(torch.tensor([[[False, True], [False, False]]]), 4)
    tensor([0.2500])
    """
    places = whole("touching_chance", "places", places, least=1)
    return _held(torch.as_tensor(masks), places).to(torch.get_default_dtype()).mean(1)


def _held(masks: Bool[Tensor, "n size size"], places: int) -> Bool[Tensor, "n places"]:
    """Return whether each place holds any of the object."""
    side, size = int(places**0.5 + 0.5), masks.shape[1]
    if side * side != places or size % side or not size:
        raise ValueError(
            "touches: places must be those of a square grid whose side divides the masks'; got "
            f"{places} places and masks of {size} by {size}."
        )
    return F.max_pool2d(masks[:, None].float(), size // side)[:, 0].flatten(1) > 0
