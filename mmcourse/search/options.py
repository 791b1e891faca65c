"""What a search is told on the command line, understood and checked before torch starts."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from os import R_OK, X_OK, access
from os.path import realpath
from pathlib import Path
from typing import final

from mmcourse.choice import ORDINARY, VARIABLE, chosen_model
from mmcourse.command_line import (
    PICTURE,
    not_a_text,
    one_text,
    parser_of,
    require_writable,
    whole_number,
)

TOP = 10
BATCH = 64
DTYPES = ("float32", "bfloat16", "float16")
AUTO = "auto"
"""Takes bfloat16 where it is clearly quicker here, and float32 elsewhere."""

DTYPE_SAID = f"the precision it computes in ({DTYPES[0]}); {AUTO} tries which is quicker here"
MAX_PIXELS = 250_000_000
"""More than the 200 megapixels that telephones take."""

USAGE = """\
%(prog)s FOLDER TEXT [options]
       %(prog)s FOLDER --image FILE [options]
       %(prog)s FOLDER --sound FILE [options]
       %(prog)s FOLDER TEXT --minus TEXT [options]
       %(prog)s FOLDER --like FILE --plus TEXT --minus TEXT [options]"""

EPILOG = f"""\
What to look for is one of: a text, --image, --sound, or --like; --plus and --minus move a
text, or the picture of --like.
A sound is heard by a tower that was trained beside tiny, so it needs --model tiny.
The index is built in your cache folder; nothing is ever written into FOLDER.

exit status:
  0  there are results
  1  a fault: no such folder or model, no picture, a query too long, another model's index
  2  the command was not understood
  130  stopped with Ctrl-C; the next run goes on from there

The model: tiny (the default, unless {VARIABLE} names another) knows only the drawn world of
this course; OpenAI's, such as ViT-B/32, know photos.
"""


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """One search; of `text`, `image`, `sound` and `like` exactly one is not None.

    Args:
        folder: that holds the pictures, in folders of its own too.
        text: what they should show.
        image: a picture that they should resemble.
        sound: a recording of what they should show.
        like: a picture that they should resemble, but moved by `plus` and `minus`.
        plus: texts that they should be nearer to than `like` or `text`.
        minus: texts that they should be farther from.
        top: how many to return at most.
        model: its name, or the path of its weights.
        device: where it runs; None for a GPU if there is one.
        index: the index's file; None for one in the user's cache folder.
        contact_sheet: a PNG to draw the results into.
        max_pixels: of a picture; all threads together decode no more at a time.
        batch: how many pictures the model takes at a time.
        dtype: the precision that it computes in, or "auto".
        as_json: whether programs will read the results.
        command: who asks, for the messages; "index" looks for nothing.
        ray: address of the cluster that encodes; None for this machine.
    """

    folder: Path
    text: str | None = None
    image: Path | None = None
    sound: Path | None = None
    like: Path | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    top: int = TOP
    model: str = "tiny"
    device: str | None = None
    index: Path | None = None
    contact_sheet: Path | None = None
    max_pixels: int = MAX_PIXELS
    batch: int = BATCH
    dtype: str = DTYPES[0]
    as_json: bool = False
    command: str = "search"
    ray: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All that the text tower is going to read."""
        return (*([] if self.text is None else [self.text]), *self.plus, *self.minus)

    @property
    def picture(self) -> Path | None:
        """The file that the image tower is going to see."""
        return self.image or self.like

    @property
    def query(self) -> str | dict[str, object]:
        """What was asked for, as JSON says it."""
        moved: dict[str, object] = {"plus": [*self.plus], "minus": [*self.minus]}
        if self.text is not None:
            return {"text": self.text, **moved} if self.plus or self.minus else self.text
        if self.image is not None:
            return {"image": str(self.image)}
        if self.sound is not None:
            return {"sound": str(self.sound)}
        return {"like": str(self.like), **moved}


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> parse(["photos", "a red cat", "--top", "3"]).top
    3
    """
    parser = _parser()
    found = vars(parser.parse_intermixed_args(words))
    texts: list[str] = found.pop("text")
    if len(texts) > 1:
        one_text(parser, "the text", texts)
    model = found.pop("model") or chosen_model()
    plus, minus = tuple(found.pop("plus")), tuple(found.pop("minus"))
    text = texts[0] if texts else None
    options = Options(text=text, model=model, plus=plus, minus=minus, **found)
    if problem := _misunderstood(options):
        parser.error(problem)
    return options


def check(options: Options) -> None:
    """Refuse a search, or an index, for which a folder or a file is missing.

    Raises:
        ValueError: the folder, the query's picture, the index or the folder of the contact
            sheet is not there or is something else.
    """
    folder, picture, sheet = options.folder, options.picture, options.contact_sheet
    if not folder.is_dir():
        raise _missing(options, "a folder of pictures", folder, "a file")
    if not access(folder, R_OK | X_OK):
        raise ValueError(f"{options.command}: the folder must be yours to read; got {folder}.")
    if picture is not None and not picture.is_file():
        raise _missing(options, "the query's picture", picture, "something else")
    if options.sound is not None and not options.sound.is_file():
        raise _missing(options, "a recording", options.sound, "something else")
    if options.index is not None and options.index.is_dir():
        raise ValueError(
            f"{options.command}: the index must be a file; got the folder {options.index}; add "
            "a name."
        )
    if sheet is not None:
        require_writable(options.command, "the contact sheet", sheet)


def _missing(options: Options, expected: str, path: Path, otherwise: str) -> ValueError:
    found = otherwise if path.exists() else "nothing"
    return ValueError(f"{options.command}: expected {expected} at {path}; found {found} there.")


def _parser() -> argparse.ArgumentParser:
    does = "Find the pictures in a folder that show what you look for."
    parser = parser_of("search", does, EPILOG)
    parser.usage = USAGE
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=folder, help="of pictures, and of folders of them")
    add(
        "text",
        metavar="TEXT",
        nargs="*",
        default=[],
        help='what to look for, in quotes: "a red cat"',
    )
    add("--image", metavar="FILE", type=Path, help="look for what resembles this picture")
    add("--sound", metavar="FILE", type=Path, help="look for what sounds in this recording")
    add("--like", metavar="FILE", type=Path, help="as --image, to be moved")
    for name, where in [("plus", "towards"), ("minus", "away from")]:
        how = f"... and move {where} this text; can be repeated"
        add(f"--{name}", metavar="TEXT", action="append", default=[], help=how)
    add(
        "--top", metavar="N", type=whole_number(1), default=TOP, help=f"results at most ({TOP})"
    )
    add("--model", metavar="NAME_OR_PATH", help="which CLIP: a name, or a file of weights")
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    add(
        "--batch",
        metavar="N",
        type=whole_number(1),
        default=BATCH,
        help=f"pictures that the model takes at a time ({BATCH})",
    )
    add("--dtype", choices=(*DTYPES, AUTO), default=DTYPES[0], help=DTYPE_SAID)
    add("--index", metavar="PATH", type=Path, help="keep the index there, outside FOLDER")
    add("--contact-sheet", metavar="PNG", type=Path, help="draw the results, outside FOLDER")
    add(
        "--max-pixels",
        metavar="N",
        type=whole_number(1),
        default=MAX_PIXELS,
        help=f"of a picture, and of all decoded at a time ({MAX_PIXELS:,})",
    )
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    return parser


def _misunderstood(options: Options) -> str | None:
    """Return why the options do not fit together, or None if they do."""
    asked = [options.text, options.image, options.sound, options.like]
    if sum(each is not None for each in asked) != 1:
        return (
            "what to look for must be one of: a text in quotes, --image FILE, --sound FILE, "
            "--like FILE"
        )
    if options.sound is not None and options.model != ORDINARY:
        return f"--sound needs --model {ORDINARY}, beside which its tower was trained"
    if (options.plus or options.minus) and options.like is None and options.text is None:
        return "--plus and --minus move a text, or a picture; name that with --like FILE"
    for text in options.texts:
        if problem := not_a_text(text):
            return f"a text to look for {problem}"
    sheet = options.contact_sheet
    if sheet is not None and sheet.suffix.lower() != PICTURE:
        return f"--contact-sheet must end in {PICTURE}; got {sheet}"
    for name, path in [("--contact-sheet", sheet), ("--index", options.index)]:
        if path is not None and is_inside(path, options.folder):
            return f"{name} must lie outside FOLDER, where nothing is written; got {path}"
    return None


def folder(word: str) -> Path:
    """Return the folder that a word names."""
    if not word:  # Path("") is the folder that one is in: not what an unset variable means
        raise argparse.ArgumentTypeError("must be a folder, such as . for this one; got ''")
    return Path(word)


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path leads into a folder, whatever links and `..` are on the way.

    Some file systems take upper and lower case for the same, so that they are asked, too.
    """
    real = Path(realpath(path))
    above = [each for each in real.parents if each.exists()]
    return real.is_relative_to(realpath(folder)) or any(
        folder.exists() and each.samefile(folder) for each in above
    )
