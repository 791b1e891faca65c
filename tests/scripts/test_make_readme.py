"""The plans of a term and the lessons' objectives, as the page for instructors has them."""

import json

import make_readme
import pytest
from front_matter import FRONT, write_lesson


def test_a_week_adds_up_reading_and_solving(tmp_path):
    write_lesson(tmp_path, "01_angles.ipynb", FRONT)
    write_lesson(tmp_path, "03_losses.ipynb", FRONT)
    exercise = tmp_path / "exercises" / "03_losses" / "03_losses.ipynb"
    exercise.parent.mkdir(parents=True)
    text = "## 03.1\n\nDifficulty ●○○○○ · Importance ●○○○○ · about {} minutes"
    cells = [{"source": [text.format(minutes)]} for minutes in (8, 12)]
    exercise.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert make_readme.weeks(tmp_path, [["01"], ["01", "03"], []]).splitlines()[2:] == [
        "| 1 | 01 | 45 | written work |",
        "| 2 | 01, 03 | 110 | 03 |",
        "| 3 | – | – | written work |",
    ]


def test_objectives_are_what_a_lesson_promises(tmp_path):
    path = write_lesson(tmp_path, "01_angles.ipynb", FRONT)
    with pytest.raises(ValueError, match=r"01_angles\.ipynb: expected \*\*Afterwards you can"):
        make_readme.objectives(tmp_path)
    lesson = json.loads(path.read_text())
    lesson["cells"] = [{"source": ["# 01\n", "**Afterwards you can** see; hear.\n", "More."]}]
    path.write_text(json.dumps(lesson))
    assert make_readme.objectives(tmp_path).splitlines()[2:] == ["| 01 | see; hear. |"]
