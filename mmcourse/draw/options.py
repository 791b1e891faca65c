"""What a drawing is told on the command line, understood and checked before torch starts."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mmcourse.command_line import (
    not_a_text,
    one_text,
    parser_of,
    picture_to_write,
    real_number,
    require_writable,
    whole_number,
)

N, MOST = 4, 64
GUIDANCE, STEPS = 3.0, 16
MOST_SEED = 2**32 - 1
"""Of torch's generator on a CPU; of a larger one it would leave out what is above."""

SIDE, LEAST_SIDE, MOST_SIDE = 256, 64, 1024

EPILOG = """\
exit status:
  0  it is drawn
  1  a fault: a sentence too long, a file that cannot be written, weights missing
  2  the command was not understood
  130  stopped with Ctrl-C; nothing was written

The painter knows only the drawn world of this course: 21 kinds of thing in 11 colours and 13
settings, in short plain English, such as "a yellow bus in the city". Words that it never saw
are named. One thing mostly comes out as asked, two things mostly do not:
docs/applications.md has the rates.
"""


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """One drawing.

    Args:
        prompt: what the pictures should show.
        out: the PNG.
        n: how many pictures.
        guidance: how closely the prompt is followed.
        steps: from noise to picture.
        seed: of the noise.
        side: width and height of each picture in the PNG, in pixels.
        device: where it is painted; None for a GPU if there is one.
        as_json: whether programs will read the results.
    """

    prompt: str
    out: Path
    n: int = N
    guidance: float = GUIDANCE
    steps: int = STEPS
    seed: int = 0
    side: int = SIDE
    device: str | None = None
    as_json: bool = False


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> parse(["a red cat", "-o", "cat.png", "--n", "2"]).n
    2
    """
    parser = _parser()
    found = vars(parser.parse_intermixed_args(words))
    prompt = one_text(parser, "the sentence", found.pop("prompt"))
    if problem := not_a_text(prompt):
        parser.error(f"the sentence {problem}")
    return Options(prompt=prompt, **found)


def check(options: Options) -> None:
    """Refuse a drawing that could not be written.

    Raises:
        ValueError: there is no such folder, it is not the user's, or a folder has the name.
    """
    require_writable("draw", "the picture", options.out)


def _parser() -> ArgumentParser:
    does = "Draw what a sentence says, and say how well that went."
    parser = parser_of("draw", does, EPILOG)
    parser.usage = "%(prog)s SENTENCE -o PNG [options]"
    add = parser.add_argument
    what = 'what to draw, in quotes: "a yellow bus in the city"'
    add("prompt", metavar="SENTENCE", nargs="*", help=what)
    out = "write it there, in place of what is there"
    add("-o", "--out", metavar="PNG", type=picture_to_write, required=True, help=out)
    many = f"pictures, the best first ({N}; {MOST} at most)"
    add("--n", metavar="N", type=whole_number(1, MOST), default=N, help=many)
    follow = f"0 ignores the sentence, 1 follows it, more exaggerates it ({GUIDANCE:g})"
    add("--guidance", metavar="X", type=real_number(0, 100), default=GUIDANCE, help=follow)
    path = f"from noise to picture; more take longer ({STEPS})"
    add("--steps", metavar="N", type=whole_number(1, 1000), default=STEPS, help=path)
    add(
        "--seed",
        metavar="N",
        type=whole_number(0, MOST_SEED),
        default=0,
        help="of the noise (0)",
    )
    size = f"of each picture, in pixels ({SIDE}); {LEAST_SIDE} are what is painted"
    sides = whole_number(LEAST_SIDE, MOST_SIDE)
    add("--size", metavar="N", dest="side", type=sides, default=SIDE, help=size)
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    return parser
