"""CLIP's loss without its matrix: the same numbers, tile by tile.

The logits of N pairs fill N² cells; for 32,768 pairs that is 4 GiB, several times over. Here
they are computed tile by tile, once forward and once again backward, and only two numbers for
each pair are kept (as in arXiv 2410.17243, section 3, on one device). Leaves out fused kernels.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, final

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.losses.features import exact, require_pairs, scalar, working_dtype
from mmcourse.similarity import unit


@checked
def tiled_clip_loss(
    images: Float[Tensor, "batch dim"],
    texts: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""],
    extra_texts: Float[Tensor, "extra dim"] | None = None,
    *,
    tile: int = 1024,
) -> Float[Tensor, ""]:
    """Return what `clip_loss` returns, with the same gradients, in memory linear in the batch.

    Its gradient has no gradient of its own: what needs one (`create_graph=True`) needs
    `clip_loss`.

    Args:
        images: as for `clip_loss`.
        texts: as for `clip_loss`.
        scale: as for `clip_loss`.
        extra_texts: as for `clip_loss`. Extra images are left out.
        tile: how many rows and columns a tile has, at least 1. It changes memory and time only.

    Raises:
        ValueError: as `clip_loss`; `tile` is below 1; or, on the way back, `create_graph=True`.

    >>> pairs = torch.eye(2)
    >>> loss = tiled_clip_loss(pairs, 5 * pairs, scale=torch.tensor(3.0).log(), tile=1)
    >>> round(loss.exp().item(), 4)  # as in clip_loss: 4/3
    1.3333
    """
    tile = whole("tiled_clip_loss", "tile", tile, least=1)
    require_pairs("tiled_clip_loss", images=images, texts=texts, extra_texts=extra_texts)
    dtype = working_dtype(images, texts, extra_texts)
    if extra_texts is not None:
        texts = torch.cat([texts.to(dtype), extra_texts.to(dtype)])
    images, texts = unit(images.to(dtype)), unit(texts.to(dtype))
    scale = scalar("tiled_clip_loss", "scale", scale, images, positive=True)
    return _Tiled.apply(images, texts, scale, tile)  # type: ignore[no-untyped-call]


@final
class _Tiled(torch.autograd.Function):
    """The loss of unit vectors: row i of `images` with row i of `texts`, which may be more."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, texts: Tensor, scale: Tensor, tile: int) -> Tensor:
        right = (images * texts[: len(images)]).sum(1)
        rows = torch.full_like(right, -torch.inf)  # log Σ exp(logit - right logit), each row
        columns = torch.full_like(right, -torch.inf)
        with exact(images):
            for part in _tiles(images, texts, right, tile):
                by_row, by_column = part.logits(scale, right)
                # summed as logarithms, since exp(100) is beyond float32
                rows[part.rows] = rows[part.rows].logaddexp(by_row.logsumexp(1))
                columns[part.pairs] = columns[part.pairs].logaddexp(by_column.logsumexp(0))
        # enough to compute every tile again; to keep the tiles would take all N² cells
        ctx.save_for_backward(images, texts, scale, right, rows, columns)
        ctx.tile = tile
        return (rows + columns).mean() / 2

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        if torch.is_grad_enabled():
            raise ValueError(
                "tiled_clip_loss: its gradient has no gradient of its own, so create_graph "
                "must be False; got True; use clip_loss to differentiate twice."
            )
        images, texts, scale, right, rows, columns = ctx.saved_tensors
        share = outer[0] / (2 * len(images))  # a mean over pairs, of two directions
        to_images, to_texts = torch.zeros_like(images), torch.zeros_like(texts)
        to_scale = torch.zeros_like(scale)
        with exact(images):
            for part in _tiles(images, texts, right, ctx.tile):
                by_row, by_column = part.logits(scale, right)
                push = (by_row - rows[part.rows, None]).exp()  # softmax over each row
                # texts beyond the pairs look for no picture: theirs is no softmax over a column
                push[:, : part.paired] += (by_column - columns[part.pairs]).exp()
                if part.rows.start == part.columns.start:
                    push.diagonal().sub_(2)  # the right answers, once for each direction
                to_images[part.rows] += push @ texts[part.columns]
                to_texts[part.columns] += push.T @ images[part.rows]
                to_scale += (push * part.cosines).sum()
        return share * scale * to_images, share * scale * to_texts, share * to_scale, None


class _Tile(NamedTuple):
    """A block of the matrix; `paired` of its columns, from the left, belong to a picture."""

    rows: slice
    columns: slice
    paired: int
    cosines: Tensor

    @property
    def pairs(self) -> slice:
        """Return those columns' places among the pairs."""
        return slice(self.columns.start, self.columns.start + self.paired)

    def logits(self, scale: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits minus the right one of each row; the paired ones, of each column.

        The difference is taken before the scale, or large logits would round it away.
        """
        by_row = scale * (self.cosines - right[self.rows, None])
        return by_row, scale * (self.cosines[:, : self.paired] - right[self.pairs])


def _tiles(images: Tensor, texts: Tensor, right: Tensor, tile: int) -> Iterator[_Tile]:
    """Yield all tiles; where rows and columns are pairs, the diagonal is exactly `right`."""
    count = len(images)
    for top in range(0, count, tile):
        rows = slice(top, min(top + tile, count))
        for left in range(0, len(texts), tile):
            columns = slice(left, min(left + tile, len(texts)))
            paired = max(0, min(columns.stop, count) - left)
            cosines = images[rows] @ texts[columns].T
            if top == left:
                cosines.diagonal().copy_(right[rows])  # or rounding makes a loss below 0
            yield _Tile(rows, columns, paired, cosines)
