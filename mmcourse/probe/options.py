"""What a probe is told on the command line, understood and checked before torch starts."""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from errno import EISDIR
from pathlib import Path
from tempfile import TemporaryFile
from typing import final

from mmcourse.command_line import parser_of, whole_number
from mmcourse.terminal import printable

PAIRS, LEAST_PAIRS, MOST_PAIRS = 1_000, 30, 1_000_000
"""Minimal pairs of each sort; from few, a bootstrap's interval comes out too narrow."""

MOST_SEED = 2**63

FILES = ("probe.html", "probe.md", "probe.png", "probe.json")
"""What is written into the folder."""

LONGEST = 40
"""Letters of a model's name on a page."""

DESCRIPTION = """\
Ask a CLIP what it knows of the drawn world, some minutes long. A table is printed, and a page
written: probe.html (needs no other file), probe.md with probe.png, and probe.json for programs.
"""

EPILOG = """\
exit status:
  0  done; the table is printed, and the page written
  1  a fault: a released model that cannot be fetched, too little memory, a full disk (the
     table is printed all the same)
  2  the command was not understood, or the model, device or folder is none
  130  stopped with Ctrl-C; nothing was written

All questions are about drawings that this course makes. A model of photos has never seen their
like: its numbers say how far it carries over, and compare it with itself, fact by fact.
"""


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """One probe.

    Args:
        model: its name, or the path of its weights.
        pairs: minimal pairs of each sort, and pictures to name.
        seed: that all chance comes from.
        out: the folder that the page is written into.
        device: where the model runs; None for a GPU if there is one.
    """

    model: str
    pairs: int
    seed: int
    out: Path
    device: str | None


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> options = parse(["ViT-B/32", "--seed", "7"])
    >>> options.seed, options.out.name
    (7, 'probe-ViT-B-32')
    """
    found = vars(_parser().parse_args(words))
    out = found.pop("out")
    return Options(out=Path(f"probe-{_short(found['model'])}") if out is None else out, **found)


def check(options: Options) -> None:
    """Refuse a probe whose page could not be written, or would replace another model's.

    Raises:
        ValueError: there is something else where the folder is to be, a folder cannot be
            written to or made there, or it holds the probe of another model.
    """
    out = options.out
    try:
        _try(out)
    except OSError as error:
        raise ValueError(
            "probe: --out must be a folder that can be written to, or made in one that is "
            f"there; got {out} ({error.strerror}); name another."
        ) from error
    if (held := _held(out / "probe.json")) not in (None, printable(options.model)):
        raise ValueError(
            "probe: --out must hold no other model's probe, which would be lost; got "
            f"{out} with that of {held}; name another."
        )


def label(model: str) -> str:
    """Return what a page calls a model: its name, or the end of a long path.

    >>> label("ViT-B/32"), label("/home/me/experiments/2026/runs/epoch_31.safetensors")
    ('ViT-B/32', '…eriments/2026/runs/epoch_31.safetensors')
    """
    name = printable(model)
    name = name if len(name) <= LONGEST else "…" + name[1 - LONGEST :]
    return f"./{name}" if name.startswith("_") else name  # legends leave out names with _


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("probe", DESCRIPTION, EPILOG)
    add = parser.add_argument
    add("model", metavar="MODEL", type=_name, help="tiny, ViT-B/32, or a file of weights")
    how = f"minimal pairs of each sort ({PAIRS}); more take longer, and narrow the intervals"
    pairs, seed = whole_number(LEAST_PAIRS, MOST_PAIRS), whole_number(0, MOST_SEED)
    add("--pairs", metavar="N", type=pairs, default=PAIRS, help=how)
    add("--seed", metavar="N", type=seed, default=0, help="that all chance comes from (0)")
    where = "write there (probe-MODEL); made if need be, an earlier probe of MODEL is replaced"
    add("--out", metavar="FOLDER", type=_folder, help=where)
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    return parser


def _try(out: Path) -> None:
    """Write where the page is to be, without a trace; raise OSError where that cannot be."""
    try:
        out.lstat()
    except FileNotFoundError:
        out = out.absolute().parent
    TemporaryFile(dir=out).close()
    for file in FILES:
        if (out / file).is_dir():
            raise IsADirectoryError(EISDIR, f"{file} is a folder there")


def _held(path: Path) -> str | None:
    """Return the model whose probe a file holds, "an unknown model" or, without it, None."""
    try:
        return str(json.loads(path.read_bytes())["model"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError):
        return "an unknown model"


def _folder(word: str) -> Path:
    if not word.strip():
        raise argparse.ArgumentTypeError(f"must be a folder; got {word!r}")
    return Path(word)


def _name(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError(f"must be a model's name or file; got {word!r}")
    return word


def _short(model: str) -> str:
    """Return a model's name as a folder's: without a path, an ending or a slash.

    >>> _short("ViT-L/14@336px"), _short("runs/mine.safetensors")
    ('ViT-L-14@336px', 'mine')
    """
    if re.search(r"\.[A-Za-z]+$", model):
        model = Path(model).stem
    return re.sub(r"[^\w.@-]+", "-", model).strip("-.") or "model"
