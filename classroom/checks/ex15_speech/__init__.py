"""Exercise 15: a loss without alignments, a best path, an error rate, and speech in a space."""

from classroom.checks.ex15_speech.align_step import ALIGN_STEP
from classroom.checks.ex15_speech.collapse import COLLAPSE
from classroom.checks.ex15_speech.ctc_loss import CTC_LOSS
from classroom.checks.ex15_speech.word_error_rate import WORD_ERROR_RATE
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="15_speech",
    questions=(CTC_LOSS, COLLAPSE, WORD_ERROR_RATE, ALIGN_STEP),
    modules=("collections", "functools", "itertools", "math", "numpy", "torch"),
)
