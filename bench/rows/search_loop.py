"""A search in an index, beside a loop that encodes the whole folder at each query."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image

from bench.measure import Case
from mmcourse import clip
from mmcourse.retrieval import Index
from mmcourse.world import render, sample_scene

TITLE = "One text among 500 drawn pictures, `tiny` (what an index is for; no peer works so)"
COUNT, BEST, QUERY = 500, 5, "a red cat"


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    model, preprocess = clip.load("tiny", device="cpu")
    rng = np.random.default_rng(0)
    folder = TemporaryDirectory()  # lives as long as `loop`, which names it
    names = [f"{number:04}.png" for number in range(COUNT)]
    for name in names:
        picture = render(sample_scene(rng), size=64)
        Image.fromarray(picture).save(Path(folder.name, name))
    index = Index.build(model, preprocess, folder.name, progress=False)

    @torch.inference_mode()
    def loop() -> list[str]:
        text = torch.nn.functional.normalize(model.encode_text(clip.tokenize([QUERY])), dim=-1)
        pictures = [preprocess(Image.open(Path(folder.name, name))) for name in names]
        images = torch.cat([model.encode_image(picture[None]) for picture in pictures])
        cosines = torch.nn.functional.normalize(images, dim=-1) @ text[0]
        return [names[row] for row in cosines.topk(BEST).indices]

    assert [hit.item for hit in index.search(QUERY, BEST)] == loop()
    yield Case(
        name="`Index.search`, once the index is there",
        unit="searches/s",
        count=1,
        ours=lambda: index.search(QUERY, BEST),
        peers={"a loop that encodes the folder at every query": loop},
    )
