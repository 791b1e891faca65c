"""One drawing, from its options to its file: painter, CLIP's scores, judge, strip."""

from os.path import lexists

import torch
from jaxtyping import UInt8
from torch import Tensor
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.atomic import write_whole
from mmcourse.draw.options import Options
from mmcourse.draw.output import Drawn, described, strip
from mmcourse.judge import load_judge
from mmcourse.rectified_flow import Painter, agreement, euler, load_painter
from mmcourse.rectified_flow.loss import Velocity
from mmcourse.rectified_flow.net import LENGTH
from mmcourse.terminal import on_terminal
from mmcourse.tokenizer.clip import clip_vocabulary
from mmcourse.unknown_words import never_seen

MOST_TOKENS = LENGTH - 2
"""Of a sentence; start and end stand around them."""


def draw(options: Options) -> Drawn:
    """Return what was drawn, once its file is written.

    Raises:
        FileNotFoundError: weights are missing.
        ValueError: the sentence is too long, there is no such device, or weights are damaged.
        OSError: the file cannot be written.
    """
    if (tokens := len(clip_vocabulary().encode(options.prompt))) > MOST_TOKENS:
        raise ValueError(
            f"draw: the sentence must have at most {MOST_TOKENS} tokens; got {tokens} in "
            f"{options.prompt!r:.80}; say it in fewer words."
        )
    painter = load_painter(options.device)
    unknown = never_seen(painter.reader, [options.prompt])
    pixels = _painted(painter, options)
    scores = agreement(painter.reader, pixels, [options.prompt] * options.n).cpu()
    order = scores.argsort(descending=True, stable=True)
    verdicts = load_judge().verdicts(pixels[order])
    pictures = tuple(zip(scores[order].tolist(), verdicts, strict=True))
    about = described(pictures)
    content = strip(pixels[order].numpy(), options.side, options.prompt, about)
    replaced = lexists(options.out)
    write_whole("draw", options.out, content)
    return Drawn(options=options, pictures=pictures, unknown_words=unknown, replaced=replaced)


def _painted(painter: Painter, options: Options) -> UInt8[Tensor, "n 64 64 3"]:
    """Return the pictures in the order of their noise; a bar shows how far they are."""
    generator = torch.Generator().manual_seed(options.seed)
    steps = options.n * options.steps
    with tqdm(desc="painting", total=steps, unit="step", disable=not on_terminal()) as bar:

        def told(velocity: Velocity, noise: Tensor, steps: int) -> Tensor:
            def counted(points: Tensor, times: Tensor) -> Tensor:
                found = velocity(points, times)
                bar.update(len(points))
                return found

            return euler(counted, noise, steps)

        return painter.paint(
            [options.prompt] * options.n,
            generator=generator,
            guidance=options.guidance,
            steps=options.steps,
            method=told,
        )
