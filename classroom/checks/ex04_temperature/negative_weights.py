"""04.1: each wrong text's share of the push, a softmax without the right one."""

from collections.abc import Callable, Sequence
from math import log

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import finite, sums_to, unchanged, within
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown


def negative_weights(similarities: Tensor, temperature: float) -> Tensor:
    """Return the softmax of each row over its wrong columns alone; 0 on the diagonal."""
    without = (similarities / temperature).masked_fill(_right(similarities), -torch.inf)
    return without.softmax(dim=1)


def _right(similarities: Tensor) -> Tensor:
    return torch.eye(len(similarities), dtype=torch.bool)


def _emptied(powers: Tensor) -> Tensor:
    return powers.masked_fill(_right(powers), 0)


def _multiplied(powers: Tensor) -> Tensor:
    return powers * (1 - torch.eye(len(powers)))


def _of_row(counted: Tensor) -> Tensor:
    return counted.sum(dim=1, keepdim=True)


def _itself(table: Tensor) -> Tensor:
    return table


def build(  # noqa: PLR0913 - each is a place for one mistake
    *,
    scaled: Callable[[Tensor, float], Tensor] = lambda table, temperature: table / temperature,
    logits: Callable[[Tensor], Tensor] = _itself,
    power: Callable[[Tensor], Tensor] = torch.exp,
    counted: Callable[[Tensor], Tensor] = _emptied,
    total: Callable[[Tensor], Tensor] = _of_row,
    shares: Callable[[Tensor], Tensor] = _itself,
    dtype: torch.dtype = torch.float64,
) -> Answer:
    """Return an answer that takes its steps in other ways: in float64 no power overflows."""

    def answer(similarities: Tensor, temperature: float) -> Tensor:
        counts = counted(power(logits(scaled(similarities.to(dtype), temperature))))
        return shares(counts / total(counts))

    return answer


def _dropped(similarities: Tensor, temperature: float) -> Tensor:
    n = len(similarities)
    return (similarities[~_right(similarities)].view(n, n - 1) / temperature).softmax(dim=1)


def _shared_out(similarities: Tensor, temperature: float) -> Tensor:
    """Return what a whole softmax leaves to the wrong ones, shared out among them."""
    left = _emptied((similarities / temperature).softmax(dim=1))
    return left / _of_row(left)


def _divided_after(similarities: Tensor, temperature: float) -> Tensor:
    return negative_weights(similarities, 1) / temperature


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    pair = torch.tensor([[0.9, 0.1], [0.3, 0.8]], dtype=torch.float64)
    three = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 2.0, 1.0]])
    return [
        shown("two pairs: the only wrong text gets all", pair, 0.1),
        shown("a cosine higher by 1 counts three times", three.double() / 2, 0.5 / log(3)),
    ]


def _cosines(rng: np.random.Generator, count: int) -> Tensor:
    return torch.from_numpy(rng.uniform(-0.6, 0.9, (count, count)))


def _tables(rng: np.random.Generator) -> Sequence[Case]:
    ranges = (0.2, 0.4), (0.5, 0.8), (1.5, 3)
    warm, hot, hotter = (round(float(rng.uniform(*one)), 2) for one in ranges)
    return [
        hidden("three pairs", _cosines(rng, 3), warm),
        hidden("five pairs", _cosines(rng, 5), hot),
        hidden("seven pairs", _cosines(rng, 7), hotter),
    ]


def _cold(rng: np.random.Generator) -> Sequence[Case]:
    high = rng.uniform(0.94, 0.99, (5, 5)).astype(np.float32)
    apart = (rng.uniform(-0.2, 0.2, (3, 3)) + 0.75 * np.eye(3)).astype(np.float32)
    return [
        hidden("high cosines at 0.005", torch.from_numpy(high), 0.005),
        hidden("right pairs far ahead", torch.from_numpy(apart), 0.002),
        hidden("four pairs", _cosines(rng, 4), round(float(rng.uniform(0.3, 0.6)), 2)),
    ]


NEGATIVE_WEIGHTS = Question(
    number="04.1",
    function="negative_weights",
    reference=negative_weights,
    rtol=1e-3,
    atol=1e-4,  # in float32 a cosine divided by 0.005 is known to about 2e-5
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="shares among the wrong ones", points=3, cases=_tables),
        Property(name="cold does not overflow", points=1, cases=_cold),
    ),
    build=build,
    mistakes=(
        Mistake(
            name="diagonal-included",
            message="The right text has a share too. Only wrong ones are pushed: put −infinity "
            "on the diagonal before the softmax.",
            changes={"counted": _itself},
        ),
        Mistake(
            name="not-renormalised",
            message="You took the diagonal out after the softmax, and what is left of a row "
            "adds up to less than 1. Divide by its sum, or take the diagonal out first.",
            changes={"counted": _itself, "shares": _emptied},
        ),
        Mistake(
            name="diagonal-zeroed-first",
            message="What you put on the diagonal is still a logit, and takes a share: 0 is "
            "worth exp(0) = 1. Minus infinity is worth nothing.",
            changes={"counted": _itself, "logits": _emptied},
            variants=(
                {"counted": _itself, "logits": _emptied, "shares": _emptied},
                {"counted": _itself, "logits": lambda x: x.masked_fill(_right(x), -1)},
                lambda x, temperature: (x.masked_fill(_right(x), -1) / temperature).softmax(1),
            ),
        ),
        Mistake(
            name="zero-times-infinity",
            message="All of yours are NaN: 0 · inf is NaN, so a mask cannot be multiplied by "
            "infinity. Fill with it: masked_fill(mask, -torch.inf).",
            changes={"logits": lambda table: table * torch.nan},
        ),
        Mistake(
            name="mask-inverted",
            message="In yours the right text gets everything, and the wrong ones get nothing. "
            "Hide the diagonal instead: the mask is True where the right pairs are.",
            changes={"counted": lambda powers: powers * torch.eye(len(powers))},
        ),
        Mistake(
            name="tau-multiplied",
            message="You multiplied by the temperature; it divides.",
            changes={"scaled": lambda table, temperature: table * temperature},
        ),
        Mistake(
            name="no-temperature",
            message="The temperature is missing: divide the cosines by it.",
            changes={"scaled": lambda table, _: table},
        ),
        Mistake(
            name="divided-after",
            message="You divided the shares by the temperature. It divides the cosines, before "
            "the softmax.",
            answer=_divided_after,
        ),
        Mistake(
            name="pushes-the-distant",
            message="Your largest shares go to the smallest cosines: one minus too many. The "
            "nearest wrong text is pushed most.",
            changes={"scaled": lambda table, temperature: -table / temperature},
        ),
        Mistake(
            name="wrong-axis",
            message="Your columns add up to 1. Each row is one picture's exam: dim=1.",
            changes={"total": lambda counted: counted.sum(dim=0)},
        ),
        Mistake(
            name="whole-table",
            message="You divided by the sum of the whole table; each row has a sum of its own.",
            changes={"total": torch.sum},
        ),
        Mistake(
            name="sum-of-another-row",
            message="You divided by the sum of another row: without keepdim=True the sums lie "
            "along the columns. Keep the axis, or use softmax.",
            changes={"total": lambda counted: counted.sum(dim=1)},
        ),
        Mistake(
            name="not-divided",
            message="These are the exponentials. A share is one of them divided by the sum of "
            "its row.",
            changes={"total": torch.ones_like},
            variants=({"total": torch.ones_like, "dtype": torch.float32},),
        ),
        Mistake(
            name="no-exponential",
            message="You divided the logits themselves by their sum. Take exp of each first, "
            "or softmax, which does both.",
            changes={"power": _itself},
        ),
        Mistake(
            name="logarithm",
            message="These are the logarithms of the shares. Use softmax, not log_softmax.",
            changes={"shares": torch.log},
        ),
        Mistake(
            name="diagonal-dropped",
            message="You dropped the diagonal, and the columns moved. Keep the table's shape, "
            "with 0 where the right pairs are.",
            answer=_dropped,
        ),
        Mistake(
            name="nothing-left",
            message="Where the right text takes all of a row's softmax, nothing is left to "
            "share out, and 0 / 0 is NaN. Take the diagonal out before the softmax.",
            answer=_shared_out,
        ),
        Mistake(
            name="overflow",
            message="Where it is cold your shares are NaN: exp(190) is too large for float32. "
            "softmax avoids it.",
            changes={"dtype": torch.float32},
            variants=({"dtype": torch.float32, "counted": _multiplied},),
        ),
    ),
    invariances=(
        finite(
            "Some of your shares are NaN or infinite: exp of a large number is infinite, and "
            "inf / inf, like 0 · inf, is NaN."
        ),
        sums_to("The shares of a row must add up to 1; yours do not."),
        within("A share lies in 0 to 1; one of yours does not.", 0, 1),
        unchanged(
            "right pair",
            "The right pair's own cosine must change nothing; it changes your shares.",
            lambda similarities, temperature: (
                similarities - 0.3 * torch.eye(len(similarities)),
                temperature,
            ),
        ),
        unchanged(
            "level",
            "The same number added to all cosines must change nothing; it changes your shares.",
            lambda similarities, temperature: (similarities + 0.2, temperature),
        ),
    ),
)
