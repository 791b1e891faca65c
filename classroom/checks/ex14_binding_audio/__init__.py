"""Exercise 14: a sound as a picture, a third tower, and a search engine for three senses."""

from classroom.checks.ex14_binding_audio.align_step import ALIGN_STEP
from classroom.checks.ex14_binding_audio.build_index import BUILD_INDEX
from classroom.checks.ex14_binding_audio.compose import COMPOSE
from classroom.checks.ex14_binding_audio.find import FIND
from classroom.checks.ex14_binding_audio.mel_filterbank import MEL_FILTERBANK
from classroom.checks.ex14_binding_audio.report import REPORT
from classroom.checks.ex14_binding_audio.stft_magnitude import STFT_MAGNITUDE
from classroom.checks.question import Exercise, Written

SEARCH_ENGINE = Written(
    number="14.8",
    title="One failure, one repair",
    points=6,
    rubric="1 point: one class of queries that the engine answers badly, defined before it "
    "is counted; not one unlucky query.\n"
    "1 point: its recall or accuracy with the number of queries and an interval, beside "
    "chance, the best that can be reached, or another class; not a number without n.\n"
    "1 point: a cause that another measurement supports; not a guess, not 'needs more "
    "data'.\n"
    "1 point: one change, chosen on other queries than those of the final measurement; not "
    "several at once.\n"
    "1 point: before and after on the same fresh queries, with both intervals or how many "
    "changed each way, and what else got worse; a repair that does not help and is reported "
    "as such earns this point too.\n"
    "1 point: a use that is ruled out, with the error rate as the reason.",
)

EXERCISE = Exercise(
    name="14_binding_audio",
    questions=(
        STFT_MAGNITUDE,
        MEL_FILTERBANK,
        ALIGN_STEP,
        COMPOSE,
        BUILD_INDEX,
        FIND,
        REPORT,
    ),
    modules=(
        *("collections", "math", "numpy", "torch", "PIL"),
        *("mmcourse.audio", "mmcourse.checkpoints", "mmcourse.clip", "mmcourse.world"),
    ),
    written=(SEARCH_ENGINE,),
)
