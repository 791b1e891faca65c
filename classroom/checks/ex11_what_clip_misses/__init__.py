"""Exercise 11: captions that are nearly true, how often they lose, a loss, a blind model."""

from classroom.checks.ex11_what_clip_misses.blind_accuracy import BLIND_ACCURACY
from classroom.checks.ex11_what_clip_misses.clip_loss_with_negatives import (
    CLIP_LOSS_WITH_NEGATIVES,
)
from classroom.checks.ex11_what_clip_misses.pair_accuracy import PAIR_ACCURACY
from classroom.checks.ex11_what_clip_misses.swap_attributes import SWAP_ATTRIBUTES
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="11_what_clip_misses",
    questions=(SWAP_ATTRIBUTES, PAIR_ACCURACY, CLIP_LOSS_WITH_NEGATIVES, BLIND_ACCURACY),
    modules=("collections", "itertools", "math", "random", "re", "string", "numpy", "torch"),
)
