"""Captions of some files, each printed as soon as it is known."""

from pathlib import Path

from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.caption.options import Options
from mmcourse.caption.output import Captioned, as_line, as_text
from mmcourse.captioning import PrefixCaptioner, greedy
from mmcourse.captioning.alt_text import THRESHOLD
from mmcourse.checkpoints import restore
from mmcourse.eyes import FOREIGN, Eyes, reason
from mmcourse.images import UnreadableImageError
from mmcourse.terminal import on_terminal, printable, say, show_lines


def caption(options: Options) -> int:
    """Caption every file that can be read; return the exit status.

    Raises:
        BrokenPipeError: nobody reads standard output any more.
        FileNotFoundError: weights are missing.
        ValueError: there is no such device, or weights are damaged.
    """
    threshold = THRESHOLD if options.threshold is None else options.threshold
    eyes = Eyes(options.device)
    mouth = restore(PrefixCaptioner(), "captioner").to(eyes.device)
    found: list[Captioned] = []
    lines_tell = not options.as_json or len(options.files) == 1
    silent = lines_tell or not on_terminal()
    for path in tqdm(options.files, desc="captioning", disable=silent):
        one = _captioned(eyes, mouth, path, threshold)
        found.append(one)
        if one.reason is not None:
            say(f"caption: {printable(one.reason)}")
        elif not options.as_json:
            show_lines([as_line(one, FOREIGN)])
    if options.as_json:
        show_lines([as_text(found, threshold)])
    return int(any(one.reason is not None for one in found))


def _captioned(eyes: Eyes, mouth: PrefixCaptioner, path: Path, threshold: float) -> Captioned:
    try:
        seen = eyes.look(path)
    except UnreadableImageError as error:
        return Captioned(path=str(path), reason=reason(error))
    [said] = greedy(mouth, seen.grid)
    return Captioned(
        path=str(path),
        guess=said.text,
        confidence=said.probability,
        said=said.probability >= threshold,
        distance=seen.distance,
    )
