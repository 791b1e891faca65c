"""A picture's file as `tiny` sees it: its grid, and whether it is of the drawn world at all.

What is said of pictures, a caption or an answer, begins here. Leaves out what is said.
"""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse import clip
from mmcourse.foreign import load_border, textures
from mmcourse.images import UnreadableImageError, open_rgb

FOREIGN = "not of the drawn world"


@final
@dataclass(frozen=True)
class Seen:
    """One picture.

    Args:
        grid: what is known of each place, as a captioner or an answerer reads it.
        distance: from the middle of the world's pictures; the border is at 1.
    """

    grid: Float[Tensor, "1 places dim"]
    distance: float

    @property
    def foreign(self) -> bool:
        """Whether it lies beyond the border."""
        return self.distance > 1


@final
class Eyes:
    """The image tower of `tiny`, and the border of its world.

    Args:
        device: where it runs; None takes the GPU if there is one.

    Raises:
        ValueError: there is no such device, or the weights are damaged.
        FileNotFoundError: the weights are missing.
    """

    def __init__(self, device: str | None = None) -> None:
        self.model, self.preprocess = clip.load("tiny", device)
        self.device = self.model.logit_scale.device
        self.border = load_border().to(self.device)

    @torch.no_grad()
    def look(self, path: Path) -> Seen:
        """Return what is seen in a file.

        Raises:
            UnreadableImageError: a ValueError, which says why it is no picture.
        """
        if _may_never_end(path):
            raise UnreadableImageError(
                f"look: expected a picture in {path}; got a device or pipe, which may not end; "
                "save what it holds as a file."
            )
        picture = open_rgb(path, at_least=self.preprocess.n)
        try:
            image = self.preprocess(picture)[None].to(self.device)
        except ValueError as error:
            raise UnreadableImageError(
                f"look: expected a picture in {path}; got one of {picture.width} × "
                f"{picture.height}, too thin to be resized; crop it first."
            ) from error
        distance = self.border(textures(self.model, image)).item()
        return Seen(self.model.image_grid(image), distance)


def _may_never_end(path: Path) -> bool:
    """Return whether this is something else than a file or a folder."""
    try:
        mode = path.stat().st_mode
    except OSError:  # whatever it is, who opens it will say so
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def reason(error: UnreadableImageError) -> str:
    """Return why a file is no picture, its name included, without who found out."""
    return str(error).partition(": ")[2]
