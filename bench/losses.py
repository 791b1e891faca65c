"""The loss beside the plainest code there is, and a signature's check beside jaxtyping's."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from beartype import beartype
from jaxtyping import Float, jaxtyped
from torch import Tensor

from bench.measure import Entry
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.losses import clip_loss

DIM = 512
SCALE = 100.0


def plainest(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Return CLIP's loss as a blog would write it: normalise, product, two cross-entropies."""
    images, texts = F.normalize(images, dim=-1), F.normalize(texts, dim=-1)
    logits = scale * images @ texts.T
    targets = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.T, targets)) / 2


def loss(pairs: int, calls: int) -> Callable[[], Entry]:
    """Return what makes the entry: forward and backward, for so many pairs."""

    def make() -> Entry:
        generator = torch.Generator().manual_seed(0)
        images, texts = (
            torch.randn(pairs, DIM, generator=generator, requires_grad=True) for _ in range(2)
        )

        def run(function: Callable[..., Tensor]) -> Callable[[], None]:
            def steps() -> None:
                for _ in range(calls):
                    images.grad = texts.grad = None
                    function(images, texts, SCALE).backward()

            return steps

        torch.testing.assert_close(
            clip_loss(images, texts, SCALE), plainest(images, texts, SCALE)
        )
        return Entry(
            what=f"`clip_loss`, {pairs:,} pairs of {DIM} numbers, forward and backward",
            peer="normalise, product, two cross-entropies, nothing asked",
            unit="calls/s",
            count=calls,
            ours=run(clip_loss),
            theirs=run(plainest),
        )

    return make


def signature() -> Entry:
    """Return: kinds and shapes of three arguments asked, beside jaxtyping with beartype."""

    def nothing(
        a: Float[Tensor, "batch dim"],
        b: Float[Tensor, "batch dim"],
        scale: float | Float[Tensor, ""],
    ) -> None:
        del a, b, scale

    ours, theirs = checked(nothing), jaxtyped(nothing, typechecker=beartype)
    return _asked(
        "a signature asked: two matrices and a scale",
        "jaxtyping with beartype",
        ours,
        theirs,
    )


def finite() -> Entry:
    """Return: two matrices asked for NaN and infinity, beside `torch.isfinite`."""
    return _asked(
        "`require_finite`, two matrices of 64 × 512",
        "`torch.isfinite(x).all()` of both",
        lambda a, b, _: require_finite("f", a=a, b=b),
        lambda a, b, _: (bool(torch.isfinite(a).all()), bool(torch.isfinite(b).all())),
    )


def _asked(
    what: str, peer: str, ours: Callable[..., object], theirs: Callable[..., object]
) -> Entry:
    count = 5_000
    arguments = torch.randn(64, DIM), torch.randn(64, DIM), torch.tensor(SCALE)

    def run(function: Callable[..., object]) -> Callable[[], None]:
        def calls() -> None:
            for _ in range(count):
                function(*arguments)

        return calls

    return Entry(
        what=what, peer=peer, unit="calls/s", count=count, ours=run(ours), theirs=run(theirs)
    )


ENTRIES = (loss(64, 200), loss(1024, 10), loss(4096, 1), signature, finite)
