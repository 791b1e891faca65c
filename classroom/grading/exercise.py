"""What grading asks of an exercise: these attributes alone. It imports no checks itself."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np


@runtime_checkable
class Case(Protocol):
    """One set of arguments; a visible one may be shown to the student, with the answer."""

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def arguments(self) -> tuple[object, ...]: ...  # noqa: D102
    @property
    def visible(self) -> bool: ...  # noqa: D102


@runtime_checkable
class Property(Protocol):
    """Something that a right answer has, with the cases that show it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def points(self) -> float: ...  # noqa: D102
    @property
    def cases(self) -> Callable[[np.random.Generator], Sequence[Case]]: ...  # noqa: D102


@runtime_checkable
class Question(Protocol):
    """A function to write, the reference it is compared with, and how closely."""

    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def function(self) -> str: ...  # noqa: D102
    @property
    def reference(self) -> Callable[..., Any]: ...  # noqa: D102
    @property
    def properties(self) -> Sequence[Property]: ...  # noqa: D102
    @property
    def rtol(self) -> float: ...  # noqa: D102
    @property
    def atol(self) -> float: ...  # noqa: D102
    @property
    def harness(self) -> Callable[..., Any] | None: ...  # noqa: D102
    @property
    def measure(self) -> Callable[..., Any] | None: ...  # noqa: D102


@runtime_checkable
class Written(Protocol):
    """A question answered in words, which a person marks."""

    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def points(self) -> float: ...  # noqa: D102
    @property
    def rubric(self) -> str: ...  # noqa: D102


@runtime_checkable
class Exercise(Protocol):
    """A notebook of questions, the modules that it may import, and the files it may read."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def questions(self) -> Sequence[Question]: ...  # noqa: D102
    @property
    def written(self) -> Sequence[Written]: ...  # noqa: D102
    @property
    def modules(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def data(self) -> Sequence[str]: ...  # noqa: D102


def maximum(exercise: Exercise) -> float:
    """Return the points that an exercise has in all, written answers included."""
    drawn = sum(one.points for q in exercise.questions for one in q.properties)
    return round(drawn + sum(one.points for one in exercise.written), 6)
