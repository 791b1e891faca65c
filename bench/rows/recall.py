"""Recall at k of a matrix of scores, beside torch's `topk` and torchmetrics."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from bench.made import version
from bench.measure import Case
from mmcourse.metrics import recall_at_k
from tests.helpers.peers import import_peer

TITLE = "Recall at 1, 5 and 10, `recall_at_k`"
KS = (1, 5, 10)
MOST_OF_TORCHMETRICS = 1_000
"""It takes every score with its query's number, one after the other."""


def cases(*, large: bool) -> Iterator[Case]:
    """Yield a small and a large square matrix."""
    del large
    yield from map(case, (1_000, 10_000))


def case(count: int) -> Case:
    """Return the recall of so many queries among as many items."""
    torch.manual_seed(0)
    scores = torch.randn(count, count) + 3 * torch.eye(count)
    diagonal = torch.arange(count)

    def by_topk() -> dict[int, float]:
        found = scores.topk(max(KS)).indices == diagonal[:, None]
        return {k: found[:, :k].any(1).float().mean().item() for k in KS}

    peers = {"torch's `topk` (ties go to whoever comes first)": by_topk}
    if count <= MOST_OF_TORCHMETRICS:
        peers[version("torchmetrics")] = lambda: torchmetrics(scores)
    for theirs in peers.values():
        assert all(abs(theirs()[k] - share) < 1e-6 for k, share in recall_at_k(scores).items())
    return Case(
        name=f"{count:,} × {count:,} scores",
        unit="million scores/s",
        count=count * count / 1e6,
        ours=lambda: recall_at_k(scores),
        peers=peers,
        limit=("counting what lies above the diagonal", lambda: above(scores)),
        memory=count > MOST_OF_TORCHMETRICS,
    )


def torchmetrics(scores: Tensor) -> dict[int, float]:
    """Return the same by torchmetrics, which calls it the hit rate."""
    kind = import_peer("torchmetrics.retrieval").RetrievalHitRate
    queries = torch.arange(len(scores)).repeat_interleave(len(scores))
    wanted = torch.eye(len(scores), dtype=torch.bool).flatten()
    flat = scores.flatten()
    return {k: kind(top_k=k)(flat, wanted, indexes=queries).item() for k in KS}


def above(scores: Tensor) -> np.ndarray:
    """Return how many scores of each row lie above its own."""
    rows = scores.numpy()
    own = np.diagonal(rows)
    parts = range(0, len(rows), 256)
    counted = [(rows[at : at + 256] > own[at : at + 256, None]).sum(1) for at in parts]
    return np.concatenate(counted)
