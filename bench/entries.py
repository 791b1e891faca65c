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
    """Return: make scenes and draw them, beside reading the same pictures from PNG files."""
    count, size = 200, 64
    rng = np.random.default_rng(0)
    files = [_as_png(render(sample_scene(rng), size=size)) for _ in range(count)]

    def draw() -> None:
        fresh = np.random.default_rng(0)  # the same scenes in every round
        for _ in range(count):
            render(sample_scene(fresh), size=size)

    def decode() -> None:
        for file in files:
            np.asarray(Image.open(BytesIO(file)))

    return Entry(
        what="sample a scene and draw it at 64 px",
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
