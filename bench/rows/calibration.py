"""The expected calibration error, beside torchmetrics."""

from collections.abc import Iterator

import torch

from bench.made import version
from bench.measure import Case
from mmcourse.metrics import ece
from tests.helpers.peers import import_peer

TITLE = "The expected calibration error, `ece`"
N, CLASSES, BINS = 100_000, 100, 15


def cases(*, large: bool) -> Iterator[Case]:
    """Yield the one case."""
    del large
    torch.manual_seed(0)
    shares = (2 * torch.randn(N, CLASSES)).softmax(1)
    y = torch.randint(CLASSES, (N,))
    theirs = import_peer("torchmetrics.functional.classification").multiclass_calibration_error

    def peer() -> float:
        return theirs(shares, y, num_classes=CLASSES, n_bins=BINS, norm="l1").item()

    assert abs(ece(shares, y, bins=BINS) - peer()) < 1e-5
    yield Case(
        name=f"{N:,} answers of {CLASSES} classes",
        unit="million answers/s",
        count=N / 1e6,
        ours=lambda: ece(shares, y, bins=BINS),
        peers={version("torchmetrics"): peer},
        limit=("reading the probabilities once", shares.sum),
    )
