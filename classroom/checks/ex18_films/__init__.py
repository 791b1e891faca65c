"""Exercise 18: tokens of a film, its sound late, its frames in a bag, and what is needed."""

from classroom.checks.ex18_films.bag_of_frames import BAG_OF_FRAMES
from classroom.checks.ex18_films.film_tokens import FILM_TOKENS
from classroom.checks.ex18_films.late import LATE
from classroom.checks.ex18_films.needs import NEEDS
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="18_films",
    questions=(FILM_TOKENS, LATE, BAG_OF_FRAMES, NEEDS),
    modules=("collections", "itertools", "math", "numpy", "torch"),
)
