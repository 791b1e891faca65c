"""Drawing scenes of the world, beside reading the same pictures from PNG files in memory."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from bench.made import version
from bench.measure import Case
from mmcourse.world import render, sample_scene

TITLE = "Drawing ordinary scenes, `render`"
COUNT, SIZE = 400, 64


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    rng = np.random.default_rng(0)
    scenes = [sample_scene(rng) for _ in range(COUNT)]
    files = [png(render(scene, size=SIZE)) for scene in scenes]
    yield Case(
        name=f"{COUNT} scenes at {SIZE} pixels",
        unit="pictures/s",
        count=COUNT,
        ours=lambda: [render(scene, size=SIZE) for scene in scenes],
        peers={
            f"{version('pillow')}, decoding them from PNG": lambda: [
                np.asarray(Image.open(BytesIO(file))) for file in files
            ]
        },
    )


def png(picture: np.ndarray) -> bytes:
    """Return a picture as a PNG file."""
    file = BytesIO()
    Image.fromarray(picture).save(file, format="png")
    return file.getvalue()
