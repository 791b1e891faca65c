"""Exercise 16: levels, a codebook, the chances of the next code, and a picture spelled."""

from classroom.checks.ex16_pictures_as_words.nearest_code import NEAREST_CODE
from classroom.checks.ex16_pictures_as_words.next_code import NEXT_CODE
from classroom.checks.ex16_pictures_as_words.quantise import QUANTISE
from classroom.checks.ex16_pictures_as_words.spell import SPELL
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="16_pictures_as_words",
    questions=(QUANTISE, NEAREST_CODE, NEXT_CODE, SPELL),
    modules=("collections", "itertools", "math", "numpy", "torch"),
)
