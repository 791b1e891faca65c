"""A zero-shot classifier: prompts of every name, encoded and averaged."""

from collections.abc import Iterator
from functools import partial

import torch

from bench.made import vit_b32
from bench.measure import OURS, Case
from mmcourse.zeroshot import build_classifier
from tests.helpers.peers import import_peer

TITLE = "A zero-shot classifier of 5 names and 20 templates, ViT-B/32's sizes"
NAMES = ["cat", "dog", "fish", "bird", "tree"]


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    open_clip = import_peer("open_clip")
    ours, (peer, theirs) = (models := vit_b32()).pop(OURS), next(iter(models.items()))
    templates = [template("{}") for template in open_clip.OPENAI_IMAGENET_TEMPLATES[::4]]

    def build() -> torch.Tensor:
        with torch.inference_mode():
            return open_clip.build_zero_shot_classifier(
                theirs, open_clip.SimpleTokenizer(), NAMES, templates, num_classes_per_batch=5
            )

    way = partial(build_classifier, ours, NAMES, templates)
    torch.testing.assert_close(way(), build(), atol=1e-5, rtol=1e-4)
    yield Case(
        name=f"`build_classifier`, {len(NAMES)} names × {len(templates)} templates",
        unit="prompts/s",
        count=len(NAMES) * len(templates),
        ours=way,
        peers={f"{peer}, `build_zero_shot_classifier`": build},
    )
