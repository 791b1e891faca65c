"""What listening is told on the command line, understood before torch starts."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mmcourse.command_line import after_dashes, file, parser_of, real_number

THRESHOLD = 0.5
"""Least probability of a sentence that is said: more likely right than not."""

EPILOG = """\
exit status:
  0  every file was heard
  1  a fault: no recording, silence, weights missing; the others are answered all the same
  2  the command was not understood
  130  stopped with Ctrl-C; what was said stands

WAV of any sampling rate, of 8 to 64 bits, with any number of channels; FLAC, Ogg and MP3 where
soundfile is installed. From half a second to ten minutes.

The captioner knows only the 21 sounds of this course's drawn world. Of one that is unlike all
that it learnt from it says so, though not always. With fewer than 16,000 samples a second
every recording is unlike them. --threshold 0 says every sentence.
"""


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """Some recordings to be heard.

    Args:
        files: the recordings.
        threshold: least probability of a sentence that is said.
        as_json: whether programs will read the sentences.
    """

    files: tuple[Path, ...]
    threshold: float = THRESHOLD
    as_json: bool = False


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> [path.name for path in parse(["a.wav", "b.wav"]).files]
    ['a.wav', 'b.wav']
    """
    found = vars(_parser().parse_intermixed_args(after_dashes(words)))
    return Options(files=tuple(found.pop("files")), **found)


def _parser() -> ArgumentParser:
    does = "Say what sounds in recordings, in which order."
    parser = parser_of("listen", does, EPILOG)
    parser.usage = "%(prog)s FILE... [options]"
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", type=file, help="a recording")
    sure = f"say no sentence that is less likely than this, from 0 to 1 ({THRESHOLD})"
    add("--threshold", metavar="P", type=real_number(0, 1), default=THRESHOLD, help=sure)
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    return parser
