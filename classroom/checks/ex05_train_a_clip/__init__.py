"""Exercise 05: a training step, shared answers, a rival loss, a large batch in small memory."""

from classroom.checks.ex05_train_a_clip.cached_backward import CACHED_BACKWARD
from classroom.checks.ex05_train_a_clip.multi_positive import MULTI_POSITIVE_TARGETS
from classroom.checks.ex05_train_a_clip.siglip_loss import SIGLIP_LOSS
from classroom.checks.ex05_train_a_clip.train_step import TRAIN_STEP
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="05_train_a_clip",
    questions=(TRAIN_STEP, MULTI_POSITIVE_TARGETS, SIGLIP_LOSS, CACHED_BACKWARD),
    modules=("collections", "math", "numpy", "torch"),
)
