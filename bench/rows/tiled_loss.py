"""The loss in tiles, whose memory grows with the pairs and not with their square."""

from collections.abc import Iterator

from bench.measure import Case
from bench.rows.loss import case
from mmcourse.losses import tiled_clip_loss

TITLE = "The same loss in tiles, `tiled_clip_loss`"
PAIRS, LARGE = (4096, 8192, 16384), (32_768, 131_072)


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one case a number of pairs; the largest stand alone."""
    yield from (case(tiled_clip_loss, pairs, 1) for pairs in PAIRS)
    if large:
        yield from (case(tiled_clip_loss, pairs, 1) for pairs in LARGE)
