"""From one guess a step to a text: repeats are merged, then blanks are dropped.

A letter lasts for many steps, and still is one letter; a blank between two of a kind says that
there are two (Graves et al., ICML 2006, section 3.1, where this map is called B). Greedy
decoding takes the likeliest guess of every step ("best path", section 3.2). The likeliest path
need not be of the likeliest text, whose many paths may be likelier together: that is `beam`.
"""

from collections.abc import Sequence
from itertools import groupby

from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.speech.alphabet import BLANK, written
from mmcourse.speech.ctc import require_steps


@checked
def collapse(path: Sequence[int]) -> list[int]:
    """Return the letters that a path stands for: one guess a step, repeats merged, no blanks.

    Two of a kind need a blank between them, or they are one:

    >>> collapse([0, 3, 3, 0, 0, 4, 4, 0, 4])
    [3, 4, 4]
    """
    return [unit for unit, _ in groupby(path) if unit != BLANK]


@checked
def greedy(
    logits: Float[Tensor, "batch steps units"], steps: Int[Tensor, " batch"]
) -> list[str]:
    """Return the text of each recording's likeliest path.

    Args:
        logits: from `SpeechEncoder`; log-probabilities do as well.
        steps: how many of them each recording has.

    Raises:
        ValueError: a logit is NaN or infinite, or there are more steps than logits.

    >>> import torch
    >>> path = torch.tensor([[4, 2, 2, 0, 3]])
    >>> greedy(torch.nn.functional.one_hot(path, 28).float(), torch.tensor([5]))
    ['cab']
    """
    require_finite("greedy", logits=logits)
    require_steps("greedy", steps, logits.shape[1])
    paths = logits.argmax(2).tolist()
    return [
        written(collapse(path[:count]))
        for path, count in zip(paths, steps.tolist(), strict=True)
    ]
