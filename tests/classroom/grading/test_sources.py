"""What a report remembers of the checks that gave its marks."""

import dataclasses
import importlib
import sys

import pytest
from hostile.notebooks import hand_in, notebook
from hostile.toy import NUMPY, RIGHT
from sandboxed import SMALL, needs

from classroom.grading import Settings, grade
from classroom.grading.journal import fingerprint
from classroom.grading.sources import digest

SETTINGS = Settings(seed=5, backend="namespaces", limits=SMALL)
PARTS = {
    "reference": "def right(x):\n    return x + {}\n",
    "cases": "SIZES = ({}, 5)\n",
    "harness": "def use(answer, x):\n    return answer(x * {})\n",
}


def course(folder, monkeypatch, **numbers):
    """Return an exercise of a package of its own, written into a folder with these numbers."""
    package = folder / "oddcourse"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("")
    for name, text in PARTS.items():
        (package / f"{name}.py").write_text(text.format(numbers.get(name, 1)))
    (package / "ex.py").write_text(
        "from hostile.toy import question, shown\n"
        "from classroom.checks.question import Case, Exercise, Property\n"
        "from oddcourse.cases import SIZES\n"
        "from oddcourse.harness import use\n"
        "from oddcourse.reference import right\n"
        "def cases(rng):\n"
        "    return [Case(label=f'{n}', arguments=(n,), visible=True) for n in SIZES]\n"
        "one = Property(name='any', points=1, cases=cases)\n"
        "EXERCISE = Exercise(name='92_odd', modules=('numpy',),\n"
        "    questions=(question('92.1', 'f', right, one, harness=use),))\n"
    )
    monkeypatch.syspath_prepend(folder)
    for name in [name for name in sys.modules if name.startswith("oddcourse")]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("oddcourse.ex").EXERCISE


@pytest.mark.parametrize("part", PARTS)
def test_a_check_that_was_corrected_is_refused_in_the_old_report(tmp_path, monkeypatch, part):
    before = digest([course(tmp_path, monkeypatch)])
    assert digest([course(tmp_path, monkeypatch)]) == before
    after = course(tmp_path, monkeypatch, **{part: 2})
    assert digest([after]) != before
    assert fingerprint([after]) == fingerprint([course(tmp_path, monkeypatch)])


@needs("namespaces")
def test_a_report_belongs_to_one_state_of_the_checks(tmp_path):
    hand_in(tmp_path / "in", "ada", NUMPY.name, notebook(*RIGHT))
    for _ in range(2):
        grade([NUMPY], tmp_path / "in", tmp_path / "out", SETTINGS)
    strict = dataclasses.replace(NUMPY.questions[0], rtol=1e-9)
    changed = dataclasses.replace(NUMPY, questions=(strict, *NUMPY.questions[1:]))
    with pytest.raises(ValueError, match=r"holds a run that differs in checks\. Give another"):
        grade([changed], tmp_path / "in", tmp_path / "out", SETTINGS)
