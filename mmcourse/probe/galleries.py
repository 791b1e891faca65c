"""Retrieval among 256 pictures and their captions, and the hubs that get in its way.

A *hub* is an item that is among the nearest of very many queries (Radovanović et al., *Hubs in
space*, JMLR 2010). Ordinary captions leave much unsaid and are true of several pictures, so
that no model finds all. Leaves out corrections.
"""

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import skew  # type: ignore[import-untyped]
from torch import Tensor

from mmcourse.metrics import recall_at_k
from mmcourse.probe.rows import Row, over_galleries
from mmcourse.probe.vectors import Model, Seen
from mmcourse.world import caption

GALLERY = 256
"""Pictures among which one caption's own is looked for, and the other way round."""

LEAST = 3
"""Galleries, so that their scatter can be seen."""

KS = (1, 5)
LIST = 10
"""Candidates on the lists in which hubs are counted."""

RETRIEVAL, HUBS = "Retrieval among 256", "Hubs among 256"
THROWS = 2_000
"""How often chance is tried."""


def cosines(model: Model, seen: Seen, captions: Sequence[str]) -> Float[Tensor, "n n"]:
    """Return the cosines of pictures (rows) and captions (columns)."""
    return (seen.images @ model.texts(captions).T).cpu()


def ask(model: Model, n: int, seed: int) -> list[Float[np.ndarray, "n n"]]:
    """Return the cosines in as many galleries as hold about 2n pictures."""
    rng, found = np.random.default_rng([seed, 0]), []
    for number in range(max(LEAST, round(2 * n / GALLERY))):
        seen = model.draw(GALLERY, [seed, 1, number], split="test")
        said = [caption(scene, rng) for scene in seen.scenes]
        found.append(cosines(model, seen, said).numpy())
    return found


def rows(galleries: list[Float[np.ndarray, "n n"]], rng: np.random.Generator) -> Iterator[Row]:
    """Yield recall in both directions, and how large the hubs of both are."""
    ways = {
        ("picture finds caption", "captions"): galleries,
        ("caption finds picture", "pictures"): [each.T for each in galleries],
    }
    for (asked, _), tables in ways.items():
        found = [recall_at_k(each, ks=KS) for each in tables]
        for k in KS:
            shares = [each[k] for each in found]
            name = f"{asked}, R@{k}"
            yield over_galleries(RETRIEVAL, name, shares, k / GALLERY, each=GALLERY)
    by_dice = largest_by_dice(rng)
    for (_, items), tables in ways.items():
        largest = [float(listed(each, 1).max() / GALLERY) for each in tables]
        name = f"largest hub of {items}, share of queries"
        yield over_galleries(HUBS, name, largest, by_dice, each=GALLERY)
        skews = [float(skew(listed(each, LIST))) for each in tables]
        yield over_galleries(
            HUBS, f"skew of {items}", skews, skew_by_dice(), each=GALLERY, limits=(-inf, inf)
        )


def listed(scores: Float[np.ndarray, "queries items"], k: int) -> Int[np.ndarray, " items"]:
    """Return on how many of the queries' lists of k each item stands.

    >>> listed(np.array([[0.9, 0.1, 0.0], [0.8, 0.2, 0.3]]), 1)
    array([2, 0, 0])
    """
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.bincount(best.ravel(), minlength=scores.shape[1])


def largest_by_dice(rng: np.random.Generator) -> float:
    """Return the largest share of queries that one item answers if all answer at random."""
    thrown = (GALLERY * rng.random((THROWS, GALLERY))).astype(int)
    most = [np.bincount(each).max() for each in thrown]
    return float(np.mean(most) / GALLERY)


def skew_by_dice() -> float:
    """Return the skew of a binomial distribution: of lists filled at random.

    (1 - 2p) / √(N p (1 - p))   with p = LIST / N
    """
    p = LIST / GALLERY
    return float((1 - 2 * p) / np.sqrt(GALLERY * p * (1 - p)))
