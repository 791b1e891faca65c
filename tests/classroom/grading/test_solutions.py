"""The course's own exercises through the sandbox: solved, rewritten, and not touched."""

import shutil

import nbformat
import pytest
from places import ROOT
from sandboxed import needs

from classroom import checks
from classroom.grading import Limits, Settings, grade, practice
from classroom.grading.sandbox import choose

pytestmark = [needs("namespaces"), pytest.mark.slow]
DROPOUT = """
def modality_dropout(x, p, generator):
    '''Draw in another order than the solution does, and hide the same share.'''
    hidden = torch.rand(x.shape[1], x.shape[0], generator=generator).T < p
    hidden[hidden.all(dim=1)] = False
    return x.masked_fill(hidden[..., None], 0)
"""


def rewrite(path):
    """Write the solutions of 01 with another right answer to 01.3."""
    name = path.stem
    notebook = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    (cell,) = [one for one in notebook.cells if one.source.startswith("def modality_dropout")]
    cell.source = DROPOUT
    path.parent.mkdir()
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return what was graded of three students, by student and exercise."""
    folder = tmp_path_factory.mktemp("grading")
    for student, source in (("solved", "solutions"), ("untouched", "exercises")):
        for exercise in checks.EXERCISES:
            place = folder / "submitted" / student
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source / exercise.name / f"{exercise.name}.ipynb", place)
    rewrite(folder / "submitted" / "rewritten" / "01_modalities.ipynb")
    settings = Settings(seed=7, backend=choose(), limits=Limits(), jobs=2)
    with pytest.MonkeyPatch.context() as patch:  # a busy machine is slow
        patch.setattr(practice, "SLOW", 60)
        patch.setattr(practice, "SECONDS", 600)
        graded = grade(checks.EXERCISES, folder / "submitted", folder / "report", settings)
    return {(one.student, one.exercise): one for one in graded}


@pytest.mark.parametrize("name", [exercise.name for exercise in checks.EXERCISES])
def test_a_solution_gets_full_marks_and_an_untouched_exercise_none(results, name):
    solved, untouched = results["solved", name], results["untouched", name]
    in_words = sum(one.maximum for one in solved.written)  # which nobody has marked
    assert (solved.status, solved.points) == ("graded", solved.maximum - in_words)
    assert solved.points > 0
    for question in solved.questions:
        assert question.feedback.startswith(f"{question.number} {question.function}: all ")
    assert (untouched.status, untouched.points) == ("not attempted", 0)


def test_an_answer_that_draws_otherwise_gets_full_marks(results):
    rewritten = results["rewritten", "01_modalities"]
    assert (rewritten.status, rewritten.points) == ("graded", rewritten.maximum)
