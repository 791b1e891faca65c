"""`python -m mmcourse indexes`: what searches keep in your cache folder, and how to clear it.

A line for each index: pictures, megabytes, model, folder. With --clear FOLDER those of one
folder are removed, with --clear all of them; a search makes them again. Standard output holds
these lines and nothing else. With --json, one list of objects:

    [{"path": "/home/ada/.cache/…", "folder": "/home/ada/photos", "model": "ViT-B/32",
      "pictures": 1234, "bytes": 2600000}]

Exit status: 0 done; 1 a fault (no home folder, an index that is at work or not yours); 2 the
command was not understood; 130 it was stopped, with some removed.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmcourse.command_line import parser_of
from mmcourse.terminal import exit_status, open_outputs, printable, say, show_lines

if TYPE_CHECKING:
    from mmcourse.retrieval.album.kept import Kept

EPILOG = """\
exit status:
  0  done
  1  a fault: no home folder, an index that a search is at work on or that is not yours
  2  the command was not understood
  130  stopped with Ctrl-C; some may be removed
"""


def main(words: Sequence[str]) -> int:
    """List or clear the indexes; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        parser = parser_of("indexes", "List what searches keep, or clear it.", EPILOG)
        parser.add_argument(
            "--clear",
            metavar="FOLDER",
            nargs="?",
            const="",
            help="remove the indexes of this folder; without FOLDER, all",
        )
        parser.add_argument("--json", action="store_true", help="print JSON, for programs")
        chosen = parser.parse_args(words)
    return exit_status(
        "indexes",
        lambda: _work(chosen.clear, as_json=chosen.json),
        stopped="what was removed is made again by the next search",
    )


def _work(folder: str | None, *, as_json: bool) -> int:
    from mmcourse.retrieval.album.kept import clear, kept  # numpy, which takes its time

    found = kept()
    if folder is not None:
        found = [
            each for each in found if not folder or each.folder == os.path.realpath(folder)
        ]
        left = clear(found)
        at_work = f", {len(left)} left, as searches are at work" if left else ""
        say(f"{len(found) - len(left)} removed{at_work}.")
        return 1 if left else 0
    show_lines([json.dumps([*map(_data, found)])] if as_json else [*map(_line, found)])
    say(f"{len(found)} in all; --clear FOLDER removes those of a folder, --clear all.")
    return 0


def _line(one: "Kept") -> str:
    what = "unfinished, or damaged" if one.folder is None else printable(one.folder)
    model = printable(one.model_name or "?")
    return f"{one.pictures:>9,}  {one.size / 1e6:>8.1f} MB  {model}  {what}"


def _data(one: "Kept") -> dict[str, object]:
    return {
        "path": str(one.path),
        "folder": one.folder,
        "model": one.model_name,
        "pictures": one.pictures,
        "bytes": one.size,
    }
