"""`moodle.csv` and `canvas.csv`: the LMS's own file with the points filled in, to be imported.

A row is known by the number that the LMS wrote into the submission's name, and by nothing
else: a row or a student without a partner is named, and never guessed. Moodle matches on
`Identifier` of an assignment's grading worksheet, Canvas on `ID` of the gradebook. Leaves out
feedback, which both take one by one.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classroom.checks.question import Exercise
from classroom.grading.intake.names import readable
from classroom.grading.results import Result
from classroom.grading.sheet import Sheet, read_sheet
from mmcourse.atomic import write_whole

WORKSHEET = ("Identifier", "Full name", "Grade", "Maximum grade")
POSSIBLE = "points possible"


@dataclass(frozen=True, kw_only=True)
class Gradesheet:
    """An LMS's file: which row is whose, and which column is for which exercise.

    Args:
        name: of the file that is written.
        sheet: what the LMS exported.
        columns: the place of each exercise's points in a row.
        numbers: by a row's place, the number of its student.
        names: by a row's place, the name of its student.
        locked: places of the rows that the LMS will not change.
        comma: whether it writes 6,5 for 6.5.
    """

    name: str
    sheet: Sheet
    columns: Mapping[str, int]
    numbers: Mapping[int, str]
    names: Mapping[int, str]
    locked: frozenset[int] = frozenset()
    comma: bool = False


def read_moodle(file: Path, exercises: Sequence[Exercise]) -> Gradesheet:
    """Return Moodle's grading worksheet of one assignment.

    Raises:
        ValueError: if it is none, or not for these points.
    """
    sheet = read_sheet("moodle", file)
    if len(exercises) != 1:
        raise ValueError(
            "moodle: a grading worksheet is of one assignment; name its exercise with "
            f"--exercise. Expected one; got {len(exercises)}."
        )
    heading = [one.strip().casefold() for one in sheet.rows[0]]
    if not {one.casefold() for one in WORKSHEET} <= set(heading):
        raise ValueError(
            f"moodle: expected the columns {', '.join(WORKSHEET)} in {file}; got "
            f"{readable(', '.join(sheet.rows[0]))}. In the assignment, with Moodle in "
            "English, choose Download grading worksheet."
        )
    who, name, grade, most = (heading.index(one.casefold()) for one in WORKSHEET)
    rows = {at: row for at, row in enumerate(sheet.rows) if at and len(row) > max(who, most)}
    numbers = {at: found[1] for at, row in rows.items() if (found := _number_at_end(row[who]))}
    for row in rows.values():
        _check_points(f"moodle: {file}", row[most], exercises[0])
    fixed = heading.index("grade can be changed") if "grade can be changed" in heading else -1
    return Gradesheet(
        name="moodle.csv",
        sheet=sheet,
        columns={exercises[0].name: grade},
        numbers=numbers,
        names={at: rows[at][name] for at in numbers},
        locked=frozenset(at for at in numbers if fixed >= 0 and rows[at][fixed] == "No"),
        comma=any("," in row[most] for row in rows.values()),
    )


def read_canvas(
    file: Path, exercises: Sequence[Exercise], column: str | None = None
) -> Gradesheet:
    """Return Canvas's gradebook; an assignment is called like its exercise, or `column`.

    Raises:
        ValueError: if it is none, or an exercise has no column, or one for other points.
    """
    sheet = read_sheet("canvas", file)
    heading = [one.strip() for one in sheet.rows[0]]
    possible = [row for row in sheet.rows[1:4] if row[0].strip().casefold() == POSSIBLE]
    if not {"Student", "ID"} <= set(heading) or not possible:
        raise ValueError(
            f"canvas: expected the columns Student and ID, and a row Points Possible, in "
            f"{file}; got {readable(', '.join(heading[:6]))}. In the Gradebook, choose Export."
        )
    if column and len(exercises) != 1:
        raise ValueError(
            "canvas: --canvas-column is for one exercise; name it with --exercise. "
            f"Expected one; got {len(exercises)}."
        )
    columns = {one.name: _column(file, heading, column or one.name) for one in exercises}
    for one in exercises:
        _check_points(f"canvas: {file}", _field(possible[0], columns[one.name]), one)
    who, name = heading.index("ID"), heading.index("Student")
    rows = {at: row for at, row in enumerate(sheet.rows) if len(row) > max(who, name)}
    numbers = {at: row[who].strip() for at, row in rows.items() if row[who].strip().isdigit()}
    return Gradesheet(
        name="canvas.csv",
        sheet=sheet,
        columns=columns,
        numbers=numbers,
        names={at: rows[at][name] for at in numbers},
        comma=any("," in _field(possible[0], at) for at in columns.values()),
    )


def write_gradesheet(
    folder: Path, gradesheet: Gradesheet, results: Sequence[Result]
) -> list[str]:
    """Write the LMS's file with the points that count; return what to tell the instructor."""
    found: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        found[one.exercise, one.number].append(one)
    rows, left = _filled(gradesheet, found)
    known = set(gradesheet.numbers.values())
    strangers = [
        f"{one.student}, {one.exercise}: {gradesheet.name} has no row of that number"
        for one in results
        if one.exercise in gradesheet.columns and one.number not in known
    ]
    content = replace(gradesheet.sheet, rows=rows).content()
    write_whole("grade", folder / gradesheet.name, content)
    cells = len(gradesheet.numbers) * len(gradesheet.columns)
    alone = [*left, *strangers]
    head = f"{folder / gradesheet.name}: {cells - len(left)} filled in, {len(alone)} left out."
    return [head, *(f"  left out: {one}" for one in alone)]


def _filled(
    gradesheet: Gradesheet, found: Mapping[tuple[str, str], Sequence[Result]]
) -> tuple[list[list[str]], list[str]]:
    """Return the rows with points, and whose stay as they were, and why."""
    rows = [list(row) for row in gradesheet.sheet.rows]
    left = []
    for at, number in gradesheet.numbers.items():
        for exercise, column in gradesheet.columns.items():
            theirs = found.get((exercise, number), [])
            why = _why_not(theirs, locked=at in gradesheet.locked)
            if why:
                left.append(f"{readable(gradesheet.names[at])} ({number}), {exercise}: {why}")
                continue
            rows[at] += [""] * (column + 1 - len(rows[at]))
            rows[at][column] = _text(theirs[0].final, comma=gradesheet.comma)
    return rows, left


def _why_not(theirs: Sequence[Result], *, locked: bool) -> str:
    """Return why a row's points are not filled in; empty where they are."""
    if not theirs:
        return "nothing of that number was handed in"
    if len(theirs) > 1:
        return f"{' and '.join(one.student for one in theirs)} have the same number"
    if theirs[0].final is None:
        return "not graded"
    return "Moodle says that the grade cannot be changed" if locked else ""


def _number_at_end(identifier: str) -> re.Match[str] | None:
    """Return the match of Moodle's "Participant 12345", whatever its word for participant."""
    return re.fullmatch(r"\D*(\d+)", identifier.strip())


def _column(file: Path, heading: Sequence[str], wanted: str) -> int:
    titles = [re.sub(r" \(\d+\)$", "", one) for one in heading]
    places = [
        at
        for at, one in enumerate(heading)
        if wanted.casefold() in (one.casefold(), titles[at].casefold())
    ]
    if len(places) != 1:
        assignments = [one for one, title in zip(heading, titles, strict=True) if one != title]
        raise ValueError(
            f"canvas: expected one assignment called {wanted} in {file}; got {len(places)} "
            f"among {', '.join(assignments) or 'none'}. Name its column with --canvas-column."
        )
    return places[0]


def _field(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _check_points(where: str, said: str, exercise: Exercise) -> None:
    most = exercise.points
    try:
        agrees = float(said.replace(",", ".")) == most
    except ValueError:
        agrees = False
    if not agrees:
        raise ValueError(
            f"{where}: expected {most:g} points at most for {exercise.name}; got {said!r}. "
            "Set the points of the assignment to that, and export again."
        )


def _text(points: float | None, *, comma: bool) -> str:
    text = f"{points:g}"
    return text.replace(".", ",") if comma else text
