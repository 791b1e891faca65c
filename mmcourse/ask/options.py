"""What a question's command line says, understood before torch starts."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mmcourse.command_line import after_dashes, file, not_a_text, one_text, parser_of

EXAMPLES = (
    "what is the picture of?",
    "what is to the left of the car?",
    "what colour is the cat?",
    "how many cats are there?",
    "where in the picture is the boat?",
    "where is the cat relative to the car?",
    "is there a tree?",
    "are there two cats?",
    "is the cat red?",
    "is the cat to the left of the car?",
)
"""One question of each form that the drawn world asks."""

EPILOG = """\
questions, with any of the world's things, colours and directions:
  {}

exit status:
  0  it is answered
  1  a fault: the file is no picture, the question is not one that the model learnt
  2  the command was not understood
  130  stopped with Ctrl-C

"color" is read as "colour", "gray" as "grey".

The model knows only the drawn world of this course, and takes a question at its word: asked for
the colour of a cat that is not there, it says one. Where it sees no cat, that is said beside
the answer; but at times it takes a dog for a cat, and says nothing. Asked of "the cats" where
it counts one, it says so in place of an answer; "are there two cats?" gets a "yes" only if it
counts two. Of a picture that is unlike all that it learnt from it says so, though not always:
docs/foreign.md has the rates.
""".format("\n  ".join(EXAMPLES))


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """One question.

    Args:
        file: the picture.
        question: about it.
        device: where the model runs; None for a GPU if there is one.
        as_json: whether programs will read the answer.
    """

    file: Path
    question: str
    device: str | None = None
    as_json: bool = False


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> parse(["cat.png", "what colour is the cat?"]).question
    'what colour is the cat?'
    """
    parser = _parser()
    found = vars(parser.parse_intermixed_args(after_dashes(words)))
    question = one_text(parser, "the question", found.pop("question"))
    if problem := not_a_text(question):
        parser.error(f"the question {problem}")
    return Options(question=question, **found)


def _parser() -> ArgumentParser:
    does = "Answer a question about a picture."
    parser = parser_of("ask", does, EPILOG)
    parser.usage = "%(prog)s FILE QUESTION [options]"
    add = parser.add_argument
    add("file", metavar="FILE", type=file, help="a picture")
    add("question", metavar="QUESTION", nargs="*", help='in quotes: "what colour is the cat?"')
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    return parser
