r"""`python -m mmcourse listen FILE…`: what sounds in a recording, in which order, in words.

Every file gets a line: `FILE: a dog twice then a bird once at the beach (0.93)`, with the
captioner's probability that all of it is right; `FILE: not sure (0.31)` where that is too low;
`FILE: not of the drawn world` where it is unlike all that the captioner learnt from, as music
and talk are. A recording longer than three seconds gets a line for each three:
`FILE 3-6 s: …`. Standard output holds these and nothing else; what could not be heard goes to
standard error, with the reason. Nothing leaves the machine.

Exit status: 0 every file was heard; 1 a fault (a file that is no recording, silence, weights
missing), the others are answered all the same; 2 the command was not understood; 130 it was
stopped, and what had been said stands.

`options` understands the words, `run` hears and says, `output` prints.

With --json, one object when all is done:

    {"threshold": 0.5,
     "recordings": [{"path": "dog.wav", "parts": [
         {"begin": 0.0, "end": 3.0, "caption": "a dog twice at the beach", "confidence": 0.93,
          "guess": "a dog twice at the beach", "foreign": false, "distance": 0.41}]}],
     "skipped": [{"path": "torn.wav", "reason": "…"}]}

`caption` is null where nothing is said; `guess` is what would have been. `distance` is 0 in the
middle of the world's sounds and 1 at their border. The JSON is plain ASCII.

Here is what needs the standard library alone, so that a wrong word is answered at once.
"""

from collections.abc import Sequence

from mmcourse.listen.options import parse
from mmcourse.terminal import exit_status, open_outputs


def main(words: Sequence[str]) -> int:
    """Listen as the words of a command line ask for; return the exit status.

    Raises:
        SystemExit: the words are not understood (2), or ask for help (0).
    """
    with open_outputs():
        options = parse(words)

    def work() -> int:
        from mmcourse.listen.run import listen  # torch, which takes seconds to start

        return listen(options)

    return exit_status("listen", work, stopped="what was said stands")
