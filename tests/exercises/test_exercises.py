"""The exercises: made from their solutions, each card whole, each stub and example sound."""

import ast
import doctest
import filecmp
import json
import re

import make_exercises
import nbformat
import pytest
import what_counts
from make_exercises import CHECK
from places import ROOT

from classroom import checks
from classroom.grading.written import PROMPT

SOLUTIONS = make_exercises.solutions()
FOLDS = ["Expected output", "Hint 1", "Hint 2", "Hint 3"]
RATING = re.compile(
    r"Difficulty ([●○]{5}) · Importance ([●○]{5}) · about (\d+) minutes", re.MULTILINE
)
LONGEST_TEXT = 60
"""Words that say what and why."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with every exercise, made anew."""
    folder = tmp_path_factory.mktemp("exercises")
    make_exercises.generate(SOLUTIONS, folder)
    return folder


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    )


def read(folder, path):
    return nbformat.read(ROOT / folder / path.stem / path.name, as_version=4)


def starts(notebook):
    """Return where each question's heading stands, by its number."""
    found = {}
    for position, cell in enumerate(notebook.cells):
        heading = re.match(r"## (\d\d\.\d) ", cell.source)
        if heading:
            found[heading[1]] = position
    return found


def cards(notebook):
    """Return the four cells of each question: text, answer, check, folds."""
    places = starts(notebook).items()
    drawn = [start for number, start in places if not make_exercises.written(number)]
    return [notebook.cells[start : start + 4] for start in drawn]


def written_cards(notebook):
    """Return the text and the answer of each written question, by its number."""
    places = starts(notebook).items()
    return {
        number: notebook.cells[start : start + 2]
        for number, start in places
        if make_exercises.written(number)
    }


def test_the_exercises_are_as_their_solutions_make_them(made):
    assert files(ROOT / "exercises") == files(made), "out of date: make exercises"
    unlike = filecmp.cmpfiles(ROOT / "exercises", made, files(made), shallow=False)[1:]
    assert unlike == ([], []), "out of date: make exercises"


def test_every_check_has_a_notebook():
    assert [path.stem for path in SOLUTIONS] == [each.name for each in checks.EXERCISES]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
class TestExercise:
    """What holds for every exercise."""

    def test_asks_the_questions_that_are_checked(self, path):
        asked = [CHECK.fullmatch(card[2].source) for card in cards(read("solutions", path))]
        known = checks.exercise(path.name[:2]).questions
        assert [(one[1], one[2]) for one in asked] == [
            (question.number, question.function) for question in known
        ]

    @pytest.mark.parametrize("folder", ["solutions", "exercises"])
    def test_every_card_has_its_parts(self, path, folder):
        for text, answer, check, folds in cards(read(folder, path)):
            number = re.match(r"## (\d\d\.\d) · \S", text.source)[1]
            difficulty, importance, minutes = RATING.search(text.source).groups()
            for dots in (difficulty, importance):
                assert re.fullmatch("●+○*", dots), number
            assert 0 < int(minutes) <= 40
            why = RATING.sub("", what_counts.POINTS.sub("", text.source.partition("\n")[2]))
            assert 8 < len(why.split()) <= LONGEST_TEXT, f"{number}: {len(why.split())} words"
            assert re.search(r'"""[A-Z].*>>> ', answer.source, re.DOTALL), number
            assert untyped(answer.source) == [], f"{number}: give these a type"
            assert CHECK.fullmatch(check.source)[1] == number
            assert re.findall(r"<details><summary>(.+?)</summary>\n\n", folds.source) == FOLDS
            assert folds.source.count("\n\n</details>") == len(FOLDS)
            assert all(len(part.split()) > 5 for part in folds.source.split("</summary>")[1:])

    def test_the_expected_output_is_what_the_solution_prints(self, path):
        for _, _, check, folds in cards(read("solutions", path)):
            said = make_exercises.printed(check)
            assert re.search(r": all \d+ cases passed", said)
            assert f"<summary>Expected output</summary>\n\n```text\n{said}```\n" in folds.source

    def test_a_solution_is_stamped_and_runs_from_top_to_bottom(self, path):
        notebook = read("solutions", path)
        before = json.dumps(notebook, sort_keys=True)
        make_exercises.stamp(notebook)
        assert json.dumps(notebook, sort_keys=True) == before, "make exercises has not been run"
        counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1))

    def test_the_examples_of_the_solution_are_true(self, path):
        defined = {}
        tests = []
        for cell in read("solutions", path).cells:
            if cell.cell_type != "code" or CHECK.fullmatch(cell.source):
                continue
            exec(cell.source, defined)
        for question in checks.exercise(path.name[:2]).questions:
            answer = defined[question.function]
            assert answer.__doc__, f"{question.function} has no docstring"
            tests.append(
                doctest.DocTestParser().get_doctest(
                    answer.__doc__, defined, question.function, path.name, 0
                )
            )
        for test in tests:
            assert test.examples, f"{test.name} has no example"
            said = []
            failed = doctest.DocTestRunner(verbose=False).run(test, out=said.append).failed
            assert not failed, "".join(said)

    def test_a_stub_is_not_attempted(self, path, capsys):
        defined = {}
        for cell in read("exercises", path).cells:
            if cell.cell_type == "code":
                exec(cell.source, defined)
        lines = capsys.readouterr().out.splitlines()
        numbers = [question.number for question in checks.exercise(path.name[:2]).questions]
        assert [line[:4] for line in lines] == numbers
        assert all(": not attempted yet" in line for line in lines)

    def test_an_exercise_gives_nothing_away(self, path):
        notebook = read("exercises", path)
        text = "\n".join(cell.source for cell in notebook.cells)
        assert "BEGIN SOLUTION" not in text
        stubs = [answer for _, answer, _, _ in cards(notebook)]
        assert all("raise NotImplementedError()" in answer.source for answer in stubs)
        assert [cell for cell in notebook.cells if cell.get("outputs")] == []

    def test_points_and_locks_are_those_of_the_checks(self, path):
        for _, answer, check, _ in cards(read("exercises", path)):
            question = checks.find(CHECK.fullmatch(check.source)[1])
            assert check.metadata.nbgrader.points == question.points
            assert check.metadata.nbgrader.grade
            assert check.metadata.nbgrader.locked
            assert answer.metadata.nbgrader.solution
            assert not check.metadata.editable

    def test_written_questions_are_those_of_the_checks_and_marked_by_a_person(self, path):
        found = written_cards(read("exercises", path))
        known = checks.exercise(path.name[:2]).written
        assert list(found) == [one.number for one in known]
        for one in known:
            text, answer = found[one.number]
            assert text.source.startswith(f"## {one.number} · {one.title}\n")
            assert RATING.search(text.source), one.number
            rated = what_counts.POINTS.sub("", text.source).rstrip()
            assert rated.endswith(RATING.search(text.source)[0])
            assert answer.source == PROMPT
            assert answer.metadata.nbgrader.points == one.points
            assert one.rubric, f"{one.number}: what are its points given for?"

    def test_imports_only_what_a_grader_lets_it(self, path):
        cells = [c.source for c in read("solutions", path).cells if c.cell_type == "code"]
        text = "\n".join(cells).replace("from mmcourse import ", "from mmcourse.")
        imported = re.findall(r"^\s*(?:import|from) ([\w.]+)", text, re.MULTILINE)
        allowed = (*checks.exercise(path.name[:2]).modules, "classroom")
        ours = tuple(f"{name}." for name in allowed)
        assert [name for name in imported if not f"{name}.".startswith(ours)] == []


def untyped(source):
    """Return the arguments and results without a type in the functions of a cell."""
    functions = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef)]
    assert functions
    found = [
        argument.arg
        for function in functions
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.annotation is None and argument.arg != "self"
    ]
    return found + [one.name for one in functions if one.returns is None]


def solution(folder, body):
    """Write a solution of one question, 02.3, into `folder`; return its path."""
    path = folder / "solutions" / "02_a" / "02_a.ipynb"
    path.parent.mkdir(parents=True)
    cells = [
        nbformat.v4.new_markdown_cell("## 02.3 · A"),
        nbformat.v4.new_code_cell(
            "import numpy as np\n\n\ndef cosine_matrix(a, b):\n"
            f"    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        ),
        nbformat.v4.new_code_cell("from classroom import check\nx = 1"),
        nbformat.v4.new_code_cell('check("02.3", cosine_matrix)'),
        nbformat.v4.new_markdown_cell("the folds"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_stamping_twice_changes_nothing_and_drops_what_editors_leave(tmp_path):
    notebook = nbformat.read(solution(tmp_path, "    return 1"), as_version=4)
    notebook.cells[0].metadata["lines_to_next_cell"] = 2
    notebook.metadata["jupytext"] = {"a": 1}
    make_exercises.stamp(notebook)
    once = json.dumps(notebook)
    make_exercises.stamp(notebook)
    assert json.dumps(notebook) == once
    assert [cell.id for cell in notebook.cells] == [
        "02-3-text-0",
        "02-3-answer",
        "02-3-code-1",
        "02-3-check",
        "02-3-text-2",
    ]
    assert "jupytext" not in notebook.metadata
    assert notebook.cells[0].metadata == {}


def test_a_card_says_how_points_are_given_and_the_title_what_may_be_imported():
    rating = "Difficulty ●●○○○ · Importance ●●●●● · about 8 minutes"
    cells = [
        nbformat.v4.new_markdown_cell("# Exercises 02 · A\n\nFour questions."),
        nbformat.v4.new_markdown_cell(f"## 02.4 · B\n\nWhy.\n\n{rating}\n\nAfter it."),
        nbformat.v4.new_markdown_cell(f"## 02.2 · C\n\n{rating}"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    make_exercises.stamp(notebook)
    once = [cell.source for cell in notebook.cells]
    make_exercises.stamp(notebook)
    assert [cell.source for cell in notebook.cells] == once
    points = [f"{each.name} ({each.points:g})" for each in checks.find("02.4").properties[1:]]
    assert once[:2] == [
        "# Exercises 02 · A\n\nFour questions.\n\nYou may import: numpy (Python's own: math).",
        f"## 02.4 · B\n\nWhy.\n\n{rating}\n\nPoints: {' · '.join(points)}. Each counts "
        "whole or not at all.\n\nAfter it.",
    ]
    assert once[2].startswith(f"## 02.2 · C\n\n{rating}\n\nPoints: ")


def test_a_solution_that_fails_its_check_is_left_as_it_was(tmp_path, monkeypatch, capsys):
    path = solution(tmp_path, "    return a @ b.T")
    before = path.read_text()
    monkeypatch.setattr(make_exercises, "solutions", lambda numbers: [path])
    monkeypatch.setattr(make_exercises, "generate", lambda paths, out: paths.clear())
    assert make_exercises.main([]) == 1
    assert (
        "02_a.ipynb: the solution does not pass:\n02.3 cosine_matrix:"
        in capsys.readouterr().err
    )
    assert path.read_text() == before


def test_an_unknown_number_is_refused(capsys):
    assert make_exercises.main(["77"]) == 2
    assert "exercises: expected numbers (" in capsys.readouterr().err
