"""Exercise 06: patches, preprocessing, a text's one vector, a mask, and what towers are fed."""

from classroom.checks.ex06_inside_clip.causal_mask import CAUSAL_MASK
from classroom.checks.ex06_inside_clip.patchify import PATCHIFY
from classroom.checks.ex06_inside_clip.preprocess import PREPROCESS
from classroom.checks.ex06_inside_clip.text_feature import TEXT_FEATURE
from classroom.checks.ex06_inside_clip.tower_inputs import TOWER_INPUTS
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="06_inside_clip",
    questions=(PATCHIFY, PREPROCESS, TEXT_FEATURE, CAUSAL_MASK, TOWER_INPUTS),
    modules=(
        "math",
        "pathlib",
        "tempfile",
        "numpy",
        "torch",
        "PIL",
        "mmcourse.clip",
        "mmcourse.images",
    ),
    data=("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml"),
)
