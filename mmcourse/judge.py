"""A judge of painted pictures that never met CLIP.

A painter that is steered by CLIP, and whose best of four CLIP has chosen, must not be marked by
CLIP: it would be praised for what pleases its teacher. This residual network was trained apart,
on every pair of kind and colour, to name what it sees. It may also say "none": one that has to
choose among twenty kinds calls a shapeless blob a cat, and flatters. GenEval (arXiv 2310.11513)
has object detectors for judges, which may find nothing, too.
"""

from collections.abc import Sequence
from typing import NamedTuple, final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.clip.preprocess import normalize
from mmcourse.clip.resnet import ModifiedResNet
from mmcourse.world import COLOURS, KINDS, SCENES, Scene, relation
from mmcourse.world.scenes.vocabulary import noun

NONE = "none"
NOUNS = (*dict.fromkeys(map(noun, KINDS)), NONE)
"""What a thing can be called: both cranes are a "crane", and a blob is "none"."""

SIZE = 64
LATER = ("right of", "below")


class Verdict(NamedTuple):
    """What a judge sees in one picture.

    Args:
        kind: an ordinary noun, or "none"; of two things, that of the one on the left or above.
        colour: a name in `COLOURS`; of no meaning where `kind` is "none".
        second_kind: the other thing's noun; "none" where there is one thing or none.
        second_colour: its colour.
        setting: a name in `SCENES`.
    """

    kind: str
    colour: str
    second_kind: str
    second_colour: str
    setting: str


ANSWERS = (NOUNS, tuple(COLOURS), NOUNS, tuple(COLOURS), tuple(SCENES))
"""What each part of a verdict is chosen from."""


@final
class Judge(nn.Module):
    """CLIP's ResNet with other weights, and five choices in place of an embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.visual = ModifiedResNet(
            layers=(1, 1, 1, 1),
            output_dim=sum(map(len, ANSWERS)),
            heads=8,
            input_resolution=SIZE,
            width=16,
        )

    @checked
    def forward(self, images: Float[Tensor, "batch 3 64 64"]) -> tuple[Tensor, ...]:
        """Return the logits of each of the five choices.

        Args:
            images: normalised as for CLIP.
        """
        return torch.split(self.visual(images), [len(choices) for choices in ANSWERS], dim=1)

    @checked
    @torch.no_grad()
    def verdicts(self, pixels: UInt8[Tensor, "batch 64 64 3"]) -> list[Verdict]:
        """Return what is seen in each picture.

        Args:
            pixels: red, green, blue from 0 to 255.
        """
        found = []
        for part in torch.split(pixels, 256):
            logits = self(normalize(part.numpy(force=True)).to(next(self.parameters()).device))
            rows = torch.stack([each.argmax(1) for each in logits], dim=1).tolist()
            found += [_named(row) for row in rows]
        return found


def load_judge() -> Judge:
    """Return the shipped judge."""
    return restore(Judge(), "judge")


@checked
def truth(scene: Scene) -> Verdict:
    """Return the verdict that is right about a scene of one thing, of two, or of none.

    Raises:
        ValueError: the scene holds more.
    """
    if len(scene.objects) > 2:
        raise ValueError(
            f"truth: scene must hold at most two things; got {len(scene.objects)}; sample one "
            "with n_objects=1 or 2."
        )
    things = list(scene.objects)
    if len(things) == 2 and relation(*things) in LATER:
        things.reverse()
    parts: list[str] = []
    for thing in things:
        parts += [noun(thing.kind), thing.colour]
    parts += [NONE, next(iter(COLOURS))] * (2 - len(things))
    return Verdict._make([*parts, scene.setting])


def _named(row: Sequence[int]) -> Verdict:
    return Verdict._make(choices[at] for choices, at in zip(ANSWERS, row, strict=True))
