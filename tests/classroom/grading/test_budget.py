"""What is stopped or skipped: who pays for it, and what is said of it."""

import dataclasses

import numpy as np
from hostile.alone import SETTINGS, graded, statuses
from hostile.toy import (
    FULL_POINTS,
    HALF,
    IMPORTS,
    NUMPY,
    RIGHT,
    UNIT_ROWS,
    hidden,
    question,
    shown,
)
from sandboxed import SMALL, needs

pytestmark = needs("namespaces")


def test_a_cell_that_ends_its_process_is_skipped_and_named(tmp_path):
    result = graded(tmp_path, "import os; os._exit(1)", *RIGHT)
    assert result.points == FULL_POINTS
    assert result.cells[0].error == "stopped: it ended its process"
    assert result.reason == "code cell 1 ended its process"


def test_the_last_start_goes_no_further_than_the_last_death(tmp_path):
    result = graded(tmp_path, *HALF, *["import os; os._exit(1)"] * 9)
    assert (result.status, result.points) == ("graded", 4)
    ended = ", ".join(f"code cell {index} ended its process" for index in (4, 5, 6))
    assert result.reason == f"{ended}; 90.2 wrong"


def test_a_spent_budget_is_said_and_ends_the_submission(tmp_path):
    deadly = "import os\ndef {}(x): os._exit(1)"
    cells = [deadly.format("unit_rows"), deadly.format("softmax"), "os._exit(1)"]
    result = graded(tmp_path, *RIGHT, *cells)
    assert (result.status, result.points) == ("stopped", 0)
    assert result.reason == (
        "code cell 8 ended its process; its 4 starts are spent; "
        "90.1 ended its process, 90.2 ended its process"
    )
    slow = dataclasses.replace(SETTINGS, limits=dataclasses.replace(SMALL, submission=1.0))
    result = graded(tmp_path, "import time; time.sleep(9)", student="bob", settings=slow)
    assert result.status == "stopped"
    assert result.reason == (
        "code cell 1 was running when the time of the submission ended; its 1 s are spent; "
        "90.1 gave no answer, 90.2 gave no answer"
    )


def test_loops_without_end_are_named_and_cost_no_other_function(tmp_path):
    """Else the hidden cases of the last would find that every start is spent."""
    numbers = [f"92.{index}" for index in range(1, 5)]
    asked = hidden("any", 2, lambda rng: (float(rng.random()),))
    questions = tuple(
        question(number, f"f{number[-1]}", np.abs, shown(1.0), asked) for number in numbers
    )
    exercise = dataclasses.replace(NUMPY, name="92_loops", questions=questions)
    loops = "\n".join(f"def f{index}(x):\n    while True: pass" for index in (1, 2, 3))
    limits = dataclasses.replace(SMALL, call=1.0, starts=6)
    settings = dataclasses.replace(SETTINGS, limits=limits)
    result = graded(tmp_path, loops, "f4 = abs", exercise=exercise, settings=settings)
    assert [one.points for one in result.questions] == [0, 0, 0, 2]
    assert (result.status, result.reason) == (
        "graded",
        ", ".join(f"{number} took longer than 1 s" for number in numbers[:3]),
    )


def test_pages_tell_of_cells_as_they_were_before_the_first_hidden_case(tmp_path):
    """Cells that run again may know what a hidden case has shown, by the clock if not else."""
    times = tmp_path / "times"
    counting = (
        f"open({str(times)!r}, 'a').write('x')\nraise ValueError(open({str(times)!r}).read())"
    )
    deadly = "import os\ndef softmax(x):\n    return os._exit(0) if x.size > 2 else x * 0 + 0.5"
    trusted = dataclasses.replace(SETTINGS, backend="none")
    result = graded(tmp_path, IMPORTS, UNIT_ROWS, deadly, counting, settings=trusted)
    assert statuses(result)[1] == ["passed", "stopped", "stopped"]
    assert times.read_text() == "xxx", "after practice, and after a hidden case"
    assert result.cells[3].error == "ValueError: xx"
    assert "code cell 4 ended with ValueError: xx; 90.2 wrong" in result.reason


def test_what_cannot_be_imported_costs_what_needs_it_alone(tmp_path):
    first = "import matplotlib.pyplot as plt\nplt.style.use('bmh')\n%matplotlib inline\n"
    needing = "import torch\ndef softmax(x): return torch.softmax(x, -1)"
    result = graded(tmp_path, first + IMPORTS, UNIT_ROWS, needing)
    assert [one.points for one in result.questions] == [4, 0]
    assert result.cells[0].ending.startswith("skipped line 1: import matplotlib.pyplot as plt")
    assert result.reason == (
        "skipped (allowed: numpy): "
        "code cell 1, line 1: import matplotlib.pyplot as plt, "
        "code cell 1, line 2: plt.style.use('bmh') (name 'plt' is not defined), "
        "code cell 1, line 3: %matplotlib inline, 1 more; "
        "90.2 raised NameError: name 'torch' is not defined"
    )
