r"""`python -m mmcourse caption FILE…`: a sentence for each picture, or the honesty to say none.

Every file gets a line: `FILE: a red cat at sunset (0.97)`, with the captioner's probability
that all of it is right; `FILE: not sure (0.31)` where that is too low; `FILE: not of the drawn
world` where the picture is unlike all that the captioner learnt from, as photos and screenshots
are. Standard output holds these and nothing else; what could not be read goes to standard
error, with the reason. Nothing leaves the machine.

Exit status: 0 every file was read; 1 a fault (a file that is no picture, weights missing), the
others are answered all the same; 2 the command was not understood; 130 it was stopped, and what
had been said stands.

`options` understands the words, `run` looks and says, `output` prints.

With --json, one object when all is done:

    {"threshold": 0.8,
     "captions": [{"path": "cat.png", "caption": "a red cat at sunset", "confidence": 0.97,
                   "guess": "a red cat at sunset", "foreign": false, "distance": 0.41}],
     "skipped": [{"path": "torn.jpg", "reason": "…"}]}

`caption` is null where nothing is said; `guess` is what would have been. `distance` is 0 in the
middle of the drawn world and 1 at its border. The JSON is plain ASCII.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence

from mmcourse.caption.options import parse
from mmcourse.terminal import exit_status, open_outputs


def main(words: Sequence[str]) -> int:
    """Caption as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> int:
        from mmcourse.caption.run import caption  # torch, which takes seconds to start

        return caption(options)

    return exit_status("caption", work, stopped="what was said stands")
