"""What starts without what: the desk without numpy, pictures and figures without torch."""

import re
import subprocess
import sys

import pytest
from places import ROOT


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Return how to run code where some packages are there, and cannot be imported."""

    def run(names, code):
        for name in names.split():
            (tmp_path / f"{name}.py").write_text(f"raise ImportError('{name} is broken here')")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\nprint('up')"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    "code",
    [
        "import mmcourse, classroom, classroom.desk",
        "from classroom.desk import commands, copies, doctor, environment, lab, progress",
        "from mmcourse import __main__, ask, caption, draw, indexes, probe, search",
        "from mmcourse.doctor import examine; from mmcourse.environment import observe",
    ],
)
def test_the_desk_starts_where_numpy_and_torch_are_broken(broken, code):
    assert broken("numpy torch matplotlib PIL IPython", code) == "up\n"


def test_the_doctor_answers_where_numpy_and_torch_are_broken(broken):
    said = broken("numpy torch", "from mmcourse.__main__ import main\nmain(['doctor'])")
    assert said.count("hides it: Python finds that first") == 2
    assert said.endswith("up\n")


@pytest.mark.parametrize(
    "words",
    [
        *("grade IN --out OUT", "doctor --sandbox", "search . cat", "probe tiny"),
        *("draw cat -o cat.png", "caption cat.png", "ask cat.png why"),
    ],
)
def test_a_command_that_lacks_a_package_sends_to_the_doctor(broken, words):
    said = broken("numpy torch", f"from mmcourse.__main__ import main\nmain({words.split()})")
    assert re.search(
        r"^\w+: (numpy|torch) is broken here; `python -m mmcourse doctor`", said, re.M
    )
    assert "up\n" in said


@pytest.mark.parametrize(
    "words",
    [
        *("draw --help", "draw", "draw cat -o no/cat.png", "caption --help", "caption"),
        *("ask --help", "ask cat.png", "ask cat.png is it red"),
    ],
)
def test_a_wrong_word_is_answered_before_anything_is_loaded(broken, words):
    call = f"try: main({words.split()})\nexcept SystemExit: pass"
    door = "from mmcourse.__main__ import main"
    said = broken("numpy torch matplotlib PIL", f"{door}\n{call}")
    assert "is broken here" not in said
    assert "up\n" in said


@pytest.mark.parametrize(
    "code",
    [
        "from mmcourse.world import caption, film, minimal_pairs, questions, render, sound",
        "from mmcourse.world import scenes, looks, words, sounds_and_films",
        "from mmcourse import plots",
        "from mmcourse import boundary, chosen, moved",
        "import classroom.grading.command",
    ],
)
def test_the_world_and_the_figures_start_without_torch(broken, code):
    assert broken("torch", code) == "up\n"


def test_a_package_hands_on_check_only_when_it_is_asked_for(broken):
    look = "import classroom, sys\nprint('classroom.checks' in sys.modules)"
    assert broken("", look) == "False\nup\n"
    assert broken("", "import classroom\nassert callable(classroom.check)") == "up\n"
    assert "cannot import name 'chek' from 'classroom'" in broken(
        "", "from classroom import chek"
    )
