"""Run the cells of a learner's notebook and judge what they define: in a process of its own.

    python -m classroom.checks.notebook NOTEBOOK EXERCISE RESULTS [QUESTION ...]

writes one JSON line to RESULTS as it begins a question, and one with its verdict. Leaves
out any defence against the notebook: it is the learner's own, on their own machine.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from classroom import checks
from classroom.checks.blame import raised
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge
from classroom.checks.missing import why_missing
from classroom.checks.question import Question


def sources(path: Path) -> list[str]:
    """Return the code cells of a notebook; raise ValueError where it is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(one["source"]) for one in cells if one["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path.name}: cannot be read as a notebook ({type(error).__name__}); save it "
            f"again in JupyterLab, or start anew with: python -m mmcourse fresh {path.name[:2]}"
        ) from error
    return texts


def run(texts: list[str]) -> tuple[dict[str, Any], list[str | None]]:
    """Run cells in order; return what they define, and why each of them stopped, if it did."""
    settings = Config(HistoryManager={"enabled": False})
    shell = InteractiveShell.instance(config=settings, colors="NoColor")
    run_cell: Any = shell.run_cell
    stopped: list[str | None] = []
    for text in texts:
        nowhere = io.StringIO()
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            result = run_cell(text)
        error = result.error_before_exec or result.error_in_exec
        stopped.append(None if error is None else _words(error))
    return shell.user_ns, stopped


def judged(
    question: Question, defined: dict[str, Any], cells: list[tuple[str, str | None]]
) -> dict[str, Any]:
    """Return one question's verdict as data: state, points, and the feedback to show.

    Args:
        question: the question.
        defined: what the notebook's cells define.
        cells: the source of each, and why it stopped, if it did.
    """
    answer = defined.get(question.function)
    if not callable(answer):
        why, tried = why_missing(question.function, cells)
        said = f"{question.number} {question.function}: {why}"
        return _result(question, "failed" if tried else "not attempted", said)
    verdict = judge(question, answer)
    return _result(question, verdict.state, feedback(verdict), verdict.points)


def _words(error: BaseException) -> str:
    said = raised(error)
    return f"{said.kind}: {' '.join(said.text.split())}"


def _result(question: Question, state: str, text: str, points: float = 0) -> dict[str, Any]:
    return {
        "question": question.number,
        "function": question.function,
        "state": state,
        "points": points,
        "most": question.points,
        "text": text,
    }


def _lines(path: Path, name: str, chosen: list[str]) -> Iterator[dict[str, Any]]:
    questions = [
        question
        for question in checks.exercise(name[:2]).questions
        if not chosen or question.number in chosen
    ]
    yield {"asked": [_result(question, "", "") for question in questions]}
    checks.check = lambda *_: None  # the cells' own checks stay quiet; all are made below
    try:
        texts = sources(path.resolve())
    except ValueError as error:
        yield {"stopped": [str(error)]}
        texts = []
    os.chdir(path.resolve().parent)
    yield {"begun": "cells"}
    defined, stopped = run(texts)
    cells = list(zip(texts, stopped, strict=True))
    places = enumerate(stopped, start=1)
    yield {"stopped": [f"code cell {place} stopped: {why}" for place, why in places if why]}
    for question in questions:
        yield {"begun": question.number}
        yield judged(question, defined, cells)


def main(words: list[str]) -> None:
    """Write the lines for one notebook."""
    path, name, results, *chosen = words
    with Path(results).open("w", encoding="utf-8") as out:
        for line in _lines(Path(path), name, chosen):
            out.write(json.dumps(line) + "\n")
            out.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
