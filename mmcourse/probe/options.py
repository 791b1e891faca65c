"""What a probe is told on the command line, understood and checked before torch starts."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from os import W_OK, X_OK, access
from pathlib import Path
from typing import final

PAIRS, LEAST_PAIRS, MOST_PAIRS = 1_000, 30, 1_000_000
"""Minimal pairs of each sort; from few, a bootstrap's interval comes out too narrow."""

MOST_SEED = 2**63

EPILOG = """\
exit status:
  0  done; the table is printed, and the page written
  1  a fault: a released model that cannot be fetched, a full disk
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
    """Refuse a probe whose page could not be written.

    Raises:
        ValueError: there is something else where the folder is to be, or a folder cannot be
            written to or made there.
    """
    out = options.out
    there = out if out.exists() else out.absolute().parent
    if not there.is_dir() or not access(there, W_OK | X_OK):
        raise ValueError(
            "probe: --out must be a folder that can be written to, or made in one that is "
            f"there; got {out}; name another."
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mmcourse probe",
        description="Ask a CLIP what it knows of the drawn world, and write a page about it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=_name, help="tiny, ViT-B/32, or a file of weights")
    how = f"minimal pairs of each sort ({PAIRS}); more take longer, and narrow the intervals"
    add("--pairs", metavar="N", type=_pairs, default=PAIRS, help=how)
    add("--seed", metavar="N", type=_seed, default=0, help="that all chance comes from (0)")
    add("--out", metavar="FOLDER", type=Path, help="write there (probe-MODEL); made if need be")
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    return parser


def _name(word: str) -> str:
    if not word.strip():
        raise argparse.ArgumentTypeError(f"must be a model's name or file; got {word!r}")
    return word


def _pairs(word: str) -> int:
    return _whole(word, LEAST_PAIRS, MOST_PAIRS)


def _seed(word: str) -> int:
    return _whole(word, 0, MOST_SEED)


def _whole(word: str, least: int, most: int) -> int:
    number = int(word) if re.fullmatch(r"[0-9]{1,30}", word) else -1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from {least} to {most}; got {word!r}"
        )
    return number


def _short(model: str) -> str:
    """Return a model's name as a folder's: without a path, an ending or a slash.

    >>> _short("ViT-L/14@336px"), _short("runs/mine.safetensors")
    ('ViT-L-14@336px', 'mine')
    """
    if re.search(r"\.[A-Za-z]+$", model):
        model = Path(model).stem
    return re.sub(r"[^\w.@-]+", "-", model).strip("-.") or "model"
