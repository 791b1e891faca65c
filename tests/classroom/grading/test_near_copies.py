"""Near-copies: seen through names and layout, told for two or three, and never at any price."""

import dataclasses
import hashlib

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import IMPORTS, NUMPY, UNIT_ROWS

from classroom.grading.intake import collect
from classroom.grading.near_copies import FEWEST_NODES, forms, near_copies
from classroom.grading.results import CaseResult, PropertyResult, QuestionResult, Result

OWN = """def unit_rows(a):
    rows = []
    for row in a:
        length = sum(x * x for x in row) ** 0.5
        rows.append([x / length if length else 0.0 for x in row])
    return np.array(rows)
"""
DISGUISED = '''def unit_rows(matrix: "np.ndarray") -> "np.ndarray":
    """Mine alone."""
    result: list = []  # collects
    for vector in matrix:
        norm = (sum(value*value for value in vector)
                **0.5)

        result.append([value/norm if norm else 0.0 for value in vector])
    return numpy.array(result)
'''
REWRITTEN = OWN.replace("if length else 0.0", "if length > 0 else 0.0")


def form(sources, name):
    return forms(sources, [name]).get(name)


def same(one, other, name="unit_rows"):
    return form([one], name).digest == form([other], name).digest


def test_names_types_comments_and_layout_hide_nothing():
    assert same(OWN, DISGUISED)
    assert not same(OWN, REWRITTEN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return x + y", "return x + x"),
        ("return x.sum()", "return x.mean()"),
        ("return x[1]", "return x[1.0]"),
        ("return g(axis=x)", "return g(dim=x)"),
        ("return [x, y]", "return (x, y)"),
        ("'a'\n    return 'a'", "'a'\n    return 'b'"),
    ],
)
def test_what_a_program_does_stays_in_its_form(one, other):
    assert not same(f"def f(x, y):\n    {one}", f"def f(x, y):\n    {other}", "f")


def test_the_last_definition_counts_as_it_does_in_a_notebook():
    cells = ["def f():\n    return 1", "def f():\n    return 2", "g = 1"]
    assert form(cells, "f").digest == form([cells[1]], "f").digest
    assert form(["def g():\n    def f(): pass"], "f") is None


HEAD = "def f(x):\n    return "


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "(" * 20_000 + "x" + ")" * 20_000,
        HEAD + "-" * 90_000 + "x",
        HEAD + "x" + ".a" * 45_000,
        HEAD + "+".join(["x"] * 45_000),
        HEAD + "x if x else " * 8_000 + "x",
        HEAD + "9" * 20_000,
        HEAD + "0;" * 10_000,
        HEAD + "x\0",
        HEAD + "'\ud800'",
        HEAD + "x\n#" + "a" * 500_000,
        "%matplotlib inline\n" + HEAD + "x",
        "def f(",
    ],
    ids=range(12),
)
def test_hostile_source_has_no_form_and_stops_nothing(source):
    assert form([source], "f") is None


def test_a_backslash_too_many_warns_nobody():
    assert form([HEAD + r"'\d'"], "f")


def answered(status):
    case = CaseResult(label="a", visible=False, status=status)
    return tuple(
        QuestionResult(
            number=one.number,
            function=one.function,
            properties=(PropertyResult(name="p", points=0, maximum=1, cases=(case,)),),
        )
        for one in NUMPY.questions
    )


def found(tmp_path, answers, status="wrong", solutions=None, exercise=NUMPY):
    """Return near-copies among students who hand in these cells."""
    for student, cell in answers.items():
        hand_in(tmp_path / "in", student, NUMPY.name, notebook(IMPORTS, cell))
    collected = collect(tmp_path / "in", [NUMPY.name]).submissions
    results = [
        Result(
            student=one.student,
            exercise=NUMPY.name,
            maximum=8,
            status="graded",
            questions=answered(status),
            digest=hashlib.sha256(one.read()).hexdigest(),
        )
        for one in collected
    ]
    return near_copies([exercise], collected, results, solutions)


def test_two_who_share_a_form_are_told_with_both_sources(tmp_path):
    answers = {"ada": OWN, "bob": DISGUISED, "cy": REWRITTEN}
    (copies,) = found(tmp_path, answers)
    assert (copies.exercise, copies.number, copies.function) == (
        "90_numbers",
        "90.1",
        "unit_rows",
    )
    assert copies.nodes >= FEWEST_NODES
    assert copies.sources == (("ada", OWN.strip()), ("bob", DISGUISED.strip()))


@pytest.mark.parametrize(("count", "told"), [(1, 0), (2, 1), (3, 1), (4, 0), (30, 0)])
def test_what_more_than_three_share_is_the_natural_way(tmp_path, count, told):
    answers = {f"student {at}": OWN for at in range(count)}
    assert len(found(tmp_path, answers)) == told


def test_what_the_course_hands_out_is_not_told(tmp_path):
    assert found(tmp_path, {"ada": OWN, "bob": OWN}, status="not attempted") == []
    assert found(tmp_path, {"ada": UNIT_ROWS, "bob": UNIT_ROWS}) == [], "the reference"


def test_what_the_solutions_say_is_not_told(tmp_path):
    solutions = tmp_path / "solutions"
    both = {"ada": OWN, "bob": OWN}
    assert len(found(tmp_path, both, solutions=solutions)) == 1, "none there yet"
    hand_in(solutions, NUMPY.name, NUMPY.name, notebook(DISGUISED))
    assert found(tmp_path, both, solutions=solutions) == []


def test_short_answers_are_not_told(tmp_path):
    short = "def unit_rows(a):\n    return a / 3"
    assert found(tmp_path, {"ada": short, "bob": short}) == []


def test_a_reference_without_a_source_is_no_obstacle(tmp_path):
    first = dataclasses.replace(NUMPY.questions[0], reference=len)
    exercise = dataclasses.replace(NUMPY, questions=(first, *NUMPY.questions[1:]))
    assert len(found(tmp_path, {"ada": OWN, "bob": OWN}, exercise=exercise)) == 1


def test_a_notebook_that_has_changed_since_is_not_read(tmp_path):
    assert len(found(tmp_path, {"ada": OWN, "bob": OWN})) == 1
    collected = collect(tmp_path / "in", [NUMPY.name]).submissions
    stale = [
        Result(
            student=one.student,
            exercise=NUMPY.name,
            maximum=8,
            status="graded",
            questions=answered("wrong"),
            digest="of before",
        )
        for one in collected
    ]
    assert near_copies([NUMPY], collected, stale) == []
