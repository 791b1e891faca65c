"""Words of a command line as numbers, texts and places of files: what several commands share.

Each of these functions is a `type` of `argparse`, or makes one; a word that does not fit is
refused with what would. Leaves out what a command prints (`terminal`). Needs the standard
library alone, so that a wrong word is answered at once.
"""

import argparse
import re
from collections.abc import Callable, Sequence
from math import isfinite
from os import W_OK, X_OK, access
from pathlib import Path

PICTURE = ".png"


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number of a range; without `most`, it has no upper end.

    >>> whole_number(1, 9)("7")
    7
    """

    def read(word: str) -> int:
        number = int(word) if re.fullmatch(r"[0-9]{1,30}", word) else -1
        if number < least or (most is not None and number > most):
            wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
            raise argparse.ArgumentTypeError(f"must be a whole number {wanted}; got {word!r}")
        return number

    return read


def real_number(least: float, most: float) -> Callable[[str], float]:
    """Return what reads a number of a range, its ends included.

    >>> real_number(0, 1)("0.5")
    0.5
    """

    def read(word: str) -> float:
        try:
            number = float(word)
        except ValueError:
            number = float("nan")
        if not (isfinite(number) and least <= number <= most):
            raise argparse.ArgumentTypeError(
                f"must be a number from {least} to {most}; got {word!r}"
            )
        return number

    return read


def text(word: str) -> str:
    """Return a text that somebody typed.

    >>> text("a red cat")
    'a red cat'
    """
    if problem := not_a_text(word):
        raise argparse.ArgumentTypeError(problem)
    return word


def not_a_text(word: str) -> str | None:
    """Return why a word is no text, or None if it is one."""
    if not word.strip():
        return "must have words in it; got an empty one"
    try:
        word.encode()
    except UnicodeEncodeError:  # bytes of the command line that are none
        return f"must be UTF-8; got {word!a}"
    return None


def file(word: str) -> Path:
    """Return the path of a file; Path("") would be the folder that one is in."""
    if not word:
        raise argparse.ArgumentTypeError("must be a file; got ''")
    return Path(word)


def picture_to_write(word: str) -> Path:
    """Return the path of a picture that is to be written, which ends in .png.

    >>> picture_to_write("out.png").name
    'out.png'
    """
    path = file(word)
    if path.suffix.lower() != PICTURE:
        raise argparse.ArgumentTypeError(f"must end in {PICTURE}; got {word}")
    return path


def require_writable(command: str, what: str, path: Path) -> None:
    """Refuse a file that cannot be written, before any work is done for it.

    Raises:
        ValueError: there is no such folder, it is not the user's, or the path is a folder, a
            device or a pipe, or has a name that the system does not take.
    """
    there = path.absolute().parent
    try:
        taken = path.exists() and not path.is_file()
    except OSError:  # too long
        taken = True
    if taken or not there.is_dir() or not access(there, W_OK | X_OK):
        raise ValueError(
            f"{command}: {what} must be a file that can be written; got {path}; name one in a "
            "folder that exists and is yours."
        )


def one_text(parser: argparse.ArgumentParser, what: str, words: list[str]) -> str:
    """Return the only one of the words, or say how several are made one.

    Raises:
        SystemExit: there are several, or none.
    """
    if not words:
        parser.error(f"{what} is missing")
    if len(words) > 1:
        quoted = '"' + " ".join(words) + '"'
        parser.error(f"{what} must be one word of the command line; put it in quotes: {quoted}")
    return words[0]


def after_dashes(words: Sequence[str]) -> list[str]:
    """Return words of which those behind "--" are files, whatever they begin with.

    >>> after_dashes(["--json", "--", "-1.png"])
    ['--json', '--', './-1.png']
    """
    known = words.index("--") if "--" in words else len(words)
    return [
        f"./{word}" if place > known and word.startswith("-") else word
        for place, word in enumerate(words)
    ]


def parser_of(command: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """Return a parser of one of our commands, without options of its own.

    Args:
        command: its name.
        description: what it does, in a sentence.
        epilog: what else `--help` says, its exit statuses among it.
    """
    return argparse.ArgumentParser(
        prog=f"python -m mmcourse {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
