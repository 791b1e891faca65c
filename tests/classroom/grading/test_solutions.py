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


def graded(folder):
    """Return what was graded of three students, by student and exercise."""
    for student, source in (("solved", "solutions"), ("untouched", "exercises")):
        for exercise in checks.EXERCISES:
            place = folder / "submitted" / student
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source / exercise.name / f"{exercise.name}.ipynb", place)
    rewrite(folder / "submitted" / "rewritten" / "01_modalities.ipynb")
    settings = Settings(seed=7, backend=choose(), limits=Limits(), jobs=2)
    found = grade(checks.EXERCISES, folder / "submitted", folder / "report", settings)
    return {(one.student, one.exercise): one for one in found}


def test_solutions_get_full_marks_and_untouched_exercises_none(tmp_path, monkeypatch):
    # One test, because grading takes minutes, and several workers would each do it again.
    monkeypatch.setattr(practice, "SLOW", 60)  # a busy machine is slow
    monkeypatch.setattr(practice, "SECONDS", 600)
    results = graded(tmp_path)
    for name in (exercise.name for exercise in checks.EXERCISES):
        solved, untouched = results["solved", name], results["untouched", name]
        in_words = sum(one.maximum for one in solved.written)  # which nobody has marked
        reached = (solved.status, solved.points)
        assert reached == ("graded", solved.maximum - in_words), name
        assert solved.points > 0, name
        for question in solved.questions:
            passed = f"{question.number} {question.function}: all "
            assert question.feedback.startswith(passed)
        assert (untouched.status, untouched.points) == ("not attempted", 0), name
    rewritten = results["rewritten", "01_modalities"]  # draws otherwise than the solution
    assert (rewritten.status, rewritten.points) == ("graded", rewritten.maximum)
