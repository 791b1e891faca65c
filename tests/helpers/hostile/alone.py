"""Grade one submission, with nobody beside it."""

from hostile.notebooks import hand_in, notebook
from hostile.toy import NUMPY
from sandboxed import SMALL

from classroom.grading import Settings, grade

SETTINGS = Settings(seed=5, backend="namespaces", limits=SMALL)


def graded(tmp_path, *cells, exercise=NUMPY, student="ada", settings=SETTINGS):
    """Return the result of a notebook of these cells."""
    hand_in(tmp_path / f"in {student}", student, exercise.name, notebook(*cells))
    (result,) = grade(
        [exercise], tmp_path / f"in {student}", tmp_path / f"out {student}", settings
    )
    return result


def statuses(result):
    """Return how the cases of each question ended."""
    return [
        [case.status for prop in question.properties for case in prop.cases]
        for question in result.questions
    ]
