"""The contrastive loss of CLIP: each picture finds its text, each text its picture.

InfoNCE (arXiv 1807.03748, equation 4) is cross-entropy over a batch: row i's right answer is
column i. CLIP averages it over rows and columns (arXiv 2103.00020, Figure 3). Leaves out
saving memory (`tiled`, `cached`) and several right answers (`multi_positive`).
"""

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import is_finite, require_finite
from mmcourse.losses.features import exact, require_rows, scalar, working_dtype
from mmcourse.similarity import unit


@checked
def info_nce(logits: Float[Tensor, "rows columns"]) -> Float[Tensor, ""]:
    """Return the mean surprise, in nats, at column i being the right one for row i.

        L = -1/N Σᵢ log( exp(logits[i, i]) / Σⱼ exp(logits[i, j]) )

    Columns beyond the N rows are wrong for every row. Minus infinity marks a column that is
    ruled out; where it is the right one, the loss is infinite. One row and one column give 0.
    Source: arXiv 1807.03748, equation 4.

    Raises:
        ValueError: there is no row, fewer columns than rows, a NaN or plus infinity, or a row
            in which every column is ruled out.

    Row 1 is right with chance 3 / (3 + 1), row 2 with 1 / (1 + 1):

    >>> logits = torch.tensor([[3.0, 1.0], [1.0, 1.0]]).log()
    >>> round(info_nce(logits).exp().item() ** 2, 4)  # 4/3 * 2
    2.6667
    """
    _require_rows(logits)
    logits = logits.to(working_dtype(logits))
    return _surprise(logits, logits.diagonal(), axis=1).mean()


@checked
def clip_loss(
    images: Float[Tensor, "batch dim"],
    texts: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""],
    extra_texts: Float[Tensor, "extra dim"] | None = None,
    extra_images: Float[Tensor, "others dim"] | None = None,
) -> Float[Tensor, ""]:
    """Return CLIP's loss in nats: InfoNCE from pictures to texts and back, averaged.

        logits = scale · cos(images, texts)
        L = (info_nce(logits) + info_nce(logitsᵀ)) / 2

    Chance is log(batch); one pair alone has loss 0. The gradient for the logits is
    (P + Q - 2I) / 2N, where P and Q are the softmax over rows and over columns.
    Source: arXiv 2103.00020, Figure 3; extra texts: arXiv 2210.01936, section 4.

    Args:
        images: features of pictures, of any length: they are normalised here. A zero vector
            has cosine 0 with everything.
        texts: features of texts; row i belongs to row i of `images`.
        scale: what multiplies the cosines, 1 / temperature; it may be a parameter.
        extra_texts: texts that belong to no picture. Each picture must prefer its own text to
            them; they look for no picture themselves.
        extra_images: pictures that belong to no text. Each text must prefer its own picture to
            them; they look for no text themselves, and never meet the extra texts.

    Raises:
        ValueError: there is no pair, a feature is not finite, or the scale is not positive and
            finite.

    Two pairs at right angles: each is right with chance 3 / (3 + 1).

    >>> pairs = torch.eye(2)
    >>> round(clip_loss(pairs, 5 * pairs, scale=torch.tensor(3.0).log()).exp().item(), 4)
    1.3333
    """
    require_rows("clip_loss", images=images, texts=texts)
    dtype = working_dtype(images, texts, extra_texts, extra_images)
    u, v = unit(images.to(dtype)), unit(texts.to(dtype))
    scale = scalar("clip_loss", "scale", scale, u, positive=True)
    with exact(u):
        u = scale * u  # not each of the batch² cosines
        logits = u @ v.T  # (batch, batch)
        to_texts, to_images, right = logits, logits, logits.diagonal()
        if extra_texts is not None:
            extra = u @ unit(extra_texts.to(dtype)).T
            to_texts = torch.cat([logits, extra], dim=1)  # (batch, batch + extra)
        if extra_images is not None:
            others = unit(extra_images.to(dtype)) @ (scale * v).T
            to_images = torch.cat([logits, others])  # (batch + others, batch)
    loss = (_surprise(to_texts, right, axis=1) + _surprise(to_images, right, axis=0)).mean() / 2
    if not is_finite(loss):  # one number to look at; only now is it worth looking for where
        require_finite(
            "clip_loss",
            images=images,
            texts=texts,
            extra_texts=extra_texts,
            extra_images=extra_images,
        )
    return loss


def _surprise(logits: Tensor, right: Tensor, axis: int) -> Tensor:
    """Return -log softmax(logits) along an axis, where the logits are the right ones.

    What softmax does not notice goes first: the highest logit, or exp would overflow. Nor does
    the gradient notice it. Each logit's exp is kept for the way back, which would take it again
    in `F.cross_entropy`.
    """
    highest = logits.detach().amax(axis, keepdim=True)
    total = (logits - highest).exp().sum(axis)
    return total.log() + (highest.squeeze(axis) - right)


def _require_rows(logits: Tensor) -> None:
    if not 1 <= len(logits) <= logits.shape[1]:
        raise ValueError(
            "info_nce: row i's right answer is column i, so logits must have at least one row "
            f"and no fewer columns; got {tuple(logits.shape)}."
        )
    if bool(logits.isneginf().all(1).any()):
        raise ValueError(
            "info_nce: every row must have a column that is not ruled out; got only minus "
            "infinity in one; leave that row out."
        )
    if bool((logits.isnan() | logits.isposinf()).any()):
        raise ValueError(
            "info_nce: logits must not be NaN or plus infinity; look at the scale and at the "
            "features for the first number that is not finite."
        )
