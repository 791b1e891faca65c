"""Exercise 10: a memory of shots, weights half-way, which pictures are shots, words, LoRA."""

from classroom.checks.ex10_adapting_clip.few_shot_split import FEW_SHOT_SPLIT
from classroom.checks.ex10_adapting_clip.interpolate import INTERPOLATE
from classroom.checks.ex10_adapting_clip.lora_forward import LORA_FORWARD
from classroom.checks.ex10_adapting_clip.lora_start import LORA_START
from classroom.checks.ex10_adapting_clip.tip_adapter import TIP_ADAPTER
from classroom.checks.ex10_adapting_clip.with_context import WITH_CONTEXT
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="10_adapting_clip",
    questions=(
        TIP_ADAPTER,
        INTERPOLATE,
        FEW_SHOT_SPLIT,
        WITH_CONTEXT,
        LORA_FORWARD,
        LORA_START,
    ),
    modules=("collections", "copy", "math", "random", "numpy", "torch"),
)
