"""Exercise 01: fuse two answers, name an interaction, train for a modality that is missing."""

from classroom.checks.ex01_modalities.interaction import INTERACTION
from classroom.checks.ex01_modalities.late_fusion import LATE_FUSION
from classroom.checks.ex01_modalities.modality_dropout import MODALITY_DROPOUT
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="01_modalities",
    questions=(LATE_FUSION, INTERACTION, MODALITY_DROPOUT),
    modules=("math", "numpy", "torch"),
)
