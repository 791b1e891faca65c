r"""`python -m mmcourse draw "a yellow bus in the city" -o out.png`: pictures of a sentence.

The painter of lesson 13 draws N pictures; CLIP scores how well each suits the sentence, and a
judge that never met CLIP says what it sees in it. They stand side by side in one PNG, the best
by CLIP first; the PNG's metadata say in words what it shows. Standard output holds the scores
and verdicts and nothing else; progress and notes go to standard error. Equal sentences, options
and seeds give equal pictures. Nothing leaves the machine.

A file that is there already is replaced, as by search's contact sheet, and this is said. The
PNG appears whole or not at all.

Exit status: 0 it is drawn; 1 a fault (a sentence too long, a full disk, weights missing); 2 the
command was not understood; 130 it was stopped, and wrote nothing.

`options` understands the words, `run` draws, `output` says what came of it.

With --json, one object:

    {"prompt": "a cute red cat", "file": "out.png", "guidance": 3.0, "steps": 16, "seed": 0,
     "pictures": [{"score": 0.41, "sees": "a yellow bus in the city",
                   "verdict": {"kind": "cat", "colour": "red", "second_kind": "none",
                               "second_colour": "red", "setting": "night"}}],
     "unknown_words": ["cute"]}

Scores are cosines, the best first, which is the order from left to right. A kind of "none"
means that the judge can name nothing; the colour beside it says nothing then. The JSON is plain
ASCII.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence

from mmcourse.draw.options import check, parse
from mmcourse.terminal import exit_status, open_outputs


def main(words: Sequence[str]) -> int:
    """Draw as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> None:
        check(options)
        from mmcourse.draw.output import show  # torch, which takes seconds to start
        from mmcourse.draw.run import draw

        show(draw(options), as_json=options.as_json)

    return exit_status("draw", work, stopped="nothing was written")
