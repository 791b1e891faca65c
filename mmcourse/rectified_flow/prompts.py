"""Prompts as a painter reads them: what CLIP's text tower makes of every word.

A frozen text tower is all of CLIP that Stable Diffusion has inside (arXiv 2112.10752, appendix
D.1; version 1 reads CLIP ViT-L/14's hidden states). The first token of a text has seen nothing
but itself and says the same every time, so the end token, which has seen all, takes its place.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.clip import CLIP, tokenize
from mmcourse.clip.text import ends, text_feature
from mmcourse.rectified_flow.net import LENGTH


@checked
@torch.no_grad()
def read_prompts(
    model: CLIP, texts: Sequence[str], tokens_of: Callable[[Sequence[str]], Tensor] = tokenize
) -> Float[Tensor, "batch length dim"]:
    """Return each prompt's sentence vector, then its words; zeros where there is no word.

    Args:
        model: whose text tower reads; `tiny`, for the shipped painter.
        texts: the prompts, of at most 22 tokens each.
        tokens_of: texts -> tokens; another one suits a model with a vocabulary of its own.

    Raises:
        ValueError: there is no prompt, or a longer one.
    """
    if not texts:
        raise ValueError("read_prompts: there must be a prompt; got none; pass [text].")
    tokens = tokens_of(list(texts)).to(model.logit_scale.device)
    last = ends(tokens)
    if int(last.max()) >= LENGTH:
        longest = texts[int(last.argmax())]
        raise ValueError(
            f"read_prompts: a prompt must have at most {LENGTH - 2} tokens; got "
            f"{int(last.max()) - 1} in {longest!r:.80}; say it in fewer words."
        )
    return _read(model, tokens[:, :LENGTH])


def _read(model: CLIP, tokens: Int[Tensor, "batch length"]) -> Tensor:
    hidden = model.text_hidden(tokens)
    sentence = text_feature(hidden, tokens)
    is_word = torch.arange(tokens.shape[1], device=tokens.device) < ends(tokens)[:, None]
    words = hidden * is_word[:, :, None]
    read = torch.cat([sentence[:, None], words[:, 1:]], dim=1)
    return torch.nn.functional.pad(read, (0, 0, 0, LENGTH - read.shape[1]))
