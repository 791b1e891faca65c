"""Exercise 02: vectors of length 1, cosines in pairs and in a matrix, angles."""

from classroom.checks.ex02_cosine_similarity.angle_degrees import ANGLE_DEGREES
from classroom.checks.ex02_cosine_similarity.cosine_matrix import COSINE_MATRIX
from classroom.checks.ex02_cosine_similarity.l2_normalize import L2_NORMALIZE
from classroom.checks.ex02_cosine_similarity.paired_cosine import PAIRED_COSINE
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="02_cosine_similarity",
    questions=(L2_NORMALIZE, PAIRED_COSINE, COSINE_MATRIX, ANGLE_DEGREES),
    modules=("math", "numpy"),
)
