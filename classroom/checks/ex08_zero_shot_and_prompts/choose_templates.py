"""08.4: choose templates on one split, and say what they gain on another.

Whether a *person* looked at the test pictures while designing templates shows in no output.
Whether a *procedure* does shows at once: it is given both splits, and must choose by one.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classroom.checks.question import (
    Answer,
    Case,
    Invariance,
    Mistake,
    Property,
    Question,
    hidden,
    shown,
)

Table = np.ndarray


def _share(right: Table) -> Table:
    return np.asarray(right.mean(axis=1))


def _descending(scores: Table) -> Table:
    return np.argsort(-scores, kind="stable")


def _gain(_: Table, test: Table) -> Table:
    return _share(test) - _share(test)[0]


def build(
    *,
    by: Callable[[Table, Table], Table] = lambda validation, _: _share(validation),
    order: Callable[[Table], Table] = _descending,
    cut: Callable[[Table, int], Table] = lambda ranked, count: ranked[:count],
    report: Callable[[Table, Table], Table] = _gain,
    pick: Callable[[Table, Table], Table] = lambda gains, chosen: gains[chosen],
) -> Answer:
    """Return an answer that ranks templates, cuts or reports in its own way."""

    def answer(validation: Table, test: Table, count: int) -> tuple[list[int], list[float]]:
        chosen = cut(order(by(validation, test)), count)
        gains = pick(report(validation, test), chosen)[: len(chosen)]
        return chosen.tolist(), gains.tolist()  # to a list an array is alike

    return answer


def _split(rng: np.random.Generator, templates: int, pictures: int) -> np.ndarray:
    """Return which picture each template names right; no two are right equally often."""
    often = rng.permutation(pictures - 1)[:templates] + 1
    return np.stack([rng.permutation(pictures) < right for right in often])


def _by_hand(_: np.random.Generator) -> Sequence[Case]:
    validation = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], dtype=bool)
    test = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 0]], dtype=bool)
    return [
        shown("the best on validation is not the best on test", validation, test, 1),
        shown("two of three", validation, test, 2),
    ]


def _drawn(rng: np.random.Generator) -> Sequence[Case]:
    return [
        hidden("six of nine, the default too", *_with_default(rng), 6),
        hidden("three of eleven", _split(rng, 11, 40), _split(rng, 11, 15), 3),
        hidden("as many test pictures as others", *_alike(rng), 5),
    ]


def _with_default(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return splits of which validation ranks the default among the best."""
    validation = _split(rng, 9, 20)
    place = np.argsort(-validation.mean(axis=1))[rng.integers(1, 6)]
    validation[[0, place]] = validation[[place, 0]]
    return validation, _split(rng, 9, 30)


def _alike(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return _split(rng, 9, 10), _split(rng, 9, 10)


def _ignores_test(
    run: Callable[..., Any], validation: np.ndarray, test: np.ndarray, count: int
) -> bool:
    first = run(validation, test, count)[0]
    return bool(np.array_equal(first, run(validation, test[::-1], count)[0]))


CHOOSE_TEMPLATES = Question(
    number="08.4",
    function="choose_templates",
    reference=build(),
    build=build,
    rtol=1e-4,
    atol=1e-6,
    properties=(
        Property(name="by hand", points=0, cases=_by_hand),
        Property(name="chosen on one split, measured on another", points=3, cases=_drawn),
    ),
    mistakes=(
        Mistake(
            name="tuned-on-test",
            message="You chose by the test pictures, so their gain is luck that you picked. "
            "Choose by validation; look at the test pictures once, to report.",
            changes={"by": lambda _, test: _share(test)},
            variants=(
                {"by": lambda validation, test: _share(np.hstack([validation, test]))},
                {"by": lambda validation, test: _share(validation) + _share(test)},
            ),
        ),
        Mistake(
            name="reported-validation",
            message="You report the gain on the pictures that you chose by, where the winner "
            "always looks too good. Report the gain on the test pictures.",
            changes={"report": lambda validation, _: _gain(validation, validation)},
        ),
        Mistake(
            name="worst-first",
            message="You took the worst templates: argsort sorts upwards. Best first.",
            changes={"order": np.argsort},
        ),
        Mistake(
            name="best-last",
            message="You chose the right templates, and list the best of them last: argsort "
            "sorts upwards. Turn the list round.",
            changes={"cut": lambda ranked, count: ranked[:count][::-1]},
        ),
        Mistake(
            name="count-ignored",
            message="You list all templates. Keep the `count` best.",
            changes={"cut": lambda ranked, _: ranked},
        ),
        Mistake(
            name="default-left-out",
            message="The default template is missing among those chosen. Row 0 may be chosen "
            "like the rest.",
            changes={"order": lambda scores: _descending(scores)[_descending(scores) > 0]},
        ),
        Mistake(
            name="no-default",
            message="These are accuracies on the test pictures. Subtract that of the default "
            "template, row 0, to say what each gains.",
            changes={"report": lambda _, test: _share(test)},
        ),
        Mistake(
            name="default-of-validation",
            message="You compared accuracies of different pictures: subtract what the default "
            "reaches on the *test* pictures, too.",
            changes={"report": lambda validation, test: _share(test) - _share(validation)[0]},
        ),
        Mistake(
            name="test-minus-validation",
            message="You compared each template with itself on other pictures. A gain compares "
            "it with the default template, row 0, on the same pictures.",
            changes={"report": lambda validation, test: _share(test) - _share(validation)},
            variants=({"report": lambda validation, test: _share(validation) - _share(test)},),
        ),
        Mistake(
            name="minus-the-mean",
            message="You subtracted the mean accuracy of all templates. A gain is over the "
            "default, row 0.",
            changes={"report": lambda _, test: _share(test) - _share(test).mean()},
        ),
        Mistake(
            name="other-way-round",
            message="You subtracted the template's accuracy from the default's. A gain is "
            "positive where the template is better.",
            changes={"report": lambda validation, test: -_gain(validation, test)},
        ),
        Mistake(
            name="relative",
            message="You divided by the default's accuracy. A gain is a difference of two "
            "accuracies.",
            changes={"report": lambda _, test: _share(test) / _share(test)[0] - 1},
            variants=({"report": lambda _, test: _share(test) / _share(test)[0]},),
        ),
        Mistake(
            name="sorted-gains",
            message="Number i of the gains must belong to template i of those chosen: look "
            "them up with the chosen numbers, and do not sort or cut them by themselves.",
            changes={"pick": lambda gains, _: np.sort(gains)[::-1]},
            variants=(
                {"pick": lambda gains, _: gains},
                {"pick": lambda gains, chosen: np.sort(gains[chosen])[::-1]},
            ),
        ),
        Mistake(
            name="in-order-of-rows",
            message="You chose the right templates and listed them by number. List the best "
            "on validation first.",
            changes={"cut": lambda ranked, count: np.sort(ranked[:count])},
        ),
    ),
    invariances=(
        Invariance(
            name="blind",
            message="Other test pictures changed your list, or its order. Both come of "
            "validation alone.",
            holds=_ignores_test,
        ),
    ),
    left_out="Templates that a person tuned on the test set: that cannot be seen in any "
    "output, so designing your own carries no points.",
)
