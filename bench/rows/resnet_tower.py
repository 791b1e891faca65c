"""RN50's image tower, beside those of open_clip and OpenAI."""

from collections.abc import Iterator

import torch

from bench.made import alike, open_clip_model, our_model, rounded, version
from bench.measure import OURS, Case
from bench.rows.image_tower import SIDE, encoding
from mmcourse.clip.released.releases import RELEASES
from tests.helpers.peers import import_peer

TITLE = "An image tower of RN50's sizes, float32, the same weights"
BATCH = 8


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    images = torch.randn(BATCH, 3, SIDE, SIDE)
    sizes = RELEASES["RN50"].config
    open_clip = open_clip_model(sizes)
    rounded(open_clip)
    ours = our_model(sizes, open_clip.state_dict())
    models = {
        OURS: ours,
        version("open_clip", "open_clip_torch"): open_clip,
        version("OpenAI's clip", "clip-anytorch"): import_peer("clip.model")
        .build_model(dict(ours.state_dict()))
        .float(),
    }
    ways = {name: encoding(model.eval(), images) for name, model in models.items()}
    ways = alike(ways, rtol=1e-4)
    yield Case(
        name=f"`encode_image`, batches of {BATCH}",
        unit="pictures/s",
        count=BATCH,
        ours=ways.pop(OURS),
        peers=ways,
        memory=True,
    )
