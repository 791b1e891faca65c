"""Exercise 06: patches, preprocessing, a text's one vector, and a mask."""

from classroom.checks.ex06_inside_clip.causal_mask import CAUSAL_MASK
from classroom.checks.ex06_inside_clip.patchify import PATCHIFY
from classroom.checks.ex06_inside_clip.preprocess import PREPROCESS
from classroom.checks.ex06_inside_clip.text_feature import TEXT_FEATURE
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="06_inside_clip",
    questions=(PATCHIFY, PREPROCESS, TEXT_FEATURE, CAUSAL_MASK),
    modules=("math", "numpy", "torch", "PIL"),
)
