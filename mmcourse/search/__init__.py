r"""`python -m mmcourse search FOLDER "a red cat"`: the pictures in a folder, nearest first.

Every picture is encoded once, and its vector kept in an index in your cache folder; later runs
encode what is new or has changed. Nothing is ever written into FOLDER, and nothing leaves the
machine. Standard output holds the results and nothing else; progress, notes and what was
skipped go to standard error.

Exit status: 0 there are results; 1 a fault (no such folder, no picture in it, a query too long,
no such model, an index of another one); 2 the command was not understood; 130 it was stopped,
and the next run goes on from there.

`options` understands the words, `run` searches, `output` and `contact_sheet` show the result.

With --json, one object:

    {"query": "a cute cat", "model": "tiny",
     "results": [{"path": "cat.png", "score": 0.31}],
     "skipped": [{"path": "torn.jpg", "reason": "…"}],
     "unknown_words": ["cute"]}

Paths are relative to FOLDER, scores are cosines, the best first. `query` is the text; for
pictures it is {"image": FILE}, or {"like": FILE, "plus": [TEXT, …], "minus": [TEXT, …]}. The
JSON is plain ASCII; a byte of a name that is no UTF-8, say E9, is written \udce9, as Python
does (PEP 383).

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from mmcourse.search.options import check, parse
from mmcourse.search.output import say, show

STOPPED = 130
"""What shells report of a command that Ctrl-C ended: 128 and the number of SIGINT."""


def main(words: Sequence[str]) -> int:
    """Search as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with _open_outputs():
        return _search(words)


def _search(words: Sequence[str]) -> int:
    options = parse(words)
    try:
        check(options)
        from mmcourse.search.run import answer  # torch, which takes seconds to start

        show(answer(options), as_json=options.as_json)
    except BrokenPipeError:
        _let_go_of_stdout()
    except KeyboardInterrupt:
        say("search: stopped; the next run goes on from here.")
        return STOPPED
    except ImportError as error:
        say(f"search: {error}; `python -m mmcourse doctor` says how to mend it.")
        return 1
    except (ValueError, OSError) as error:
        say(str(error))
        return 1
    return 0


@contextmanager
def _open_outputs() -> Iterator[None]:
    """Throw away what is printed on an output that was closed, as by `2>&-` or a service."""
    with ExitStack() as stack:
        nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        if sys.stdout is None:
            stack.enter_context(redirect_stdout(nowhere))
        if sys.stderr is None:
            stack.enter_context(redirect_stderr(nowhere))
        yield


def _let_go_of_stdout() -> None:
    """Throw away what is left to print: its reader, such as `head`, has seen enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
