"""Exercise 04: who is pushed, a scale that is learned, how vectors spread, and calibration."""

from classroom.checks.ex04_temperature.fit_temperature import FIT_TEMPERATURE
from classroom.checks.ex04_temperature.logit_scale import LOGIT_SCALE
from classroom.checks.ex04_temperature.negative_weights import NEGATIVE_WEIGHTS
from classroom.checks.ex04_temperature.uniformity import UNIFORMITY
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="04_temperature",
    questions=(NEGATIVE_WEIGHTS, LOGIT_SCALE, UNIFORMITY, FIT_TEMPERATURE),
    modules=("math", "numpy", "torch"),
)
