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


def choose_templates(
    validation: np.ndarray, test: np.ndarray, count: int
) -> tuple[list[int], list[float]]:
    """Return the `count` best templates on validation, and what each gains on test."""
    chosen = _best(validation.mean(axis=1))[:count]
    return chosen.tolist(), _gains(test)[chosen].tolist()  # to a list an array is alike


def _best(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")


def _gains(right: np.ndarray) -> np.ndarray:
    accuracy = right.mean(axis=1)
    return np.asarray(accuracy - accuracy[0])


def _choosing(
    choose: Callable[[np.ndarray, np.ndarray], np.ndarray],
    report: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda _, test: _gains(test),
) -> Answer:
    """Return an answer that ranks all templates, or reports a number for each, otherwise."""

    def answer(
        validation: np.ndarray, test: np.ndarray, count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        chosen = choose(validation, test)[:count]
        return chosen, report(validation, test)[chosen]

    return answer


def _by_validation(validation: np.ndarray, _: np.ndarray) -> np.ndarray:
    return _best(validation.mean(axis=1))


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
        hidden("six of nine", _split(rng, 9, 20), _split(rng, 9, 30), 6),
        hidden("three of eleven", _split(rng, 11, 40), _split(rng, 11, 15), 3),
        hidden("as many test pictures as others", *_alike(rng), 5),
    ]


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
    reference=choose_templates,
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
            answer=_choosing(lambda _, test: _best(test.mean(axis=1))),
            variants=(
                _choosing(
                    lambda validation, test: _best(np.hstack([validation, test]).mean(axis=1))
                ),
            ),
        ),
        Mistake(
            name="reported-validation",
            message="You report the gain on the pictures that you chose by, where the winner "
            "always looks too good. Report the gain on the test pictures.",
            answer=_choosing(_by_validation, lambda validation, _: _gains(validation)),
        ),
        Mistake(
            name="worst-first",
            message="You took the worst templates: argsort sorts upwards. Best first.",
            answer=_choosing(lambda *given: _by_validation(*given)[::-1]),
        ),
        Mistake(
            name="no-default",
            message="These are accuracies on the test pictures. Subtract that of the default "
            "template, row 0, to say what each gains.",
            answer=_choosing(_by_validation, lambda _, test: np.asarray(test.mean(axis=1))),
        ),
        Mistake(
            name="default-of-validation",
            message="You compared accuracies of different pictures: subtract what the default "
            "reaches on the *test* pictures, too.",
            answer=_choosing(
                _by_validation,
                lambda validation, test: np.asarray(test.mean(axis=1) - validation[0].mean()),
            ),
        ),
        Mistake(
            name="sorted-gains",
            message="Number i of the gains must belong to template i of those chosen, so do "
            "not sort them by themselves.",
            answer=lambda validation, test, count: (
                _best(validation.mean(axis=1))[:count],
                np.sort(_gains(test))[::-1][:count],
            ),
            variants=(
                lambda validation, test, count: (
                    _best(validation.mean(axis=1))[:count],
                    _gains(test)[:count],
                ),
            ),
        ),
        Mistake(
            name="in-order-of-rows",
            message="You chose the right templates and listed them by number. List the best "
            "on validation first.",
            answer=lambda validation, test, count: (
                np.sort(_best(validation.mean(axis=1))[:count]),
                _gains(test)[np.sort(_best(validation.mean(axis=1))[:count])],
            ),
        ),
    ),
    invariances=(
        Invariance(
            name="blind",
            message="Other test pictures changed what you choose. Choose by validation alone.",
            holds=_ignores_test,
        ),
    ),
    left_out="Templates that a person tuned on the test set: that cannot be seen in any "
    "output, so designing your own carries no points.",
)
