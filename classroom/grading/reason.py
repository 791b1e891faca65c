"""Why a submission has fewer points than it could: one line, which its student may read.

It is made of what was known before the first hidden case, of points, and of the plain fact
that a budget is spent. Leaves out the cases: the page tells of those.
"""

from collections.abc import Iterator, Sequence

from classroom.grading.results import CellResult, QuestionResult

MOST_TOLD = 3
"""So many skipped statements, and so many cells, are told one by one."""
MOST_WORDS = 80
"""Characters of what one of them says."""


def reason(
    cells: Sequence[CellResult],
    questions: Sequence[QuestionResult],
    *,
    spent: str,
    modules: Sequence[str],
) -> str:
    """Return why these are not all points: skipped statements first, the questions last.

    Args:
        cells: how the code cells went.
        questions: how they were answered.
        spent: why there was no more of the budget, if so.
        modules: what the exercise may import.

    >>> cells = [CellResult(text="", skipped=("line 2: import torch",)), CellResult(text="")]
    >>> reason(cells, [], spent="", modules=["math", "numpy"])
    'skipped (allowed: math, numpy): code cell 1, line 2: import torch'
    """
    parts = [*_skipped(cells, modules), *_ended(cells, questions), *filter(None, [spent])]
    unanswered = [f"{one.number} {_word(one)}" for one in questions if one.status != "passed"]
    return "; ".join([*parts, *filter(None, [", ".join(unanswered)])])


def one_line(text: str, most: int = MOST_WORDS) -> str:
    r"""Return a text with single spaces, cut to a length.

    >>> one_line(" a\n  long text", 6)
    'a lon…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _skipped(cells: Sequence[CellResult], modules: Sequence[str]) -> Iterator[str]:
    told = [
        f"code cell {index}, {one_line(one)}"
        for index, cell in enumerate(cells, 1)
        for one in cell.skipped
    ]
    if told:
        names = ", ".join(modules) or "nothing"
        yield f"skipped (allowed: {names}): {_few(told)}"


def _ended(cells: Sequence[CellResult], questions: Sequence[QuestionResult]) -> Iterator[str]:
    """Yield which cells were stopped, and, where a point is lost, which raised something."""
    lost = any(one.status != "passed" for one in questions)
    told = [
        f"code cell {index} {_how(cell.error)}"
        for index, cell in enumerate(cells, 1)
        if cell.error and (lost or cell.error.startswith("stopped: "))
    ]
    if told:
        yield _few(told)


def _how(error: str) -> str:
    """Return an ending as what a cell did."""
    stopped = error.removeprefix("stopped: it ")
    return one_line(stopped if stopped != error else f"ended with {error}")


def _word(question: QuestionResult) -> str:
    """Return how a question was answered: by what its visible cases said, if they said it."""
    for prop in question.properties:
        for case in prop.cases:
            if case.visible and case.status == "raised":
                return f"raised {one_line(case.text)}"
            if case.visible and case.status == "stopped":
                return one_line(case.text.partition(":")[0])
    return question.status


def _few(told: Sequence[str]) -> str:
    """Return the first of them, and how many more there are."""
    more = len(told) - MOST_TOLD
    return ", ".join([*told[:MOST_TOLD], *([f"{more} more"] if more > 0 else [])])
