"""A picture, cell by cell: each is drawn from what the model expects after all before it.

Guidance is lesson 13's, on logits: away from what would come without the text, which the same
weights know from the order in which the picture comes first. Temperature and top-k are lesson
12's. Leaves out what DALL-E does next, to draw many and keep one (`best`).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.captioning.sample import drawn
from mmcourse.codebook.tokenizer import CELLS, CODES
from mmcourse.picture_words.net import PictureWords
from mmcourse.rectified_flow.guidance import guided_velocity

GUIDANCE, TEMPERATURE, TOP_K = 4.0, 1.0, 200
"""Chosen on prompts for validation; lesson 16 measures what others do."""


@checked
@torch.no_grad()
def spell(  # noqa: PLR0913 - each is a knob that the lesson turns
    model: PictureWords,
    words: Int[Tensor, "batch 16"],
    *,
    generator: torch.Generator,
    guidance: float = GUIDANCE,
    temperature: float = TEMPERATURE,
    top_k: int | None = TOP_K,
    begun: Int[Tensor, "batch cells 2"] | None = None,
) -> Int[Tensor, "batch 64 2"]:
    """Return the codes of one picture for each text.

    Args:
        model: whose expectations are followed.
        words: from `text_rows`.
        generator: where chance comes from; it lives on the CPU, and is advanced.
        guidance: 0 ignores the text, 1 follows it as in training, more exaggerates it.
        temperature: divides the logits; above 0.
        top_k: how many of the likeliest codes are drawn from; None takes all.
        begun: cells that are there already, from the upper left; None begins with none.

    Raises:
        ValueError: a number is out of range, or `begun` has no row for each text.

    >>> model = PictureWords(width=32, layers=1, heads=2)
    >>> chance = torch.Generator().manual_seed(0)
    >>> spell(model, torch.zeros(3, 16).long(), generator=chance).shape
    torch.Size([3, 64, 2])
    """
    guidance = real("spell", "guidance", guidance, least=0, most=100)
    temperature = real("spell", "temperature", temperature, above=0)
    top_k = None if top_k is None else whole("spell", "top_k", top_k, least=1, most=CODES)
    codes = words.new_zeros(len(words), 0, 2) if begun is None else begun.to(words)
    after_text, with_text = model.read(words=words, codes=codes)
    alone, without = model.read(codes=codes)

    def choose(after: Tensor, before: Tensor) -> Int[Tensor, " batch"]:
        logits = guided_velocity(after, before, guidance)  # the same line, through logits
        return drawn(logits, temperature, top_k, generator)

    for cell in range(codes.shape[1], CELLS):
        first = choose(model.say_first(after_text), model.say_first(alone))
        second = choose(model.say_second(after_text, first), model.say_second(alone, first))
        now = torch.stack([first, second], 1)
        codes = torch.cat([codes, now[:, None]], 1)
        if cell + 1 < CELLS:
            after_text, with_text = model.step_cell(now, cell, with_text)
            alone, without = model.step_cell(now, cell, without)
    return codes


@checked
@torch.no_grad()
def next_cell(
    model: PictureWords, words: Int[Tensor, "batch 16"], codes: Int[Tensor, "batch 64 2"]
) -> Float[Tensor, "batch cells codes"]:
    """Return, at every cell of finished pictures, how likely each first code was to come next.

    Args:
        model: whose expectations they are; without guidance.
        words: what comes first, from `text_rows`.
        codes: of the pictures.
    """
    first = torch.ones(len(words), dtype=torch.bool, device=words.device)
    _, before = model(words, codes, first)
    return model.say_first(before).softmax(-1)
