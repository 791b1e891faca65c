"""The course's commands: `python -m mmcourse lab`, `fresh NN`, `doctor` and `search FOLDER`.

Loads nothing beyond the standard library until a command needs it, so that `doctor`
answers where nothing else does.
"""

import argparse
import json
import sys
from collections.abc import Sequence

if sys.version_info < (3, 11):  # noqa: UP036 - said to those who run an older one
    sys.exit(
        "mmcourse: Python 3.11 or newer is needed; this is " + sys.version.split()[0] + "."
    )

from mmcourse import copies, doctor, environment, lab, search


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 a fault, 2 not understood."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["lab"]:  # its options are JupyterLab's, `--help` included
        return _lab(words[1:])
    if words[:1] == ["search"]:
        return search.main(words[1:])
    chosen = _parser().parse_args(words)
    return _fresh(chosen.number) if chosen.command == "fresh" else _doctor(as_json=chosen.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse", description="The course's commands."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser(
        "lab", help="open the first lesson in JupyterLab; options pass on to it"
    )
    renew = commands.add_parser("fresh", help="copy a lesson anew; your old copy is kept")
    renew.add_argument("number", help="the lesson's number, such as 02")
    report = commands.add_parser("doctor", help="say what is wrong here, and how to mend it")
    report.add_argument("--json", action="store_true", help="for programs to read")
    commands.add_parser("search", help="find pictures in a folder; search --help says how")
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


def _refused(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 1


def _doctor(*, as_json: bool) -> int:
    findings = doctor.examine(environment.observe())
    print(json.dumps(doctor.as_data(findings), indent=2) if as_json else doctor.table(findings))
    return 1 if any(finding.verdict == "fault" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
