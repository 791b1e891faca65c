"""Exercise 07: probabilities of a CLIP, inputs on its device, a way out, a script mended."""

from classroom.checks.ex07_using_clip.classify_photo import CLASSIFY_PHOTO
from classroom.checks.ex07_using_clip.label_probabilities import LABEL_PROBABILITIES
from classroom.checks.ex07_using_clip.to_device import TO_DEVICE
from classroom.checks.ex07_using_clip.with_none_of_these import WITH_NONE_OF_THESE
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="07_using_clip",
    questions=(LABEL_PROBABILITIES, TO_DEVICE, WITH_NONE_OF_THESE, CLASSIFY_PHOTO),
    modules=("math", "pathlib", "numpy", "torch", "PIL", "mmcourse.clip"),
    data=("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml"),
)
