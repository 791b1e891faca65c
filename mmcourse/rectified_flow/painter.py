"""A painter: CLIP's text tower, a flow and a decoder, from a sentence to a picture.

Leaves out training them (`scripts/train_flow.py`), and choosing among several (`best`).
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias, final

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from mmcourse import clip
from mmcourse.autoencoder import Autoencoder, as_pixels
from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import restore
from mmcourse.clip import CLIP
from mmcourse.rectified_flow.guidance import guided_velocity
from mmcourse.rectified_flow.loss import Velocity
from mmcourse.rectified_flow.net import CHANNELS, SIDE, FlowNet
from mmcourse.rectified_flow.prompts import read_prompts
from mmcourse.rectified_flow.sample import euler

Method: TypeAlias = Callable[[Velocity, Tensor, int], Tensor]
"""`euler`, `midpoint`, or one's own."""

GUIDANCE, STEPS = 3.0, 16
"""Chosen on prompts for validation; lesson 13 measures what others do."""

BATCH = 48


@final
class Painter:
    """What turns prompts into pictures.

    Args:
        reader: reads the prompts.
        net: says which way a picture lies.
        autoencoder: unfolds it.
    """

    def __init__(self, reader: CLIP, net: FlowNet, autoencoder: Autoencoder) -> None:
        self.reader, self.net, self.autoencoder = reader, net, autoencoder

    @checked
    @torch.no_grad()
    def paint(
        self,
        prompts: Sequence[str],
        *,
        generator: torch.Generator,
        guidance: float = GUIDANCE,
        steps: int = STEPS,
        method: Method = euler,
    ) -> UInt8[Tensor, "batch 64 64 3"]:
        """Return one picture of each prompt: red, green, blue from 0 to 255.

        Args:
            prompts: in the words of the drawn world, "a red cat at sunset".
            generator: of the noise that the pictures begin as; it is advanced.
            guidance: 0 ignores the prompt, 1 follows it as in training, more exaggerates it.
            steps: from noise to picture.
            method: how a step is taken.

        Raises:
            ValueError: there is no prompt, a longer one than 22 tokens, or a number is out of
                range.
        """
        condition = read_prompts(self.reader, prompts)
        return self.paint_read(
            condition, generator=generator, guidance=guidance, steps=steps, method=method
        )

    @checked
    @torch.no_grad()
    def paint_read(
        self,
        condition: Float[Tensor, "batch length dim"],
        *,
        generator: torch.Generator,
        guidance: float = GUIDANCE,
        steps: int = STEPS,
        method: Method = euler,
    ) -> UInt8[Tensor, "batch 64 64 3"]:
        """Return one picture of each prompt that was read already, or made of something else.

        Args:
            condition: as `read_prompts` gives it.
            generator: as for `paint`; so are the others.
            guidance: 0 ignores the condition.
            steps: from noise to picture.
            method: how a step is taken.

        Raises:
            ValueError: a number is out of range.
        """
        guidance = real("paint", "guidance", guidance, least=0, most=100)
        steps = whole("paint", "steps", steps, least=1, most=1000)
        device = condition.device
        noise = torch.randn(
            len(condition), CHANNELS, SIDE, SIDE, generator=generator, device=generator.device
        ).to(device)
        painted = [
            self.autoencoder.decode(method(self._velocity(read, guidance), start, steps))
            for read, start in zip(
                torch.split(condition, BATCH), torch.split(noise, BATCH), strict=True
            )
        ]
        return as_pixels(torch.cat(painted))

    def _velocity(self, condition: Float[Tensor, "batch length dim"], scale: float) -> Velocity:
        """Return the guided velocity of some prompts; with and without go in together."""
        both = torch.cat([condition, self.net.nothing.expand_as(condition)])

        def velocity(points: Tensor, times: Tensor) -> Tensor:
            found = self.net(points.repeat(2, 1, 1, 1), times.repeat(2), both)
            with_prompt, without = found.chunk(2)
            return guided_velocity(with_prompt, without, scale)

        return velocity


@checked
def load_painter(device: str | None = None) -> Painter:
    """Return the shipped painter.

    Args:
        device: where it paints; None takes the GPU if there is one.
    """
    reader = clip.load("tiny", device)[0]
    here = reader.logit_scale.device
    return Painter(
        reader,
        restore(FlowNet(), "flow").to(here),
        restore(Autoencoder(), "autoencoder").to(here),
    )
