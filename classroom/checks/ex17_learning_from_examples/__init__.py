"""Exercise 17: a gate, a document's pictures, a short memory, and the best that can be done."""

from classroom.checks.ex17_learning_from_examples.chance_of_dax import CHANCE_OF_DAX
from classroom.checks.ex17_learning_from_examples.gated_look import GATED_LOOK
from classroom.checks.ex17_learning_from_examples.own_picture import OWN_PICTURE
from classroom.checks.ex17_learning_from_examples.short_convolution import SHORT_CONVOLUTION
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="17_learning_from_examples",
    questions=(GATED_LOOK, OWN_PICTURE, SHORT_CONVOLUTION, CHANCE_OF_DAX),
    modules=("collections", "itertools", "math", "numpy", "torch"),
)
