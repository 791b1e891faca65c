"""Exercise 13: the loss of a flow, guidance, Euler's steps, and prompts that are left out."""

from classroom.checks.ex13_text_to_image.drop_condition import DROP_CONDITION
from classroom.checks.ex13_text_to_image.euler_sample import EULER_SAMPLE
from classroom.checks.ex13_text_to_image.flow_loss import FLOW_LOSS
from classroom.checks.ex13_text_to_image.guided_velocity import GUIDED_VELOCITY
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="13_text_to_image",
    questions=(FLOW_LOSS, GUIDED_VELOCITY, EULER_SAMPLE, DROP_CONDITION),
    modules=("collections", "math", "numpy", "torch"),
)
