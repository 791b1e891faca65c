"""All cosines of two sets of vectors, beside scikit-learn's."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity

from bench.made import version
from bench.measure import Case
from mmcourse.similarity import cosine_matrix

TITLE = "All cosines, `cosine_matrix`"
ROWS, COLUMNS, DIM = 2_000, 3_000, 512


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((rows, DIM)).astype(np.float32) for rows in (ROWS, COLUMNS))
    np.testing.assert_allclose(cosine_matrix(a, b), cosine_similarity(a, b), atol=1e-6)
    yield Case(
        name=f"{ROWS:,} × {COLUMNS:,} vectors of {DIM} float32 numbers",
        unit="million cosines/s",
        count=ROWS * COLUMNS / 1e6,
        ours=partial(cosine_matrix, a, b),
        peers={
            f"{version('scikit-learn')}, which does not clamp": partial(cosine_similarity, a, b)
        },
        limit=("the product alone", lambda: a @ b.T),
    )
