"""Where a text ends: what CLIP reads, and what it may skip.

A text tower is causal and its feature is read at the end token (arXiv 2103.00020, section
2.4), so whatever follows that token changes nothing. Encoding only up to the longest text's
end is exact, and for short prompts several times faster than encoding all 77 places. A few
long texts among many short ones are encoded apart, or all would be as long as they.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def ends(tokens: Int[Tensor, "batch length"]) -> Int[Tensor, " batch"]:
    """Return where each text's end token stands: the place of its largest id.

    >>> ends(torch.tensor([[7, 3, 9, 0], [7, 9, 0, 0]]))
    tensor([2, 1])
    """
    return tokens.argmax(-1)


def skip_padding(tokens: Int[Tensor, "batch length"]) -> Int[Tensor, "batch shorter"]:
    """Return the tokens up to the end of the longest text; where there is no text, none.

    >>> skip_padding(torch.tensor([[7, 3, 9, 0], [7, 9, 0, 0]]))
    tensor([[7, 3, 9],
            [7, 9, 0]])
    """
    if torch.compiler.is_compiling() or tokens.is_meta:
        return tokens  # nobody knows where a text ends; encoding all of it gives the same
    longest = int(ends(tokens).max()) + 1 if len(tokens) else 0
    return tokens[:, :longest]


def by_length(tokens: Int[Tensor, "batch length"]) -> list[Int[Tensor, " rows"]]:
    """Return which texts to encode together: all, or first the short and then the long ones.

    They are parted where that leaves at most half of the places; otherwise one batch is faster.

    Two texts of 2 tokens, one of 8: together 3 · 8 places, apart 2 · 2 + 8.

    >>> short, long = [7, 9, 0, 0, 0, 0, 0, 0], [7, 6, 5, 4, 3, 2, 1, 9]
    >>> by_length(torch.tensor([short, long, short]))
    [tensor([0, 2]), tensor([1])]
    """
    together = torch.arange(len(tokens), device=tokens.device)
    if torch.compiler.is_compiling() or tokens.is_meta:
        return [together]  # as for `skip_padding`
    lengths, order = (ends(tokens) + 1).sort(stable=True)
    # places to encode if the first 1, 2, … texts are parted from the others
    places = (together + 1) * (lengths - lengths[-1]) + len(tokens) * lengths[-1]
    fewest, short = (int(number) for number in places.min(0))
    if 2 * fewest > int(places[-1]):
        return [together]
    return [order[: short + 1], order[short + 1 :]]


def text_feature(
    hidden: Float[Tensor, "batch length dim"], tokens: Int[Tensor, "batch length"]
) -> Float[Tensor, "batch dim"]:
    """Return each text's hidden state at its end token, the only one that has seen all of it.

    >>> hidden = torch.tensor([[[1.0], [2.0], [3.0]]])
    >>> text_feature(hidden, torch.tensor([[7, 9, 0]]))
    tensor([[2.]])
    """
    rows = torch.arange(len(hidden), device=hidden.device)
    return hidden[rows, ends(tokens)]
