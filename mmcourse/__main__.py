"""The course's commands: `python -m mmcourse` search, probe, draw and others.

A short door. What a practitioner asks for is answered here, the rest is handed on to
`classroom`. Loads nothing beyond the standard library until a command needs it.
"""

import sys
from collections.abc import Sequence

if sys.version_info < (3, 11):  # noqa: UP036 - said to those who run an older one
    sys.exit(
        "mmcourse: Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ", "
        "at " + sys.executable + ". The course's own is in .venv; make setup makes it."
    )

from mmcourse import ask, caption, draw, indexes, listen, probe, search
from mmcourse.search import index

OURS = {
    "search": (search.main, "find pictures in a folder; search --help says how"),
    "index": (
        index.main,
        "make the index of a folder, here or on a cluster, to search later",
    ),
    "indexes": (indexes.main, "list what searches keep in your cache folder, or clear it"),
    "probe": (probe.main, "ask a CLIP what it knows of the drawn world; probe --help says how"),
    "caption": (caption.main, "say what pictures show; caption --help says how"),
    "listen": (listen.main, "say what sounds in recordings; listen --help says how"),
    "ask": (ask.main, "answer a question about a picture; ask --help says how"),
    "draw": (draw.main, "draw what a sentence says; draw --help says how"),
}
"""What is answered here: by whom, and what `--help` says of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 a fault, 2 not understood."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in OURS:
        run, _ = OURS[words[0]]
        return run(words[1:])
    from classroom.desk import commands

    return commands.main(words, {name: said for name, (_, said) in OURS.items()})


if __name__ == "__main__":
    sys.exit(main())
