"""What a command prints: results on standard output, and beside it all else.

Outputs may be closed, may end early (`| head`) and may know few letters; names of files may
hold what no terminal should be sent. Leaves out what is printed. Needs the standard library
alone, so that a wrong word is answered at once.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

STOPPED = 130
"""What shells report of a command that Ctrl-C ended: 128 and the number of SIGINT."""

FURTHER = "\n  "
"""What begins a further line of a message; any other break came with a name, and is escaped."""


def exit_status(
    command: str,
    work: Callable[[], int | None],
    *,
    stopped: str,
    misunderstood: tuple[type[Exception], ...] = (),
) -> int:
    """Do a command's work; return its exit status, with every fault told in words.

    0 where the work returns none, 1 for a fault, 2 for what was not understood, 130 after
    Ctrl-C. Who reads the results may leave early, as `head` does.

    Args:
        command: its name, for the messages.
        work: everything after the words are understood; it may import what takes seconds.
        stopped: what Ctrl-C leaves behind, such as "nothing was written".
        misunderstood: which errors mean that the words were wrong.
    """
    with open_outputs():
        try:
            return work() or 0
        except BrokenPipeError:
            let_go_of_stdout()
        except KeyboardInterrupt:
            say(f"\n{command}: stopped; {stopped}.")  # "^C", or a bar, stands on this line
            return STOPPED
        except ImportError as error:
            say(f"{command}: {error}; `python -m mmcourse doctor` says how to mend it.")
            return 1
        except (ValueError, OSError) as error:
            said = _in_words(command, error)
            say(FURTHER.join(map(printable, said.split(FURTHER))))
            return 2 if isinstance(error, misunderstood) else 1
    return 0


def _in_words(command: str, error: Exception) -> str:
    """Return what an error says, with command and file where it is one of the system."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.filename:
        return f"{command}: expected to open or write {error.filename}; got {error.strerror}."
    ours = ": " in error.strerror
    return error.strerror if ours else f"{command}: got {error.strerror}."


@contextmanager
def open_outputs() -> Iterator[None]:
    """Throw away what is printed on an output that was closed, as by `2>&-` or a service."""
    with ExitStack() as stack:
        nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        if sys.stdout is None:
            stack.enter_context(redirect_stdout(nowhere))
        if sys.stderr is None:
            stack.enter_context(redirect_stderr(nowhere))
        yield


def show_lines(lines: Sequence[str]) -> None:
    """Print lines on standard output, with an escape for what its encoding cannot hold.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        for line in lines:
            sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # its name for that
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from error
        raise


def say(line: str) -> None:
    """Print a line for people, beside the results."""
    sys.stderr.write(line + "\n")


def on_terminal() -> bool:
    """Return whether a person sees what is said beside the results, so that a bar helps."""
    return sys.stderr is not None and sys.stderr.isatty()


def colours() -> bool:
    """Return whether results may be coloured: on a terminal whose reader takes colours."""
    dull = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
    return sys.stdout is not None and sys.stdout.isatty() and not dull


def faint(text: str, *, colour: bool) -> str:
    r"""Return a text, where colours are taken fainter than others (ECMA-48, section 8.3.117).

    >>> faint("0.312", colour=True)
    '\x1b[2m0.312\x1b[0m'
    """
    return f"\x1b[2m{text}\x1b[0m" if colour else text


def printable(name: str) -> str:
    r"""Return a name on one line, with an escape for what no terminal should be sent.

    >>> print(printable("red\ncat.png"))
    red\ncat.png
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def never_saw(who: str, words: Sequence[str]) -> str:
    """Return what people are told of words that a model cannot read.

    >>> never_saw("tiny", ["cute"])
    'tiny never saw these words, and reads nothing in them: cute.'
    """
    named = ", ".join(map(printable, words))
    return f"{who} never saw these words, and reads nothing in them: {named}."


def let_go_of_stdout() -> None:
    """Throw away what is left to print: its reader, such as `head`, has seen enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
