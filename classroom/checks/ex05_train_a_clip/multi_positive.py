"""05.2: equal captions share the right answer.

Leaves out captions that mean the same in other words or letters: they are compared as they are.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from classroom.checks.invariances import sums_to
from classroom.checks.question import Answer, Case, Mistake, Property, Question, hidden, shown

COLOURS = ("red", "green", "blue", "yellow", "white", "black")
KINDS = ("cat", "dog", "bird", "car", "bus", "boat")


def multi_positive_targets(captions: Sequence[str]) -> Tensor:
    """Return how right text j is for picture i: 1 shared by the captions equal to i's own."""
    same = _same(captions)
    return same / same.sum(dim=1, keepdim=True)


def _same(
    captions: Sequence[str], equal: Callable[[str, str], bool] = lambda a, b: a == b
) -> Tensor:
    return torch.tensor([[float(equal(a, b)) for b in captions] for a in captions])


def _first_of_equals(captions: Sequence[str]) -> Tensor:
    places = [list(captions).index(text) for text in captions]
    return torch.eye(len(captions))[places]


def _without_itself(captions: Sequence[str]) -> Tensor:
    others = _same(captions) - torch.eye(len(captions))
    return others / others.sum(dim=1, keepdim=True).clamp(min=1)


def _without_itself_nan(captions: Sequence[str]) -> Tensor:
    others = _same(captions) - torch.eye(len(captions))
    return others / others.sum(dim=1, keepdim=True)


def _comparing(equal: Callable[[str, str], bool]) -> Answer:
    def answer(captions: Sequence[str]) -> Tensor:
        same = _same(captions, equal)
        return same / same.sum(dim=1, keepdim=True)

    return answer


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    return [
        shown("a cat, a dog, a cat", ["a cat", "a dog", "a cat"]),
        shown("nothing repeats", ["a cat", "a dog"]),
        shown("a caption that another begins with", ["a cat", "a cat at sea", "a cat"]),
    ]


def _texts(rng: np.random.Generator, count: int, words: Sequence[str]) -> list[str]:
    chosen = rng.permutation(np.array(words))[:count]
    return [f"a photo of a {word}" for word in chosen]


def _shuffled(rng: np.random.Generator, captions: list[str]) -> list[str]:
    return [captions[place] for place in rng.permutation(len(captions))]


def _repeated(rng: np.random.Generator) -> Sequence[Case]:
    two, three = _texts(rng, 2, KINDS), _texts(rng, 3, KINDS)
    return [
        hidden("one caption three times", _shuffled(rng, two + two[:1] * 2)),
        hidden("seven captions of three kinds", _shuffled(rng, three * 2 + three[:1])),
        hidden("all the same", three[:1] * 3),
        hidden("all different", _texts(rng, 5, KINDS)),
    ]


def _longer(rng: np.random.Generator) -> Sequence[Case]:
    """Return captions of which some hold others, or the same words in another order."""
    first, second = _texts(rng, 2, KINDS)
    colour, other = rng.permutation(np.array(COLOURS))[:2].tolist()
    pair = [
        f"a {colour} {KINDS[0]} and a {other} {KINDS[1]}",
        f"a {other} {KINDS[0]} and a {colour} {KINDS[1]}",
    ]
    return [
        hidden(
            "one caption goes on", _shuffled(rng, [first, f"{first} at sea", first, second])
        ),
        hidden("the same words, exchanged", _shuffled(rng, [*pair, pair[0], first, second])),
    ]


MULTI_POSITIVE_TARGETS = Question(
    number="05.2",
    function="multi_positive_targets",
    reference=multi_positive_targets,
    rtol=1e-5,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="equal captions share", points=2, cases=_repeated),
        Property(name="others, however alike, do not", points=1, cases=_longer),
    ),
    mistakes=(
        Mistake(
            name="rows-not-normalised",
            message="Your rows say which captions are equal, and add up to more than 1 where "
            "some are. Divide each by its sum.",
            answer=_same,
            variants=(lambda captions: _same(captions).bool(),),
        ),
        Mistake(
            name="only-diagonal",
            message="Only the diagonal is right in yours. A caption that stands there twice is "
            "right in both places: half here, half there.",
            answer=lambda captions: torch.eye(len(captions)),
        ),
        Mistake(
            name="divided-by-all",
            message="You divided every row by the same number. Each is divided by its own sum: "
            "by how often its caption occurs.",
            answer=lambda captions: _same(captions) / _same(captions).sum(),
            variants=(lambda captions: _same(captions) / len(captions),),
        ),
        Mistake(
            name="first-of-equals",
            message="The first of several equal captions got everything, as with "
            "captions.index(...). All of them share.",
            answer=_first_of_equals,
        ),
        Mistake(
            name="without-itself",
            message="You left a picture's own caption out. It is right too, and where nothing "
            "repeats it is all there is.",
            answer=_without_itself,
            variants=(_without_itself_nan,),
        ),
        Mistake(
            name="softmax",
            message="A softmax leaves something for every caption, wrong ones too. Divide each "
            "row by its sum: then what was 0 stays 0.",
            answer=lambda captions: _same(captions).softmax(dim=1),
        ),
        Mistake(
            name="compared-parts",
            message="You compared parts of the captions, or their words. Two captions share "
            "only when they are equal from end to end: ==.",
            answer=_comparing(lambda a, b: a in b),
            variants=(
                _comparing(lambda a, b: b in a),
                _comparing(lambda a, b: a in b or b in a),
                _comparing(lambda a, b: set(a.split()) == set(b.split())),
                _comparing(lambda a, b: sorted(a.split()) == sorted(b.split())),
            ),
        ),
    ),
    invariances=(sums_to("Each row must add up to 1; one of yours does not."),),
    left_out="Comparing pictures instead of captions (compared-images): no pictures are given.",
)
