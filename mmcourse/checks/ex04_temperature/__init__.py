"""Exercise 04: who is pushed, a scale that is learned, how vectors spread, and calibration."""

from mmcourse.checks.ex04_temperature.fit_temperature import FIT_TEMPERATURE
from mmcourse.checks.ex04_temperature.logit_scale import LOGIT_SCALE
from mmcourse.checks.ex04_temperature.negative_weights import NEGATIVE_WEIGHTS
from mmcourse.checks.ex04_temperature.uniformity import UNIFORMITY
from mmcourse.checks.question import Exercise

EXERCISE = Exercise(
    name="04_temperature",
    questions=(NEGATIVE_WEIGHTS, LOGIT_SCALE, UNIFORMITY, FIT_TEMPERATURE),
    modules=("math", "numpy", "torch"),
)
