"""Metrics: how good an answer is, and how far that number can be trusted.

`accuracy` holds shares and intervals, `bootstrap` differences, `retrieval` ranked lists,
`calibration` probabilities, `geometry` how features lie on the sphere, `pairs` what is true
against what is nearly true, `vqa` answers that people disagree about, `edits` what was heard.
`caption_truth` takes a caption apart into its facts, as `caption_reading` reads it, and
`clip_score` asks a CLIP. All return plain Python numbers, `clip_score` one for each pair in a
tensor.
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
from mmcourse.metrics.caption_truth import CaptionTruth, caption_truth
from mmcourse.metrics.clip_score import clip_score
from mmcourse.metrics.edits import (
    ErrorRate,
    character_error_rate,
    edit_distance,
    word_error_rate,
)
from mmcourse.metrics.geometry import Gap, alignment, modality_gap, uniformity
from mmcourse.metrics.pairs import Winoground, pair_accuracy, winoground_scores
from mmcourse.metrics.retrieval import mean_reciprocal_rank, median_rank, recall_at_k
from mmcourse.metrics.vqa import vqa_accuracy

__all__ = [
    "CaptionTruth",
    "Difference",
    "ErrorRate",
    "Gap",
    "Interval",
    "MeanInterval",
    "Winoground",
    "accuracy",
    "accuracy_interval",
    "alignment",
    "caption_truth",
    "character_error_rate",
    "clip_score",
    "ece",
    "edit_distance",
    "fit_temperature",
    "mean_interval",
    "mean_reciprocal_rank",
    "median_rank",
    "modality_gap",
    "pair_accuracy",
    "paired_bootstrap",
    "recall_at_k",
    "uniformity",
    "vqa_accuracy",
    "winoground_scores",
    "word_error_rate",
]
