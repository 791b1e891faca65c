"""`python -m mmcourse index FOLDER`: make the index of a folder now, and search it later.

It is the index that `search` would make at its first run, in the same place, and what it
knows is not encoded again. With --ray ADDRESS a cluster encodes: actors of Ray Data hold the
model and open the files, so FOLDER must be there by the same path on every machine, with the
course installed; the index stays here. A worker that dies loses nothing.

Standard output holds the path of the index's file and nothing else. With --json, one object:

    {"index": "/home/ada/.cache/…", "folder": "/home/ada/photos", "model": "ViT-B/32",
     "pictures": 1234, "skipped": [{"path": "torn.jpg", "reason": "…"}]}

Exit status: 0 the index is there; 1 a fault (no such folder, model or cluster, no picture,
another model's index); 2 the command was not understood; 130 it was stopped, and the next run
goes on from there.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from mmcourse.choice import chosen_model
from mmcourse.command_line import parser_of, whole_number
from mmcourse.search.options import (
    AUTO,
    BATCH,
    DTYPE_SAID,
    DTYPES,
    MAX_PIXELS,
    Options,
    check,
    folder,
    is_inside,
)
from mmcourse.terminal import exit_status, open_outputs, printable, say, show_lines

EPILOG = """\
exit status:
  0  the index is there
  1  a fault: no such folder, model or cluster, no picture, another model's index
  2  the command was not understood
  130  stopped with Ctrl-C; the next run goes on from there

A cluster is started with `ray start --head`, which prints its address, and on every other
machine with `ray start --address ADDRESS`; it needs the extra `cluster`.
"""


def main(words: Sequence[str]) -> int:
    """Make an index as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)
    return exit_status(
        "index", lambda: _work(options), stopped="the next run goes on from here"
    )


def parse(words: Sequence[str]) -> Options:
    """Return what the words of a command line ask for.

    Raises:
        SystemExit: they are not understood (2), or ask for help (0).

    >>> parse(["photos", "--ray", "127.0.0.1:6379"]).ray
    '127.0.0.1:6379'
    """
    parser = parser_of("index", "Make the index of a folder, to be searched later.", EPILOG)
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=folder, help="of pictures, and of folders of them")
    add("--ray", metavar="ADDRESS", type=_address, help="of a Ray cluster, HOST:PORT or auto")
    add("--model", metavar="NAME_OR_PATH", help="which CLIP: a name, or a file of weights")
    add("--device", metavar="NAME", help="cpu or cuda; a GPU is taken if there is one")
    number = whole_number(1)
    add(
        "--batch", metavar="N", type=number, default=BATCH, help=f"pictures at a time ({BATCH})"
    )
    add("--dtype", choices=(*DTYPES, AUTO), default=DTYPES[0], help=DTYPE_SAID)
    add("--index", metavar="PATH", type=Path, help="keep the index there, outside FOLDER")
    most = f"of a picture, and of all decoded at a time ({MAX_PIXELS:,})"
    add("--max-pixels", metavar="N", type=number, default=MAX_PIXELS, help=most)
    add("--json", dest="as_json", action="store_true", help="print JSON, for programs")
    found = vars(parser.parse_args(words))
    model = found.pop("model") or chosen_model()
    options = Options(command="index", model=model, **found)
    if options.index is not None and is_inside(options.index, options.folder):
        parser.error(
            f"--index must lie outside FOLDER, where nothing is written; got {options.index}"
        )
    return options


def _work(options: Options) -> None:
    check(options)
    import torch  # takes seconds to start

    from mmcourse.clip import load
    from mmcourse.pixel_budget import most_pixels
    from mmcourse.search.dtypes import settled
    from mmcourse.search.folder_index import index_of, place_of

    options, notes = settled(options)
    path = place_of(options)
    with most_pixels(options.max_pixels):
        dtype = getattr(torch, options.dtype)
        index = index_of(options, path, *load(options.model, options.device, dtype=dtype))
    skipped = [{"path": str(each.path), "reason": each.reason} for each in index.skipped]
    said = {
        "index": str(path),
        "folder": str(index.folder),
        "model": options.model,
        "pictures": len(index),
        "skipped": skipped,
    }
    show_lines([json.dumps(said) if options.as_json else printable(str(path))])
    for note in notes:
        say(note)
    say(f"{len(index):,} pictures in the index, {len(skipped):,} files skipped.")


def _address(word: str) -> str:
    host, _, port = word.rpartition(":")
    if word != "auto" and not (host and port.isdigit() and int(port) < 1 << 16):
        raise argparse.ArgumentTypeError(f"must be HOST:PORT, or auto; got {word!r}")
    return word
