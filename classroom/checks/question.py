"""What an exercise asks, as data: inputs, points, and the answers that are known to be wrong.

A question holds a reference, properties and mistakes. A property draws its cases from a
Generator; its points are given when all of its cases pass, never case by case. A fixed
case is visible and carries no points, because an answer could learn it by heart. Leaves
out running anything: that is `judge` for a learner's own notebook, `grading` for marks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Answer = Callable[..., Any]
"""What a learner defines, a function or a class, and what the reference is."""

Changes = Mapping[str, object]
"""What a question's `build` is given to make an answer that is wrong in one way."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call: what it is called, its arguments, and whether a learner is shown it.

    Arguments are numbers, strings, None, numpy arrays, torch tensors, and lists or tuples of
    them: what can be sent to another process without running code from it.
    """

    label: str
    arguments: tuple[object, ...]
    visible: bool = False


def shown(label: str, *arguments: object) -> Case:
    """Return a case that learners are shown."""
    return Case(label=label, arguments=arguments, visible=True)


def hidden(label: str, *arguments: object) -> Case:
    """Return a case that is drawn anew for each grading."""
    return Case(label=label, arguments=arguments)


@dataclass(frozen=True, kw_only=True)
class Property:
    """Something a right answer does, and the cases that try it.

    `cases` draws from the Generator that it is given and from nothing else. No constant may
    pass all of a property's cases if it carries points.
    """

    name: str
    points: float
    cases: Callable[[np.random.Generator], Sequence[Case]]


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong answer that has been seen before, and what to say to who gives it.

    Args:
        name: a word or two for those who grade.
        message: what they did, then what to do.
        answer: the wrong answer; without one, the question's `build` makes it from `changes`.
        changes: what makes it, so that it can be made together with another mistake.
        variants: other ways to make the same mistake, whose outputs differ somewhere; answers
            or changes.
    """

    name: str
    message: str
    answer: Answer | None = None
    changes: Changes = field(default_factory=dict, hash=False)
    variants: tuple[Answer | Changes, ...] = field(default=(), hash=False)

    def __post_init__(self) -> None:
        if self.answer is None and not self.changes:
            raise ValueError(f"Mistake: expected an answer or changes in {self.name}.")

    @property
    def made(self) -> tuple[Changes, ...]:
        """All changes by which `build` makes it."""
        forms = (self.changes, *self.variants)
        return tuple(one for one in forms if isinstance(one, Mapping) and one)


@dataclass(frozen=True, kw_only=True)
class Invariance:
    """A law that right answers keep, told to those who break it when no mistake is known.

    `holds(run, *arguments)` says whether the law is kept for these arguments; `run` calls
    the learner's answer and returns its plain outcome.
    """

    name: str
    message: str
    holds: Callable[..., bool]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: what the learner defines, and how that is judged.

    Args:
        number: such as "02.1".
        function: the name that the learner defines in the notebook.
        reference: the right answer.
        properties: what is tried, in order. Fixed visible cases stand in one with 0 points.
        mistakes: at least four, unless `left_out` says why there are fewer.
        rtol, atol: how far a number may be off, as in `numpy.allclose`.
        harness: how an answer is used that is no plain function of arguments (a class, a
            module, a function of pictures): `harness(answer, *arguments)` returns numbers,
            arrays, strings or lists of them. Its source is sent to where the answer runs: it
            imports what it needs in its body and uses no name from outside. It only uses the
            answer; whoever runs beside it could forge what it concludes.
        told: with a harness, what the check does with the answer, in one sentence such as
            "It makes LogitScale(init, max_scale) and takes each of the steps."
        build: `build(**changes)` returns an answer that is wrong in these ways alone, and
            `build()` a right one. With it, two mistakes at once are recognised too.
        measure: what is compared instead of the outcome, for random answers, say:
            `measure(outcome, *arguments)` of a plain outcome, computed where the judge runs.
        invariances: laws, in the order in which they are tried.
        remark: `remark(answer)` returns a line of feedback on what no output shows (how often
            something was called), or None. It carries no points.
        left_out: which mistakes are not looked for, and why.
    """

    number: str
    function: str
    reference: Answer
    properties: tuple[Property, ...]
    mistakes: tuple[Mistake, ...]
    rtol: float
    atol: float
    harness: Callable[..., Any] | None = None
    told: str = ""
    build: Callable[..., Answer] | None = None
    measure: Callable[..., Any] | None = None
    invariances: tuple[Invariance, ...] = ()
    remark: Callable[[Answer], str | None] | None = None
    left_out: str = ""

    def __post_init__(self) -> None:
        unmade = [one.name for one in self.mistakes if one.made and self.build is None]
        if unmade:
            raise ValueError(
                f"Question {self.number}: expected `build`, which makes mistakes from their "
                f"changes; {', '.join(unmade)} cannot be made. Give build, or answers."
            )

    def answers(self, mistake: Mistake) -> tuple[Answer, ...]:
        """Return all answers that make this mistake, variants last."""
        first = mistake.changes if mistake.answer is None else mistake.answer
        forms = (first, *mistake.variants)
        return tuple(self.made(one) if isinstance(one, Mapping) else one for one in forms)

    def made(self, changes: Changes) -> Answer:
        """Return the answer that `build` makes of some changes."""
        assert self.build is not None  # mistakes with changes are refused without it
        return self.build(**changes)

    @property
    def points(self) -> float:
        """The points of all its properties."""
        return sum(each.points for each in self.properties)

    def draw(self, seed: int) -> Iterator[tuple[Property, Case]]:
        """Yield each property's cases; the same ones for the same seed.

        A property draws from a stream of its own, so that one more case in it moves no other.
        """
        for position, each in enumerate(self.properties):
            rng = np.random.default_rng([seed, int(self.number.replace(".", "")), position])
            for case in each.cases(rng):
                yield each, case


@dataclass(frozen=True, kw_only=True)
class Written:
    """One question that is answered in words, in a text cell, and marked by a person.

    Args:
        number: such as "07.5"; its heading in the notebook begins with it.
        title: the rest of that heading.
        points: at most so many are given.
        rubric: what they are given for; whoever marks sees it above the answers.
    """

    number: str
    title: str
    points: float
    rubric: str = ""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """The questions of one notebook, and what an answer may import and read.

    Args:
        name: of the notebook, and of its folder in `exercises/`.
        questions: in the notebook's order.
        modules: all that an answer may import.
        written: questions that are answered in words.
        data: files and folders that it may read, as paths from the course's folder, the one
            that holds `mmcourse`. "mmcourse/weights/tiny.safetensors" is found where
            `mmcourse` looks for it (`clip.load("tiny")` also reads the "manifest.toml" beside
            it), "exercises/07_using_clip/photos" as `photos` in the working directory.
    """

    name: str
    questions: tuple[Question, ...]
    modules: tuple[str, ...]
    data: tuple[str, ...] = ()
    written: tuple[Written, ...] = ()

    @property
    def points(self) -> float:
        """The points of all its questions, written ones included."""
        drawn = sum(question.points for question in self.questions)
        return round(drawn + sum(question.points for question in self.written), 6)
