"""Exercise 12: words that look at a picture, a captioner's loss, beams, and two scores."""

from classroom.checks.ex12_vqa_and_captioning.beam_search import BEAM_SEARCH
from classroom.checks.ex12_vqa_and_captioning.caption_loss import CAPTION_LOSS
from classroom.checks.ex12_vqa_and_captioning.clip_score import CLIP_SCORE
from classroom.checks.ex12_vqa_and_captioning.cross_attention import CROSS_ATTENTION
from classroom.checks.ex12_vqa_and_captioning.vqa_accuracy import VQA_ACCURACY
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="12_vqa_and_captioning",
    questions=(CROSS_ATTENTION, CAPTION_LOSS, BEAM_SEARCH, VQA_ACCURACY, CLIP_SCORE),
    modules=("collections", "functools", "heapq", "itertools", "math", "numpy", "torch"),
)
