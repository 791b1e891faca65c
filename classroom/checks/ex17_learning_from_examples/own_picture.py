"""17.2: which word of a document sees which of its pictures.

Leaves out what earlier pictures showed, which reaches a word through other words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classroom.checks.question import (
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Document = tuple[Tensor, int, int]


def _latest(marks: Tensor) -> Tensor:
    return marks.long().cumsum(dim=1)


def _from_one(_: Tensor, pictures: int) -> Tensor:
    return torch.arange(1, pictures + 1)


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`own_picture`, with steps that may be replaced."""

    count: Callable[[Tensor], Tensor] = _latest
    numbers: Callable[[Tensor, int], Tensor] = _from_one
    sees: Callable[[Tensor, Tensor], Tensor] = torch.eq
    last: Callable[[Tensor], Tensor] = lambda may: may

    def __call__(self, tokens: Tensor, image: int, pictures: int) -> Tensor:
        """Return whether each word may look at each picture."""
        count = self.count(tokens == image)
        return self.last(self.sees(count[:, :, None], self.numbers(count, pictures)))


own_picture = Steps()
"""Whether each word may look at each picture: at that of its own chunk alone."""


def _document(rng: np.random.Generator, image: int, before: int, *chunks: int) -> list[int]:
    """Return a row of words: so many, then a mark and so many words for each chunk."""
    others = [number for number in range(1, 40) if number != image]
    row = rng.choice(others, before).tolist()
    for words in chunks:
        row += [image, *rng.choice(others, words).tolist()]
    return row


def _documents(rng: np.random.Generator, pictures: int, *lengths: tuple[int, ...]) -> Document:
    """Return documents, padded to the longest with 0, the number of the mark and `pictures`."""
    image = int(rng.integers(3, 40))
    rows = [_document(rng, image, *each) for each in lengths]
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows]), image, pictures


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("one picture, two words", torch.tensor([[7, 3, 4]]), 7, 1),
        shown("two chunks", torch.tensor([[7, 3, 7, 4]]), 7, 2),
        shown("a word before the first picture", torch.tensor([[3, 7, 4]]), 7, 1),
    ]


def _chunks(rng: np.random.Generator) -> Sequence[Case]:
    some = [int(one) for one in rng.integers(1, 4, 5)]
    return [
        hidden("three chunks", *_documents(rng, 3, (0, *some[:3]))),
        hidden(
            "four chunks in two documents", *_documents(rng, 4, (0, 2, 1, 3, 1), (0, *some[1:]))
        ),
        hidden(
            "marks side by side", *_documents(rng, 4, (0, 0, some[0], 0, 2), (0, 1, 0, 0, 1))
        ),
    ]


def _alone(rng: np.random.Generator) -> Sequence[Case]:
    before = int(rng.integers(2, 5))
    return [
        hidden("words before the first picture", *_documents(rng, 2, (before, 2, 1))),
        hidden("a document without a picture", *_documents(rng, 3, (5,), (before, 1, 1, 0))),
    ]


def _left_over(rng: np.random.Generator) -> Sequence[Case]:
    some = int(rng.integers(1, 4))
    return [
        hidden("pictures without a mark", *_documents(rng, 5, (0, some, 2, 1))),
        hidden("unlike many pictures", *_documents(rng, 3, (0, 2), (1, some, 1, 2), (0, 3, 1))),
    ]


def _others_stay(run: Callable[..., Any], tokens: Tensor, image: int, pictures: int) -> bool:
    """Return whether a document is read alike, whatever stands beside it."""
    alone = [run(row[None], image, pictures)[0] for row in tokens]
    return bool(np.array_equal(run(tokens, image, pictures), alone))


MISTAKES = (
    Mistake(
        name="all-earlier",
        message="Your words see all pictures that stand before them. Each sees the last of "
        "these alone; of the others, words tell each other.",
        changes={"sees": torch.ge},
    ),
    Mistake(
        name="next-picture",
        message="Your pictures are one too far: words see the one that comes next. A picture's "
        "words stand behind its mark; counted from 1, the count of marks so far is its number.",
        changes={"numbers": lambda _, pictures: torch.arange(pictures)},
    ),
    Mistake(
        name="mark-sees-the-one-before",
        message="The mark of a picture sees the picture before. It opens its own chunk: count "
        "it, too.",
        changes={"count": lambda marks: _latest(marks) - marks.long()},
    ),
    Mistake(
        name="mark-sees-nothing",
        message="The mark of a picture sees no picture with you. It belongs to its own chunk.",
        changes={"count": lambda marks: _latest(marks).masked_fill(marks, 0)},
    ),
    Mistake(
        name="mark-alone",
        message="Only the marks see their pictures with you. So do the words behind them, up "
        "to the next mark.",
        changes={"count": lambda marks: _latest(marks).masked_fill(~marks, 0)},
    ),
    Mistake(
        name="before-the-first",
        message="Words before the first picture see it. They see none: nothing of what comes "
        "later may be known.",
        changes={"count": lambda marks: _latest(marks).clamp(min=1)},
    ),
    Mistake(
        name="one-for-all",
        message="All words of a document see the same picture, the first or the last. Each "
        "sees that of its own chunk.",
        changes={"count": lambda marks: _latest(marks).clamp(max=1)},
        variants=({"count": lambda marks: _latest(marks)[:, -1:].expand(marks.shape)},),
    ),
    Mistake(
        name="all-pictures",
        message="Your words see all pictures of their document, later ones too. Each sees "
        "that of its own chunk.",
        changes={
            "count": lambda marks: _latest(marks)[:, -1:].expand(marks.shape),
            "sees": torch.ge,
        },
        variants=({"sees": lambda count, numbers: (count >= 0) & (numbers > 0)},),
    ),
    Mistake(
        name="over-the-batch",
        message="You went on counting from one document to the next. Each begins at 0: "
        "cumsum(dim=1).",
        changes={"count": lambda marks: marks.flatten().long().cumsum(0).view(marks.shape)},
        variants=({"count": lambda marks: marks.long().cumsum(dim=0)},),
    ),
    Mistake(
        name="from-the-end",
        message="You counted marks from the end of the document. Count those up to each word: "
        "nothing of what comes later may be known.",
        changes={"count": lambda marks: _latest(marks.flip(1)).flip(1)},
    ),
    Mistake(
        name="columns-from-marks",
        message="You made a column for each mark. `pictures` says how many there are; those "
        "without a mark are seen by nobody.",
        changes={"numbers": lambda count, _: torch.arange(1, int(count.max()) + 1)},
    ),
    Mistake(
        name="padding-sees-nothing",
        message="Padding sees nothing with you. It is read as any word: nobody asks what it "
        "sees, and no rule has to be made for it.",
        answer=lambda tokens, image, pictures: (
            own_picture(tokens, image, pictures) & (tokens != 0)[:, :, None]
        ),
    ),
    Mistake(
        name="turned-round",
        message="You say True where a word may not look. True means that it may.",
        changes={"last": torch.logical_not},
    ),
    Mistake(
        name="pictures-as-rows",
        message="Pictures are your rows and words your columns. (batch, words, pictures) is "
        "asked for.",
        changes={"last": lambda may: may.mT},
    ),
    Mistake(
        name="as-numbers",
        message="You return numbers. True and False are asked for, as `a == b` gives them.",
        changes={"last": lambda may: may.long()},
        variants=(
            {"last": lambda may: may.float()},
            {"last": lambda may: torch.zeros(may.shape).masked_fill(~may, -torch.inf)},
        ),
    ),
)

OWN_PICTURE = Question(
    number="17.2",
    function="own_picture",
    reference=own_picture,
    build=Steps,
    rtol=0,
    atol=0,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="its own chunk's", points=2, cases=_chunks),
        Property(name="before the first picture", points=1, cases=_alone),
        Property(name="more pictures than marks", points=1, cases=_left_over),
    ),
    mistakes=MISTAKES,
    invariances=(
        Invariance(
            name="documents",
            message="A document must be read alike, whatever stands beside it in the batch; "
            "yours is not.",
            holds=_others_stay,
        ),
    ),
)
