"""Answers to 16.3, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from classroom.checks.question import Mistake

Scale = Callable[[Tensor, float], Tensor]


def _guided(text: Tensor, alone: Tensor, guidance: float) -> Tensor:
    return alone + guidance * (text - alone)


def _divided(logits: Tensor, temperature: float) -> Tensor:
    return logits / temperature


def _of_guided(guided: Tensor, *_: Tensor) -> Tensor:
    return guided


def _places(judged: Tensor, top_k: int) -> Tensor:
    """Return which codes are among the k likeliest."""
    least = judged.topk(min(top_k, judged.shape[1]), dim=1).values[:, -1:]
    return judged >= least


def _hidden(logits: Tensor, kept: Tensor) -> Tensor:
    return logits.masked_fill(~kept, -torch.inf)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`next_code`, with steps that may be replaced."""

    guide: Callable[[Tensor, Tensor, float], Tensor] = _guided
    guidance: Callable[[float], float] = lambda guidance: guidance
    scale: Scale = _divided
    judge: Callable[[Tensor, Tensor, Tensor], Tensor] = _of_guided
    count: Callable[[int], int] = lambda top_k: top_k
    hide: Callable[[Tensor, Tensor], Tensor] = _hidden
    share: Callable[[Tensor], Tensor] = lambda logits: logits.softmax(dim=1)
    last: Callable[[Tensor, Tensor], Tensor] = lambda chances, _: chances

    def __call__(
        self, text: Tensor, alone: Tensor, guidance: float, temperature: float, top_k: int
    ) -> Tensor:
        """Return the chances from which the next code is drawn."""
        guided = self.guide(text, alone, self.guidance(guidance))
        logits = self.scale(guided, temperature)
        count = max(1, self.count(top_k))
        kept = _places(self.judge(guided, text, alone), count)
        return self.last(self.share(self.hide(logits, kept)), kept)


next_code = Steps()
"""The chances of the next code, with guidance, temperature and top-k."""


def _guided_chances(
    text: Tensor, alone: Tensor, guidance: float, temperature: float, top_k: int
) -> Tensor:
    """Return chances with guidance after softmax; those below 0 become 0."""
    both = [(one / temperature).softmax(dim=1) for one in (text, alone)]
    chances = _guided(both[0], both[1], guidance).clamp(min=0)
    chances = chances * _places(chances, top_k)
    return chances / chances.sum(dim=1, keepdim=True)


def _one_side_cooled(
    text: Tensor, alone: Tensor, guidance: float, temperature: float, top_k: int
) -> Tensor:
    return next_code(text / temperature, alone, guidance, 1.0, top_k)


MISTAKES = (
    Mistake(
        name="guidance-after-softmax",
        message="You guided chances. They would go below 0 and beyond 1, and what is cut off "
        "there is lost. Guide the logits, then softmax.",
        answer=_guided_chances,
    ),
    Mistake(
        name="reversed",
        message="The two have changed places: with a guidance of 1 yours ignores the text. "
        "Start from `alone` and walk towards `text`.",
        changes={"guide": lambda text, alone, guidance: text + guidance * (alone - text)},
    ),
    Mistake(
        name="away",
        message="You walk away from the text: the difference is text - alone.",
        changes={"guide": lambda text, alone, guidance: alone + guidance * (alone - text)},
    ),
    Mistake(
        name="guidance-off-by-one",
        message="Your guidance is one off: 1 is as in training, 0 ignores the text.",
        changes={"guidance": lambda guidance: guidance + 1},
        variants=({"guidance": lambda guidance: guidance - 1},),
    ),
    Mistake(
        name="guidance-ignored",
        message="Guidance changes nothing with you: you follow the text as in training.",
        changes={"guidance": lambda _: 1.0},
    ),
    Mistake(
        name="difference-alone",
        message="This is what the text adds, times guidance. Add it to `alone`.",
        changes={"guide": lambda text, alone, guidance: guidance * (text - alone)},
    ),
    Mistake(
        name="text-alone-scaled",
        message="You made the text's logits larger. What is to grow is their difference from "
        "`alone`.",
        changes={"guide": lambda text, alone, guidance: alone + guidance * text},
        variants=({"guide": lambda text, _, guidance: guidance * text},),
    ),
    Mistake(
        name="temperature-multiplied",
        message="You multiplied by the temperature. It divides: below 1 it sharpens.",
        changes={"scale": lambda logits, temperature: logits * temperature},
    ),
    Mistake(
        name="temperature-ignored",
        message="Temperature changes nothing with you. Divide the logits by it before softmax; "
        "dividing chances does nothing once they add up to 1.",
        changes={"scale": lambda logits, _: logits},
    ),
    Mistake(
        name="temperature-on-one-side",
        message="You divided a part by the temperature: one of the two, or their difference. "
        "Divide what guidance makes of both.",
        answer=_one_side_cooled,
        variants=(
            lambda text, alone, guidance, temperature, top_k: next_code(
                text, alone / temperature, guidance, 1.0, top_k
            ),
            lambda text, alone, guidance, temperature, top_k: next_code(
                text, alone, guidance / temperature, 1.0, top_k
            ),
        ),
    ),
    Mistake(
        name="k-plus-one",
        message="You keep one code too many.",
        changes={"count": lambda top_k: top_k + 1},
    ),
    Mistake(
        name="k-minus-one",
        message="You keep one code too few: the k-th is kept, too. Compare with >=.",
        changes={"count": lambda top_k: top_k - 1},
    ),
    Mistake(
        name="all-kept",
        message="You draw from all codes. Only the k likeliest are kept.",
        changes={"count": lambda _: 10**6},
    ),
    Mistake(
        name="least-kept",
        message="You keep the k least likely codes.",
        changes={"judge": lambda guided, *_: -guided},
    ),
    Mistake(
        name="chosen-before-guidance",
        message="You chose the k likeliest before guidance, which makes others likely. Guide "
        "first.",
        changes={"judge": lambda _, text, __: text},
        variants=({"judge": lambda _, __, alone: alone},),
    ),
    Mistake(
        name="does-not-add-up",
        message="Your chances add up to less than 1: codes were dropped after softmax. Set "
        "their logits to -inf before it, or divide by the sum.",
        changes={
            "hide": lambda logits, _: logits,
            "last": lambda chances, kept: chances * kept,
        },
    ),
    Mistake(
        name="hidden-by-zero",
        message="You set the logits of dropped codes to 0, which softmax makes a chance of: "
        "exp(0) = 1. -inf gives none.",
        changes={"hide": lambda logits, kept: logits * kept},
    ),
    Mistake(
        name="logits-returned",
        message="You return logits, or logarithms of chances. Chances are asked for, from 0 to "
        "1.",
        changes={"share": lambda logits: logits},
        variants=({"share": lambda logits: logits.log_softmax(dim=1)},),
    ),
    Mistake(
        name="softmax-twice",
        message="You went through softmax twice: what it gives are chances, no logits. Hide "
        "codes among the logits, then softmax once.",
        changes={"scale": lambda logits, temperature: (logits / temperature).softmax(dim=1)},
    ),
    Mistake(
        name="softmax-over-pictures",
        message="Your chances add up to 1 over the pictures. Those of each picture do: dim=1.",
        changes={"share": lambda logits: logits.softmax(dim=0)},
    ),
)
