"""The loss that needs no alignment: -log of the sum of the probabilities of all of them.

Nobody says at which step a letter is spoken. So every way of spreading the letters over the
steps counts, letters repeated and blanks between them; there are more such paths than could be
listed, and dynamic programming adds them up letter by letter (Graves et al., "Connectionist
temporal classification", ICML 2006, sections 3 and 4.1). Sums are taken in logarithms, where
the paper rescales. Leaves out section 4.1's backward variables: the gradient is autograd's.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.speech.alphabet import BLANK

IMPOSSIBLE = -1e30
"""Stands for the logarithm of 0, at which a sum of logarithms would have no gradient."""


@checked
def ctc_loss(
    logits: Float[Tensor, "batch steps units"],
    steps: Int[Tensor, " batch"],
    letters: Int[Tensor, "batch length"],
    lengths: Int[Tensor, " batch"],
) -> Float[Tensor, " batch"]:
    """Return -log p(letters) of each recording, in nats: infinite where there is no room.

        p(letters) = Σ over paths that collapse to the letters of Π over steps of p(unit)

    Between and around the letters stand blanks: s = _ c _ a _ b _. Let α_t(s) be the sum over
    all paths of t steps that end at place s. A path stays where it is, goes on by one place,
    or passes over a blank, if the letters at both sides differ:

        α_t(s) = p_t(unit at s) · (α_{t-1}(s) + α_{t-1}(s-1) + α_{t-1}(s-2) if allowed)

    It ends at the last letter or at the blank after it. A text with r letters that equal the
    one before needs length + r steps; with fewer its loss is infinite, and it has no gradient:
    leave it out of the mean.

    Args:
        logits: from `SpeechEncoder`.
        steps: how many of them each recording has.
        letters: what was said, from `spelled`; what stands beyond a text's length is ignored.
        lengths: how many letters each text has; 0 for silence.

    Raises:
        ValueError: a logit is NaN or infinite, a count is out of range, or a letter is none.

    Two steps, each blank or "a" with chance 1/2. Three of four paths are of "a": _a, a_, aa.

    >>> one = torch.tensor([1])
    >>> loss = ctc_loss(torch.zeros(1, 2, 2), torch.tensor([2]), one[None], one)
    >>> loss.neg().exp()
    tensor([0.7500])
    """
    _check(logits, steps, letters, lengths)
    logprobs = logits.log_softmax(2)
    places = _with_blanks(letters, lengths)
    emitted = logprobs.gather(2, places[:, None].expand(-1, logits.shape[1], -1))
    allowed = _may_pass(places)
    first = torch.arange(places.shape[1], device=places.device) < 2  # a blank, or a letter
    alpha = emitted[:, 0].masked_fill(~first, IMPOSSIBLE)
    after = [alpha]
    for step in range(1, logits.shape[1]):
        passed = _moved(alpha, 2).masked_fill(~allowed, IMPOSSIBLE)
        alpha = emitted[:, step] + torch.stack([alpha, _moved(alpha, 1), passed]).logsumexp(0)
        after.append(alpha)
    rows = torch.arange(len(steps), device=steps.device)
    total = _ended(torch.stack(after, 1)[rows, steps - 1], lengths)
    return torch.where(total < IMPOSSIBLE / 2, torch.inf, -total)


def require_steps(operation: str, steps: Int[Tensor, " batch"], most: int) -> None:
    """Refuse counts of steps that are not from 1 to as many as there are.

    Raises:
        ValueError: as said.
    """
    if len(steps) and not 1 <= int(steps.min()) <= int(steps.max()) <= most:
        raise ValueError(
            f"{operation}: steps must be from 1 to {most}, as many as logits has; got "
            f"{int(steps.min())} to {int(steps.max())}."
        )


def _with_blanks(
    letters: Int[Tensor, "batch length"], lengths: Int[Tensor, " batch"]
) -> Int[Tensor, "batch places"]:
    """Return the letters with a blank before, between and after them."""
    real = torch.arange(letters.shape[1], device=letters.device) < lengths[:, None]
    letters = letters.masked_fill(~real, BLANK)
    pairs = torch.stack([torch.full_like(letters, BLANK), letters], 2)
    return F.pad(pairs.flatten(1), (0, 1), value=BLANK)  # (batch, 2 length + 1)


def _may_pass(places: Int[Tensor, "batch places"]) -> Bool[Tensor, "batch places"]:
    """Return whether a path may come to each place from two before, over a blank."""
    two_before = F.pad(places, (2, 0), value=BLANK)[:, :-2]
    return (places != BLANK) & (places != two_before)


def _moved(alpha: Float[Tensor, "batch places"], by: int) -> Float[Tensor, "batch places"]:
    """Return what stands so many places before each."""
    return F.pad(alpha, (by, 0), value=IMPOSSIBLE)[:, : alpha.shape[1]]


def _ended(
    alpha: Float[Tensor, "batch places"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, " batch"]:
    """Return the log-probability of ending at the last letter, or at the blank after it."""
    place = torch.arange(alpha.shape[1], device=alpha.device)
    end = (place == 2 * lengths[:, None]) | (place == 2 * lengths[:, None] - 1)
    return alpha.masked_fill(~end, IMPOSSIBLE).logsumexp(1)


def _check(logits: Tensor, steps: Tensor, letters: Tensor, lengths: Tensor) -> None:
    require_finite("ctc_loss", logits=logits)
    require_steps("ctc_loss", steps, logits.shape[1])
    if len(lengths) and not 0 <= int(lengths.min()) <= int(lengths.max()) <= letters.shape[1]:
        raise ValueError(
            f"ctc_loss: lengths must be from 0 to {letters.shape[1]}, as many as letters has; "
            f"got {int(lengths.min())} to {int(lengths.max())}."
        )
    real = torch.arange(letters.shape[1], device=letters.device) < lengths[:, None]
    said, units = letters[real], logits.shape[2]
    if said.numel() and not 1 <= int(said.min()) <= int(said.max()) < units:
        raise ValueError(
            f"ctc_loss: letters must be from 1 to {units - 1}, as logits has units and "
            f"{BLANK} is the blank; got {int(said.min())} to {int(said.max())}."
        )
