"""Few labels: what a trained CLIP makes of a handful of pictures a class.

Read `shots` first: which pictures are labelled. Then from what moves least to what moves most:
`tip_adapter` learns nothing, `probe` a linear head on fixed features, `coop` the words before a
name, `lora` small corrections of the tower's matrices, `fine_tune` all of the tower.
`interpolate` is last: it gives back some of what fine-tuning forgot.
"""

from mmcourse.few_shot.coop import LearnedContext, learn_context
from mmcourse.few_shot.fine_tune import ImageClassifier, fine_tune
from mmcourse.few_shot.interpolate import interpolate
from mmcourse.few_shot.lora import add_lora, merge_lora
from mmcourse.few_shot.probe import LinearProbe, linear_probe
from mmcourse.few_shot.shots import few_shot_split
from mmcourse.few_shot.tip_adapter import tip_adapter

__all__ = [
    "ImageClassifier",
    "LearnedContext",
    "LinearProbe",
    "add_lora",
    "few_shot_split",
    "fine_tune",
    "interpolate",
    "learn_context",
    "linear_probe",
    "merge_lora",
    "tip_adapter",
]
