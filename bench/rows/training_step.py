"""One step of training a small CLIP: both towers, the loss, its gradient, and Adam."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from bench.made import captions, open_clip_model, our_model, version
from bench.measure import Case, Way
from bench.rows.loss import Loss, peer
from mmcourse import clip
from mmcourse.clip.config import CLIPConfig
from mmcourse.losses import clip_loss

TITLE = "A step of training, batches of 128 pairs"
BATCH = 128
NOTE = """Three quarters of a step of `tiny` are convolutions, BatchNorm, pooling and Adam,
which both make by the same calls of torch: without all else it would be about 2.3 times as
fast as open_clip. What we save are tokens behind a text's end, and copies."""


def cases(*, large: bool) -> Iterator[Case]:
    """Yield one case a shipped model's sizes."""
    del large
    yield from map(case, ("tiny", "tiny-vit"))


def case(name: str) -> Case:
    """Return steps of a model of a shipped one's sizes, beside open_clip's of the same."""
    shipped, _ = clip.load(name, device="cpu")
    sizes = CLIPConfig.from_state_dict(shipped.state_dict())
    theirs = open_clip_model(sizes)
    ours = our_model(sizes, theirs.state_dict())
    images = torch.randn(BATCH, 3, sizes.image_resolution, sizes.image_resolution)
    tokens = clip.tokenize(captions(BATCH), sizes.context_length)
    return Case(
        name=f"`{name}`'s sizes",
        unit="pairs/s",
        count=BATCH,
        ours=step(ours, images, tokens, clip_loss),
        peers={version("open_clip", "open_clip_torch"): step(theirs, images, tokens, peer())},
        memory=True,
    )


def step(model: nn.Module, images: Tensor, tokens: Tensor, loss: Loss) -> Way:
    """Return: take a step, of the same optimizer whoever's the model is."""
    optimizer = torch.optim.AdamW(model.train().parameters(), lr=1e-4)

    def run() -> None:
        optimizer.zero_grad()
        pictures, texts = model.encode_image(images), model.encode_text(tokens)
        loss(pictures, texts, model.logit_scale.exp()).backward()
        optimizer.step()

    return run
