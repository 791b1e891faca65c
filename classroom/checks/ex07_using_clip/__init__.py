"""Exercise 07: probabilities of a CLIP, inputs on its device, a way out, a script mended.

One question more is answered in words, and marked by a person.
"""

from classroom.checks.ex07_using_clip.classify_photo import CLASSIFY_PHOTO
from classroom.checks.ex07_using_clip.label_probabilities import LABEL_PROBABILITIES
from classroom.checks.ex07_using_clip.to_device import TO_DEVICE
from classroom.checks.ex07_using_clip.with_none_of_these import WITH_NONE_OF_THESE
from classroom.checks.question import Exercise, Written

WOULD_YOU_USE_IT = Written(
    number="07.5",
    title="Would you use it?",
    points=4,
    rubric="1 point: a use, its labels and a way out such as 'none of these'.\n"
    "1 point: a measurement on own photos, with counts, beside chance or an interval.\n"
    "1 point: one failure, and what in the model or its training explains it.\n"
    "1 point: a decision that follows, with a use that is ruled out, and why.",
)

EXERCISE = Exercise(
    name="07_using_clip",
    questions=(LABEL_PROBABILITIES, TO_DEVICE, WITH_NONE_OF_THESE, CLASSIFY_PHOTO),
    modules=("math", "pathlib", "typing", "numpy", "torch", "PIL", "mmcourse.clip"),
    written=(WOULD_YOU_USE_IT,),
    data=("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml"),
)
