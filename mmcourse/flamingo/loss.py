"""How surprising the words of a document are, with names counted most.

Most words of a game are marks, or things at random that nobody could guess; names are what is
to be learnt. Leaves out padding.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.flamingo.words import INVENTED, game_words
from mmcourse.tokenizer.words import PADDING


@checked
def document_loss(
    logits: Float[Tensor, "batch length words"],
    tokens: Int[Tensor, "batch length"],
    *,
    others: float = 1.0,
) -> Float[Tensor, ""]:
    """Return the weighted mean of -log p(next word), in nats.

    The logits at a word answer for the word after it.

    Args:
        logits: of a language model.
        tokens: what was put in.
        others: what a word counts that is not a made-up name; a name counts 1.

    Raises:
        ValueError: `others` is negative, logits are not finite or too few, or there is nothing
            to be foreseen.

    Chance is the logarithm of how many words there are:

    >>> tokens, words = torch.tensor([[3, 5, 36]]), len(game_words())
    >>> bool(document_loss(torch.zeros(1, 3, words), tokens).isclose(torch.tensor(words).log()))
    True
    """
    others = real("document_loss", "others", others, least=0)
    require_finite("document_loss", logits=logits)
    after = tokens[:, 1:]
    if not bool((after != PADDING).any()) or logits.shape[2] <= int(tokens.max()):
        raise ValueError(
            "document_loss: there must be a second word, and a logit for every word; got "
            f"documents of at most {int((tokens != PADDING).sum(1).max())} words, and "
            f"{logits.shape[2]} logits."
        )
    each = F.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), after.flatten(), reduction="none"
    )
    weights = torch.where(is_name(after), 1.0, others) * (after != PADDING)
    return (each * weights.flatten()).sum() / weights.sum()


def is_name(tokens: Int[Tensor, "*shape"]) -> Tensor:
    """Return which tokens are made-up names.

    >>> is_name(torch.tensor([3, 36])).tolist()
    [False, True]
    """
    ids = game_words().ids
    return torch.isin(tokens, torch.tensor([ids[name] for name in INVENTED]).to(tokens))
