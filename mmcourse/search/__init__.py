r"""`python -m mmcourse search FOLDER "a red cat"`: the pictures in a folder, nearest first.

Every picture is encoded once, and its vector kept in an index in your cache folder; later runs
encode what is new or has changed. Nothing is ever written into FOLDER, and nothing leaves the
machine. Standard output holds the results and nothing else; progress, notes and what was
skipped go to standard error.

Exit status: 0 there are results; 1 a fault (no such folder, no picture in it, a query too long,
no such model, an index of another one); 2 the command was not understood; 130 it was stopped,
and the next run goes on from there.

`options` understands the words, `run` searches, `folder_index` makes what is searched, `output`
and `contact_sheet` show the result; `index` is the command that makes an index alone.

With --json, one object:

    {"query": "a cute cat", "model": "tiny", "folder": "/home/ada/drawings",
     "results": [{"path": "cat.png", "file": "/home/ada/drawings/cat.png", "score": 0.31,
                  "copies": ["old/cat.png"]}],
     "skipped": [{"path": "torn.jpg", "reason": "…"}],
     "unknown_words": ["cute"]}

Paths are relative to FOLDER, and `file` opens from anywhere; copies of a file are not found
again. Scores are cosines, the best first. `query` is the text, or {"text": TEXT, "plus":
[TEXT, …], "minus": [TEXT, …]} where it is moved; for pictures it is {"image": FILE}, or
{"like": FILE, "plus": [TEXT, …], "minus": [TEXT, …]}; for a recording {"sound": FILE}. The JSON
is plain ASCII; a byte of a name that is no UTF-8, say E9, is written \udce9, as Python does
(PEP 383).

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence

from mmcourse.search.options import check, parse
from mmcourse.search.output import show
from mmcourse.terminal import exit_status, open_outputs


def main(words: Sequence[str]) -> int:
    """Search as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> None:
        check(options)
        from mmcourse.search.run import answer  # torch, which takes seconds to start

        show(answer(options), as_json=options.as_json)

    return exit_status("search", work, stopped="the next run goes on from here")
