"""What is measured, and beside what."""

from io import BytesIO

import numpy as np
from PIL import Image
from sklearn.metrics.pairwise import cosine_similarity

from bench.measure import Entry
from mmcourse.similarity import cosine_matrix
from mmcourse.world.render import render
from mmcourse.world.sampling import sample_scene


def drawing() -> Entry:
    """Return: draw scenes, beside reading the same pictures from PNG files."""
    count, size = 400, 64
    rng = np.random.default_rng(0)
    scenes = [sample_scene(rng) for _ in range(count)]
    files = [_as_png(render(scene, size=size)) for scene in scenes]

    def draw() -> None:
        for scene in scenes:
            render(scene, size=size)

    def decode() -> None:
        for file in files:
            np.asarray(Image.open(BytesIO(file)))

    return Entry(
        what="`render`, ordinary scenes at 64 px",
        peer="Pillow, decoding the same picture from PNG in memory",
        unit="pictures/s",
        count=count,
        ours=draw,
        theirs=decode,
    )


def cosines() -> Entry:
    """Return: all cosines of 2,000 with 3,000 vectors, beside scikit-learn's."""
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((rows, 512)).astype(np.float32) for rows in (2000, 3000))
    np.testing.assert_allclose(cosine_matrix(a, b), cosine_similarity(a, b), atol=1e-6)
    return Entry(
        what="`cosine_matrix`, 2,000 × 3,000 vectors of 512 float32 numbers",
        peer="scikit-learn, `cosine_similarity` (which does not clamp)",
        unit="million cosines/s",
        count=6,
        ours=lambda: cosine_matrix(a, b),
        theirs=lambda: cosine_similarity(a, b),
    )


def _as_png(picture: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, format="png")
    return file.getvalue()


ENTRIES = (drawing, cosines)
