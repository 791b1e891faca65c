"""What captioning is told on the command line, understood before torch starts."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mmcourse.command_line import after_dashes, file, parser_of, real_number

EPILOG = """\
exit status:
  0  every file was read
  1  a fault: a file that is no picture, weights missing; the others are answered all the same
  2  the command was not understood
  130  stopped with Ctrl-C; what was said stands

The captioner knows only the drawn world of this course. Of a picture that is unlike all that it
learnt from it says so, though not always: docs/foreign.md has the rates. Cut frames off first:
around a drawing they make more captions false than true. How likely a sentence must be to be
said was chosen on other pictures; --threshold 0 says all that is of the drawn world. Never
describe a picture by this alone to somebody who cannot check it.
"""


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """Some captions.

    Args:
        files: the pictures.
        threshold: least probability of a sentence that is said; None for the usual one.
        device: where the model runs; None for a GPU if there is one.
        as_json: whether programs will read the captions.
    """

    files: tuple[Path, ...]
    threshold: float | None = None
    device: str | None = None
    as_json: bool = False


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> [path.name for path in parse(["a.png", "b.jpg"]).files]
    ['a.png', 'b.jpg']
    """
    found = vars(_parser().parse_intermixed_args(after_dashes(words)))
    return Options(files=tuple(found.pop("files")), **found)


def _parser() -> ArgumentParser:
    does = "Say what pictures show, in a sentence each."
    parser = parser_of("caption", does, EPILOG)
    parser.usage = "%(prog)s FILE... [options]"
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", type=file, help="a picture")
    sure = "say no sentence that is less likely than this, from 0 to 1"
    add("--threshold", metavar="P", type=real_number(0, 1), help=sure)
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    return parser
