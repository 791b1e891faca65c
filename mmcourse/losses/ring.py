"""CLIP's loss over several processes: texts go round a ring, and no process has the matrix.

Each process holds pairs of its own. The texts go from neighbour to neighbour, until they have
met all pictures, and come home with the sum of their columns; on the way back, with their
gradient. So a process holds its own pairs and a visitor's texts, and less the more processes
there are (SigLIP passes chunks round like this, arXiv 2303.15343, section 3.3). Leaves out
texts without a picture, and computing while a message is on its way.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, final

import torch
import torch.distributed as dist
from jaxtyping import Float, Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.losses.features import exact, require_pairs, scalar, working_dtype
from mmcourse.similarity import unit


@checked
def ring_clip_loss(
    images: Float[Tensor, "batch dim"],
    texts: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""],
    labels: Int[Tensor, " batch"] | None = None,
    *,
    tile: int = 1024,
) -> Float[Tensor, ""]:
    """Return what `clip_loss` returns for the pairs of all processes, to each of them.

    Every process of torch.distributed's default group calls it with as many pairs of its own,
    and goes backward. Its features get the gradient that they would have in one process. The
    scale gets a share, and so does every weight behind the features: the sum over processes is
    the gradient of one process. Without a group there is one process, and all pairs are here.
    Its gradient has no gradient of its own.

    Args:
        images: as for `clip_loss`.
        texts: as for `clip_loss`.
        scale: as for `clip_loss`; the same in every process.
        labels: pairs with equal numbers, in whichever process, share their right answers, as
            equal captions do in `multi_positive_targets`; None lets each have its own.
        tile: how many rows and columns of logits there are at a time, at least 1.

    Raises:
        ValueError: as `clip_loss`; `tile` is below 1; processes differ in their number of
            pairs or of dimensions; or, on the way back, `create_graph=True`.

    One process, and a caption that is true of both pictures: all four cells are right.

    >>> pairs = torch.eye(2)
    >>> three = torch.tensor(3.0).log()
    >>> round(ring_clip_loss(pairs, pairs, scale=three).exp().item(), 4)  # as in clip_loss: 4/3
    1.3333
    >>> loss = ring_clip_loss(pairs, pairs, scale=three, labels=torch.tensor([7, 7]))
    >>> round(loss.exp().item() ** 2, 4)  # as in multi_positive_loss: 16/3
    5.3333
    """
    tile = whole("ring_clip_loss", "tile", tile, least=1)
    require_pairs("ring_clip_loss", images=images, texts=texts)
    dtype = working_dtype(images, texts)
    images, texts = unit(images.to(dtype)), unit(texts.to(dtype))
    scale = scalar("ring_clip_loss", "scale", scale, images, positive=True)
    _require_equal_shares(images)
    if labels is None:
        first = _rank() * len(images)
        labels = torch.arange(first, first + len(images), device=images.device)
    return _Ring.apply(images, texts, scale, labels, tile)  # type: ignore[no-untyped-call]


@final
class _Ring(torch.autograd.Function):
    """The loss of unit vectors: row i of `images` with row i of `texts`, in every process."""

    @staticmethod
    def forward(
        ctx: Any, images: Tensor, texts: Tensor, scale: Tensor, labels: Tensor, tile: int
    ) -> Tensor:
        right = (images * texts).sum(1)
        rows = torch.full_like(right, -torch.inf)  # log Σ exp(logit - right logit), each row
        columns = torch.full_like(right, -torch.inf)
        # how many right answers there are, and the sums of their logits - right logit
        number, by_rows, by_columns = right.new_zeros(3, len(right))
        home = _Side(images, right, labels)
        for visitor in _visitors(texts, right, labels):
            for part in _tiles(home, _Side(*visitor), scale, tile):
                rows[part.here] = rows[part.here].logaddexp(part.by_row.logsumexp(1))
                met = columns[part.there].logaddexp(part.by_column.logsumexp(0))
                columns[part.there] = met
                number[part.here] += part.same.sum(1)
                by_rows[part.here] += (part.by_row * part.same).sum(1)
                by_columns[part.there] += (part.by_column * part.same).sum(0)
            # what a text has gathered goes on with it, and after the last visit home
            columns, by_columns = _pass_on(columns, by_columns)
        ctx.save_for_backward(images, texts, scale, labels, right, number, rows, columns)
        ctx.tile = tile
        surprise = rows + columns - (by_rows + by_columns) / number
        return _sum_over_processes(surprise.sum()) / (2 * _world() * len(images))

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        if torch.is_grad_enabled():
            raise ValueError(
                "ring_clip_loss: its gradient has no gradient of its own, so create_graph "
                "must be False; got True; use clip_loss to differentiate twice."
            )
        images, texts, scale, labels, right, number, rows, columns = ctx.saved_tensors
        share = outer[0] / (2 * _world() * len(images))  # a mean over pairs, of two directions
        to_images, to_texts = torch.zeros_like(images), torch.zeros_like(texts)
        to_scale = torch.zeros_like(scale)
        home = _Side(images, right, labels)
        for *visitor, ends in _visitors(texts, right, labels, columns):
            for part in _tiles(home, _Side(*visitor), scale, ctx.tile):
                push = (part.by_row - rows[part.here, None]).exp()  # softmax over each row
                push += (part.by_column - ends[part.there]).exp()  # softmax over each column
                push -= 2 * part.same / number[part.here, None]  # the right answers, both ways
                with exact(images):
                    to_images[part.here] += push @ visitor[0][part.there]
                    to_texts[part.there] += push.T @ images[part.here]
                to_scale += (push * part.cosines).sum()
            (to_texts,) = _pass_on(to_texts)
        # in place: they are as large as anything here
        to_images, to_texts = to_images.mul_(share * scale), to_texts.mul_(share * scale)
        return to_images, to_texts, share * to_scale, None, None


class _Side(NamedTuple):
    """Pictures at home, or texts on a visit, with what is known of their pairs."""

    vectors: Tensor
    right: Tensor
    labels: Tensor


class _Tile(NamedTuple):
    """Where some pictures meet some texts; both logits are minus the right one."""

    here: slice
    there: slice
    cosines: Tensor
    by_row: Tensor
    by_column: Tensor
    same: Tensor


def _tiles(home: _Side, visitor: _Side, scale: Tensor, tile: int) -> Iterator[_Tile]:
    """Yield all tiles of the block in which the pictures here meet the texts of a visitor."""
    count = len(home.vectors)
    own = home.right is visitor.right
    for top in range(0, count, tile):
        here = slice(top, top + tile)
        for left in range(0, count, tile):
            there = slice(left, left + tile)
            with exact(home.vectors):
                cosines = home.vectors[here] @ visitor.vectors[there].T
            if own and top == left:
                cosines.diagonal().copy_(home.right[here])  # or rounding makes a loss below 0
            yield _Tile(
                here,
                there,
                cosines,
                scale * (cosines - home.right[here, None]),
                scale * (cosines - visitor.right[there]),
                home.labels[here, None] == visitor.labels[there],
            )


def _visitors(*home: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Yield what is at home, and then what comes from each of the other processes."""
    yield home
    for _ in range(1, _world()):
        home = _pass_on(*home)
        yield home


def _pass_on(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Give tensors to the next process, and return those of the one before."""
    world, rank = _world(), _rank()
    if world == 1:
        return tensors
    received = tuple(torch.empty_like(tensor) for tensor in tensors)
    messages = []
    for tag, (gone, come) in enumerate(zip(tensors, received, strict=True)):
        messages.append(dist.P2POp(dist.isend, gone, (rank + 1) % world, tag=tag))
        messages.append(dist.P2POp(dist.irecv, come, (rank - 1) % world, tag=tag))
    for message in dist.batch_isend_irecv(messages):
        message.wait()
    return received


def _sum_over_processes(number: Tensor) -> Tensor:
    if _world() > 1:
        dist.all_reduce(number)
    return number


def _require_equal_shares(images: Tensor) -> None:
    """Refuse pairs of which another process has more or less: it would wait for the rest."""
    shape = torch.tensor(images.shape, device=images.device)
    shapes = [torch.empty_like(shape) for _ in range(_world())]
    if len(shapes) > 1:
        dist.all_gather(shapes, shape)
        found = sorted({tuple(each.tolist()) for each in shapes})
        if len(found) > 1:
            raise ValueError(
                "ring_clip_loss: every process must hold as many pairs, of as many dimensions; "
                f"got shapes {', '.join(map(str, found))}; give each as much of the batch."
            )


def _world() -> int:
    """Return how many processes there are."""
    return dist.get_world_size() if _is_one_of_several() else 1


def _rank() -> int:
    """Return which of them this is."""
    return dist.get_rank() if _is_one_of_several() else 0


def _is_one_of_several() -> bool:
    return dist.is_available() and dist.is_initialized()
