"""Sentences of some recordings, each printed as soon as it is known."""

from pathlib import Path

from mmcourse.ears import FOREIGN, Ears
from mmcourse.listen.options import Options
from mmcourse.listen.output import Listened, as_lines, as_text
from mmcourse.recordings import UnreadableSoundError
from mmcourse.terminal import printable, say, show_lines


def listen(options: Options) -> int:
    """Say what sounds in every file that can be heard; return the exit status.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
        FileNotFoundError: weights are missing.
        ValueError: weights are damaged.
    """
    ears, found = Ears(), []
    for path in options.files:
        one = _listened(ears, path)
        found.append(one)
        if one.reason is not None:
            say(f"listen: {printable(one.reason)}")
        elif not options.as_json:
            show_lines(as_lines(one, options.threshold, FOREIGN))
    if options.as_json:
        show_lines([as_text(found, options.threshold)])
    return int(any(one.reason is not None for one in found))


def _listened(ears: Ears, path: Path) -> Listened:
    try:
        return Listened(path=str(path), parts=tuple(ears.listen(path)))
    except UnreadableSoundError as error:
        return Listened(path=str(path), reason=str(error).partition(": ")[2])
