"""Questions in words: made into exercises without their model answers, and read back."""

import dataclasses

import make_exercises
import nbformat
import pytest

from classroom import checks
from classroom.checks.question import Written
from classroom.grading.notebook import parse
from classroom.grading.written import PROMPT, answers


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return the solution of a question in words, and what it is made into."""
    one = Written(number="02.9", title="In words", points=4, rubric="a reason")
    exercise = dataclasses.replace(checks.exercise("02"), written=(one,))
    monkeypatch.setattr(make_exercises.checks, "exercise", lambda number: exercise)
    path = tmp_path / "solutions" / "02_a" / "02_a.ipynb"
    path.parent.mkdir(parents=True)
    model = "### BEGIN SOLUTION\nA model answer.\n### END SOLUTION"
    start = "Write where it says YOUR ANSWER HERE."
    texts = [start, "## 02.9 · In words\n\nWhy?", model, "Go on."]
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts]
    notebook = nbformat.v4.new_notebook(cells=cells)
    make_exercises.stamp(notebook)
    nbformat.write(notebook, path)
    make_exercises.generate([path], tmp_path / "exercises")
    return notebook, nbformat.read(tmp_path / "exercises" / "02_a" / path.name, as_version=4)


def test_an_answer_in_words_is_named_and_marked_by_a_person(written):
    solved, made = written
    assert [cell.id for cell in made.cells] == [
        *("start-text-0", "02-9-text-0", "02-9-answer", "02-9-text-1")
    ]
    for notebook in (solved, made):
        roles = notebook.cells[2].metadata.nbgrader
        assert (roles.grade, roles.solution, roles.locked, roles.points) == (
            *(True, True, False, 4),
        )


def test_a_model_answer_is_not_handed_out(written):
    solved, made = written
    assert "A model answer." in solved.cells[2].source
    assert made.cells[2].source == PROMPT
    made.cells[2].source += "\n\nMine."
    cells = parse(nbformat.writes(made).encode())
    (answer,) = answers(checks.exercise("02"), cells)
    assert answer.text == "Mine."
