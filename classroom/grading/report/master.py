"""`report.json`: the master record, for the instructor alone. Every case, with what it said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from classroom.grading.report.files import write
from classroom.grading.results import Result


@dataclass(frozen=True, kw_only=True)
class Run:
    """How the results came about.

    Args:
        seed: of the inputs; with it a run can be repeated.
        sandbox: what held the students' code in.
        versions: of Python and the packages that matter.
        began: when, in ISO 8601.
        exercises: by name, the fingerprint of an exercise's questions and points.
        checks: by name, that of its checks' source, and of the rules of comparison.
        ignored: paths among the submissions that nobody could place.
    """

    seed: int
    sandbox: str
    versions: Mapping[str, str]
    began: str
    exercises: Mapping[str, str]
    checks: Mapping[str, str]
    ignored: Sequence[str] = ()


def write_master(folder: Path, run: Run, results: Sequence[Result]) -> Path:
    """Write the master record."""
    graded = [{**one.as_data(), "points": one.points} for one in results]
    data = {"run": asdict(run), "results": graded}
    write(folder / "report.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    return folder / "report.json"
