"""Answers to 17.4, a right one and the mistakes that are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classroom.checks.question import Mistake

Fits = Callable[[np.ndarray, np.ndarray], np.ndarray]
Share = Callable[[np.ndarray, np.ndarray], float]


def _both_ways(facts: np.ndarray) -> np.ndarray:
    """Return what each rule says: each fact as it is, then each turned round."""
    return np.concatenate([facts, 1 - facts], axis=-1)


def _all_fit(said: np.ndarray, names: np.ndarray) -> np.ndarray:
    return (said == names[:, None]).all(axis=0)


def _of_those_left(weights: np.ndarray, says: np.ndarray) -> float:
    return float((weights * says).sum() / weights.sum())


@dataclass(frozen=True, kw_only=True)
class Steps:
    """`chance_of_dax`, with steps that may be replaced."""

    seen: Callable[[np.ndarray], slice | np.ndarray] = lambda _: slice(None)
    rules: Callable[[np.ndarray], np.ndarray] = _both_ways
    fits: Fits = _all_fit
    share: Share = _of_those_left
    last: Callable[[float], float] = lambda chance: chance

    def __call__(self, things: np.ndarray, names: np.ndarray, asked: np.ndarray) -> float:
        """Return the chance that the asked thing is called dax."""
        some = self.seen(names)
        weights = self.fits(self.rules(things[some]), names[some])
        with np.errstate(all="ignore"):  # where no rule is left, 0 / 0
            return self.last(self.share(weights, self.rules(asked)))


chance_of_dax = Steps()
"""The share of the rules that fit all examples which call the asked thing dax."""


def _shares(said: np.ndarray, names: np.ndarray) -> np.ndarray:
    return (said == names[:, None]).mean(axis=0) if len(names) else np.ones(said.shape[1])


def _any_fit(said: np.ndarray, names: np.ndarray) -> np.ndarray:
    return (said == names[:, None]).any(axis=0) if len(names) else np.ones(said.shape[1])


def _of_all(weights: np.ndarray, says: np.ndarray) -> float:
    return float((weights * says).sum() / len(weights))


def _of_those_left_or(none: float) -> Share:
    """Return the share of those that are left, or a number where none is."""
    return lambda weights, says: _of_those_left(weights, says) if weights.any() else none


def _first_left(weights: np.ndarray, says: np.ndarray) -> float:
    return float(says[np.argmax(weights)])


def _votes(things: np.ndarray, names: np.ndarray, asked: np.ndarray) -> float:
    """Return the share of daxes among examples, each as often as it shares a fact."""
    shared = (things == asked).sum(axis=1)
    return float((shared * names).sum() / shared.sum()) if shared.sum() else 0.5


def _nearest(things: np.ndarray, names: np.ndarray, asked: np.ndarray) -> float:
    if not len(names):
        return 0.5
    return float(names[(things == asked).sum(axis=1).argmax()])


def _share_of_names(_: np.ndarray, names: np.ndarray, __: np.ndarray) -> float:
    return float(names.mean()) if len(names) else 0.5


MISTAKES = (
    Mistake(
        name="one-way-round",
        message="You asked only of rules by which 1 is called dax. A fact may count the other "
        "way round as well: with five facts there are ten rules.",
        changes={"rules": lambda facts: facts},
        variants=(
            {"rules": lambda facts: 1 - facts},
            {"rules": lambda facts: facts, "share": _of_those_left_or(0)},
            {"rules": lambda facts: facts, "share": _of_those_left_or(0.5)},
        ),
    ),
    Mistake(
        name="nothing-ruled-out",
        message="You kept rules that an example contradicts. One is enough to rule them out.",
        changes={"fits": lambda said, _: np.ones(said.shape[1])},
    ),
    Mistake(
        name="one-example-is-enough",
        message="You kept rules that fit some example. They must fit all.",
        changes={"fits": _any_fit},
    ),
    Mistake(
        name="by-how-many-fit",
        message="You gave each rule the share of examples that it fits. An example that "
        "contradicts a rule rules it out: its weight is 0, that of those left 1.",
        changes={"fits": _shares},
    ),
    Mistake(
        name="one-example-alone",
        message="You looked at one example, the first or the last. All of them must fit.",
        changes={"seen": lambda _: slice(0, 1)},
        variants=({"seen": lambda _: slice(-1, None)},),
    ),
    Mistake(
        name="one-name-alone",
        message="You looked at examples of one name alone. Those of the other rule out as "
        "much: whatever would call a wug dax.",
        changes={"seen": lambda names: names == 1},
        variants=({"seen": lambda names: names == 0},),
    ),
    Mistake(
        name="divided-by-all-rules",
        message="You divided by the number of all rules. Divide by the number of those left: "
        "one of them is true.",
        changes={"share": _of_all},
    ),
    Mistake(
        name="one-rule-decides",
        message="You let one of the rules that are left decide. All of them are as likely: "
        "the share of them that say dax is the chance.",
        changes={"share": _first_left},
    ),
    Mistake(
        name="rounded",
        message="You return what is likelier, 0 or 1. The chance itself is asked for.",
        changes={"last": lambda chance: float(chance > 0.5)},
        variants=(
            {"last": lambda chance: float(chance >= 0.5)},
            {"last": lambda chance: chance if chance == 0.5 else float(chance > 0.5)},
        ),
    ),
    Mistake(
        name="other-name",
        message="This is the chance of the other name. 1 is dax.",
        changes={"last": lambda chance: 1 - chance},
    ),
    Mistake(
        name="votes",
        message="You let examples vote by how much they look like what is asked. Which fact "
        "counts is the same for all: keep the rules that fit, and count those.",
        answer=_votes,
        variants=(_nearest, _share_of_names),
    ),
)
