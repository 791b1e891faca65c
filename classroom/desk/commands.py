"""The course's commands: lab, fresh, check, grade, gradescope and doctor.

Loads nothing beyond the standard library until a command needs it, so that `doctor`
answers where nothing else does. Leaves out the practitioners' commands: those are
`mmcourse`'s, and only listed here.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mmcourse
from classroom.colours import painted
from classroom.desk import copies, doctor, environment, findings, interpreter, lab, progress

LINUX_ONLY = "The sandbox needs Linux: grade there, in WSL2 or in a Linux machine's container."
FROM_THE_REPOSITORY = ("lab", "fresh", "check", "grade", "gradescope")
"""The commands that work on notebooks, and so need the course's folder."""


def main(words: Sequence[str], others: Mapping[str, str]) -> int:
    """Run one command; return its exit status.

    0 done, 1 a fault, 2 not understood; `grade` says 3 where something of ours failed.

    Args:
        words: the command and its options.
        others: commands that somebody else runs, and what `--help` says of them.
    """
    name, rest = (words[0], words[1:]) if words else ("", [])
    if _needs_the_course(name, rest) and not copies.is_course(copies.ROOT):
        return _refused(copies.no_course(name, copies.ROOT))
    if name == "lab":  # its options are JupyterLab's, `--help` included
        return _lab(rest)
    try:
        return _grade(rest) if name == "grade" else _other(_parser(others).parse_args(words))
    except ImportError as error:
        return _refused(_no_import(words, error))


def _other(chosen: argparse.Namespace) -> int:
    if chosen.command == "check":
        return _check(chosen.number)
    if chosen.command == "fresh":
        return _fresh(chosen.number)
    if chosen.command == "gradescope":
        return _gradescope(chosen.number, chosen.out)
    return _sandbox() if chosen.sandbox else _doctor(as_json=chosen.json)


def _needs_the_course(name: str, rest: Sequence[str]) -> bool:
    helps = name != "lab" and not {"-h", "--help"}.isdisjoint(rest)  # lab's is JupyterLab's
    return name in FROM_THE_REPOSITORY and not helps


def _parser(others: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse", description="The course's commands."
    )
    edition = f"mmcourse {mmcourse.__version__}"
    parser.add_argument("--version", action="version", version=edition)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser(
        "lab", help="open the first lesson in JupyterLab; options pass on to it"
    )
    renew = commands.add_parser("fresh", help="copy a lesson anew; your old copy is kept")
    renew.add_argument("number", help="the lesson's number, such as 02")
    solved = commands.add_parser(
        "check",
        help="check your exercises; the exit status is 0 when every question is passed",
    )
    solved.add_argument("number", nargs="?", help="a lesson's number, such as 02; default: all")
    commands.add_parser("grade", help="grade a folder of submissions; see `grade --help`")
    zipped = commands.add_parser("gradescope", help="write an autograder for Gradescope")
    zipped.add_argument("number", help="the exercise's number, such as 02")
    zipped.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    report = commands.add_parser("doctor", help="say what is wrong here, and how to mend it")
    report.add_argument("--json", action="store_true", help="for programs to read")
    report.add_argument(
        "--sandbox", action="store_true", help="try to get out of the sandbox that `grade` uses"
    )
    for name, said in others.items():
        commands.add_parser(name, help=said)
    return parser


def _lab(options: Sequence[str]) -> int:
    try:
        lab.prepare(options)
    except (ValueError, OSError) as error:
        return _refused(error)
    lab.run()
    return 0


def _fresh(number: str) -> int:
    try:
        renewed = copies.fresh(number)
    except (ValueError, OSError) as error:
        return _refused(error)
    for copy, kept in renewed:
        print(f"new:  {copy.as_posix()}")
        if kept:
            print(f"kept: {kept.as_posix()}")
    return 0


def _check(number: str | None) -> int:
    words = ["check", *([number] if number else [])]
    if missing := interpreter.lacking():
        return _refused(interpreter.refusal(words, missing, copies.ROOT))
    _note(words)
    try:
        reports = progress.check(number)
    except ValueError as error:
        _refused(error)
        return 2
    except progress.CannotStartError as error:
        return _refused(error)
    for report in reports:
        for note in report.notes:
            print(f"{note}\n")
        for one in report.results:
            if one["state"] == "failed":
                print(painted(one["text"], one["state"], sys.stdout) + "\n")
    print(progress.table(reports))
    return 0 if all(report.passed for report in reports) else 1


def _grade(words: Sequence[str]) -> int:
    if sys.platform != "linux":
        print(LINUX_ONLY, file=sys.stderr)
        return 2
    from classroom.grading import command  # numpy, and later torch

    _note(["grade", *words])
    return command.main(words, _exercises, copies.ROOT / "solutions")


def _exercises(name: str | None) -> Sequence[Any]:
    """Return the exercise of this name alone, or all where no lesson has its number."""
    from classroom import checks

    if name is not None and name[:2] in checks.numbers():
        return [checks.exercise(name[:2])]
    return tuple(checks.EXERCISES)


def _gradescope(number: str, out: Path) -> int:
    from classroom import checks
    from classroom.grading import autograder

    if number[:2] not in checks.numbers():
        known = ", ".join(checks.numbers())
        _refused(f"gradescope: expected an exercise's number ({known}); got {number!r}.")
        return 2
    name = checks.exercise(number[:2]).name
    if number not in (name[:2], name):
        _refused(f"gradescope: expected {name} or {name[:2]}; got {number!r}.")
        return 2
    try:
        written = autograder.write_autograder(name, copies.ROOT, out)
    except ValueError as error:
        _refused(error)
        return 2
    except OSError as error:
        return _refused(error)
    print(f"{written}: upload it as the autograder of {name}. It has never run on Gradescope")
    print("itself: try a right and a wrong submission there before students hand in.")
    return 0


def _no_import(words: Sequence[str], error: ImportError) -> str:
    """Return what to say where a package is not there, or is there and broken."""
    name = (error.name or "").partition(".")[0]
    if name and interpreter.lacking([name]) and copies.is_course(copies.ROOT):
        return interpreter.refusal(words, [name], copies.ROOT)
    return f"{words[0]}: {error}; `python -m mmcourse doctor` says how to mend it."


def _note(words: Sequence[str]) -> None:
    if said := interpreter.note(words, copies.ROOT):
        print(said, file=sys.stderr)


def _refused(error: object) -> int:
    print(error, file=sys.stderr)
    return 1


def _sandbox() -> int:
    if sys.platform != "linux":
        print(LINUX_ONLY, file=sys.stderr)
        return 2
    from classroom.grading import probes

    found = probes.probe()
    print(
        findings.table(
            [
                findings.Finding(one.subject, one.said)
                if one.held
                else findings.Finding(one.subject, one.said, "fault", one.reason, one.mend)
                for one in found
            ]
        )
    )
    return 0 if all(one.held for one in found) else 1


def _doctor(*, as_json: bool) -> int:
    found = doctor.examine(environment.observe())
    print(json.dumps(findings.as_data(found), indent=2) if as_json else findings.table(found))
    return 1 if any(finding.verdict == "fault" for finding in found) else 0
