"""`python -m mmcourse probe MODEL`: what a CLIP knows of the drawn world, and what it misses.

MODEL is a shipped model, one of OpenAI's by name, or a file of weights. Standard output holds
a table and nothing else; progress goes to standard error. Four files are written into a folder:
`probe.html` (a page that needs no other file), `probe.md` with `probe.png`, and `probe.json`.
All four appear, or none; an earlier probe of the model is replaced, that of another is not.
Equal models, numbers of pairs and seeds give equal files.

Exit status: 0 done; 1 a fault (a release that cannot be fetched, too little memory, a full
disk: the table is printed all the same); 2 the command was not understood, or the model, the
device or the folder is none; 130 it was stopped, and wrote nothing.

`options` understands the words, `battery` asks: `minimal` pairs, `zero_shot` names,
`galleries`, `calibration` and `words`, all of a model's `vectors`. The answers are `rows`,
which `page` shows and `report` writes.

From Python, `from mmcourse.probe import probe` asks the same: `probe(model)["binding"].share`.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mmcourse.probe.options import Options, check, parse
from mmcourse.terminal import (
    exit_status,
    let_go_of_stdout,
    open_outputs,
    printable,
    say,
    show_lines,
)

if TYPE_CHECKING:
    from mmcourse.probe.battery import probe
    from mmcourse.probe.report import Report

__all__ = ["main", "probe"]


def main(words: Sequence[str]) -> int:
    """Probe a model as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> int:
        check(options)
        from mmcourse.probe.report import report  # torch, which takes seconds to start

        return _handed_over(report(options), options)

    wrong = (ValueError, FileNotFoundError)
    return exit_status("probe", work, stopped="nothing was written", misunderstood=wrong)


def _handed_over(found: "Report", options: Options) -> int:
    """Write and print what was found; where one fails, the other is done all the same."""
    from mmcourse.probe.report import write

    status, out = 0, printable(str(options.out))
    try:
        write(found.files, options.out)
    except OSError as error:
        say(
            f"probe: the page must be written into {out}; got {printable(str(error))}; nothing "
            "was written there; keep the table, and make room."
        )
        status = 1
    try:
        show_lines(found.lines)
    except (BrokenPipeError, KeyboardInterrupt):  # the reader has seen enough
        let_go_of_stdout()
    except OSError as error:
        let_go_of_stdout()
        say(f"probe: the table must be printed; got {error}; read it in probe.md there.")
        status = 1
    return status


def __getattr__(name: str) -> Any:
    """Return `probe`, which needs torch, once it is asked for."""
    if name != "probe":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mmcourse.probe import battery

    return battery.probe
