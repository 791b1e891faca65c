"""CLIP's loss and its gradient, beside the plainest code there is and open_clip's."""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from bench.made import version
from bench.measure import Case, Way
from mmcourse.losses import clip_loss
from tests.helpers.peers import import_peer

TITLE = "CLIP's loss, forward and backward, `clip_loss`"
DIM, SCALE = 512, 100.0
CALLS = {64: 400, 1024: 10, 4096: 1}
"""How many calls make a round, by the number of pairs."""
MOST, TILE = 8192, 1024
NOTE = """Of 64 pairs three hundredths are checks of arguments. The rest of the gap are calls
of torch: our softmax makes more of them than `F.cross_entropy`, which large matrices do not
notice."""
PLAINEST = "normalise, product, two cross-entropies"

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one case a number of pairs; a GPU, where there is one, has its own."""
    del large
    for device in ("cpu", *(["cuda"] if torch.cuda.is_available() else [])):
        yield from (case(clip_loss, pairs, calls, device) for pairs, calls in CALLS.items())


def case(ours: Loss, pairs: int, calls: int, device: str = "cpu") -> Case:
    """Return a loss of so many pairs, beside both peers; the three give the same number.

    Beyond `MOST` pairs the peers' matrices need more memory than many machines have.
    """
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(2, pairs, DIM, generator=generator).to(device)
    images, texts = (part.requires_grad_() for part in features.unbind())
    scale = torch.tensor(SCALE, device=device)
    losses = {PLAINEST: plainest, open_clip_name(): peer()} if pairs <= MOST else {}
    for theirs in losses.values():
        torch.testing.assert_close(ours(images, texts, scale), theirs(images, texts, scale))

    def steps(loss: Loss) -> Way:
        def run() -> None:
            for _ in range(calls):
                images.grad = texts.grad = None
                loss(images, texts, scale).backward()

        return run

    return Case(
        name=f"{pairs:,} pairs of {DIM} numbers",
        unit="calls/s",
        count=calls,
        ours=steps(ours),
        peers={name: steps(loss) for name, loss in losses.items()},
        limit=("three matrix products", products(images.detach(), texts.detach(), calls)),
        memory=pairs > min(CALLS),
        device=device,
    )


def plainest(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """Return CLIP's loss as a blog would write it: nothing is asked."""
    images, texts = F.normalize(images, dim=-1), F.normalize(texts, dim=-1)
    logits = scale * images @ texts.T
    targets = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.T, targets)) / 2


def peer() -> Loss:
    """Return open_clip's loss; it is given what is normalised, as open_clip's model does."""
    loss = import_peer("open_clip.loss").ClipLoss()
    return lambda images, texts, scale: loss(
        F.normalize(images, dim=-1), F.normalize(texts, dim=-1), scale
    )


def open_clip_name() -> str:
    """Return what the tables call it."""
    return version("open_clip", "open_clip_torch")


def products(images: Tensor, texts: Tensor, calls: int) -> Way:
    """Return the three products that no such loss can do without: one forward, two back."""

    def multiply() -> None:
        for _ in range(calls):
            for rows in images.split(TILE):
                logits = rows @ texts.T
                logits @ texts
                logits.T @ rows

    return multiply
