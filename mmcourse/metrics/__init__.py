"""Metrics: how good an answer is, and how far that number can be trusted.

`accuracy` holds shares and intervals, `bootstrap` differences, `retrieval` ranked lists,
`calibration` probabilities, `geometry` how features lie on the sphere, `pairs` what is true
against what is nearly true. All return plain Python numbers.
"""

from mmcourse.metrics.accuracy import (
    Interval,
    MeanInterval,
    accuracy,
    accuracy_interval,
    mean_interval,
)
from mmcourse.metrics.bootstrap import Difference, paired_bootstrap
from mmcourse.metrics.calibration import ece, fit_temperature
from mmcourse.metrics.geometry import Gap, alignment, modality_gap, uniformity
from mmcourse.metrics.pairs import Winoground, pair_accuracy, winoground_scores
from mmcourse.metrics.retrieval import mean_reciprocal_rank, median_rank, recall_at_k

__all__ = [
    "Difference",
    "Gap",
    "Interval",
    "MeanInterval",
    "Winoground",
    "accuracy",
    "accuracy_interval",
    "alignment",
    "ece",
    "fit_temperature",
    "mean_interval",
    "mean_reciprocal_rank",
    "median_rank",
    "modality_gap",
    "pair_accuracy",
    "paired_bootstrap",
    "recall_at_k",
    "uniformity",
    "winoground_scores",
]
