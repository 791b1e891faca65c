"""Exercise 08: a classifier made of texts, a function that makes one, calibration, choices."""

from classroom.checks.ex08_zero_shot_and_prompts.build_classifier import BUILD_CLASSIFIER
from classroom.checks.ex08_zero_shot_and_prompts.build_image_classifier import (
    BUILD_IMAGE_CLASSIFIER,
)
from classroom.checks.ex08_zero_shot_and_prompts.choose_templates import CHOOSE_TEMPLATES
from classroom.checks.ex08_zero_shot_and_prompts.compare_templates import COMPARE_TEMPLATES
from classroom.checks.ex08_zero_shot_and_prompts.reliability import RELIABILITY
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="08_zero_shot_and_prompts",
    questions=(
        BUILD_CLASSIFIER,
        BUILD_IMAGE_CLASSIFIER,
        RELIABILITY,
        CHOOSE_TEMPLATES,
        COMPARE_TEMPLATES,
    ),
    modules=("collections", "math", "numpy", "torch", "PIL", "mmcourse.clip"),
    data=("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml"),
)
