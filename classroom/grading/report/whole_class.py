"""`class.html`: what an instructor wants to know of a class before its next lecture.

First the mistakes that most students make; then, exercise by exercise, the points and what
came of each question, with the names folded away; at last answers that two or three share.
Names of mistakes and hidden properties stand here: the page is for the instructor alone.
`class.html` beside this file is how it looks. Its pictures are SVG that the template draws.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from classroom.checks.question import Exercise
from classroom.grading.near_copies import NearCopies
from classroom.grading.report.files import file_name, write
from classroom.grading.report.page import FOLDER
from classroom.grading.report.tally import ExerciseTally, Group, QuestionTally, tally
from classroom.grading.report.templates import filled
from classroom.grading.results import Result, WrittenResult

MOST_COMMON = 3
MOST_COPIES = 100
MOST_SOURCE = 6_000
"""Near-copies shown, and characters of each source."""
MEANING = {
    "no known mistake": "wrong, and no mistake explains it",
    "raised": "an exception, and no mistake explains it",
    "stopped": "took too long or too much, or ended its process",
    "not attempted": "raises NotImplementedError, as it was handed out",
    "missing": "the notebook defines nothing of that name",
    "unreadable": "no notebook, or not a plain file",
    "not graded": "our fault; the next run tries again",
    "no-return": "returns nothing: `return` is missing",
    "not-called": "returns a function, and does not call it",
    "generator": "makes a generator, which nobody has asked for its items",
    "text": "returns text where numbers are asked for",
    "in-a-list": "returns the right value inside a list",
    "among-others": "returns the right value among others",
    "turned": "returns the right table with rows and columns exchanged",
    "other-shape": "returns the right numbers in another shape",
    "rescaled": "is wrong by the same factor everywhere",
    "rounded": "has rounded",
    "constant": "returns the same, whatever it is given",
}


def write_class(
    folder: Path,
    exercises: Sequence[Exercise],
    results: Sequence[Result],
    copies: Sequence[NearCopies],
) -> Path:
    """Write `class.html`."""
    write(folder / "class.html", page(exercises, results, copies))
    return folder / "class.html"


def page(
    exercises: Sequence[Exercise], results: Sequence[Result], copies: Sequence[NearCopies]
) -> str:
    """Return the page of a class."""
    every = tally(results)
    students = {one.student for one in results}
    handed_in = {one.student for one in results if one.status != "missing"}
    return filled(
        "class.html",
        students=len(students),
        nothing=sorted(students - handed_in),
        begun=[one for one in every if one.handed_in],
        untouched=[one.name for one in every if not one.handed_in],
        common=most_common(every),
        unsolved=[q for each in every for q in each.questions if q.asked and not q.right],
        written=_written(results),
        copies=copies[:MOST_COPIES],
        more_copies=max(0, len(copies) - MOST_COPIES),
        most_source=MOST_SOURCE,
        says=says(exercises),
        link=lambda student: f"{FOLDER}/{file_name(student)}.html",
        share=share,
    )


def most_common(every: Sequence[ExerciseTally]) -> list[tuple[QuestionTally, Group]]:
    """Return the named mistakes that most students make, each with its question."""
    found = [
        (question, group)
        for each in every
        for question in each.questions
        for group in question.mistakes
    ]
    return sorted(found, key=lambda one: -one[1].count)[:MOST_COMMON]


def share(part: int, whole: int) -> str:
    """Return a share in per cent, as a length in a picture too.

    >>> share(1, 3), share(0, 0)
    ('33%', '0%')
    """
    return f"{100 * part / whole if whole else 0:.0f}%"


def says(exercises: Sequence[Exercise]) -> Callable[[str, str], str]:
    """Return what says, of a question's number and a name, what that means."""
    known: dict[tuple[str, str], str] = {}
    for question in (one for each in exercises for one in each.questions):
        known |= {(question.number, one.name): one.message for one in question.mistakes}
        known |= {(question.number, one.name): one.message for one in question.invariances}

    def said(number: str, name: str) -> str:
        parts = (known.get((number, part), MEANING.get(part, "")) for part in name.split(" + "))
        return " ".join(filter(None, parts))

    return said


def _written(results: Sequence[Result]) -> list[tuple[str, list[WrittenResult]]]:
    """Return the written questions by number and title, with all that was answered."""
    found: dict[str, list[WrittenResult]] = {}
    for result in results:
        for one in result.written:
            found.setdefault(f"{one.number} {one.title}", []).append(one)
    return [(name, [one for one in found[name] if one.text]) for name in sorted(found)]
