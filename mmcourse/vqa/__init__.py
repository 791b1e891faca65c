"""Visual question answering: a question and a picture, and one of 44 answers.

Read `answers` first: questions and answers as numbers. Then four answerers, each of which sees
more: `question_only`, `zero_shot`, which makes `statements` of the answers, `pooled` and
`cross_attention`; `reader` is what they read questions with. `looking` is last: whether the one
that looks does so where it is asked to.
"""

from mmcourse.vqa.answers import ANSWERS, answer_numbers, question_tokens
from mmcourse.vqa.cross_attention import CrossAttentionVQA
from mmcourse.vqa.looking import asked_about, touches, touching_chance
from mmcourse.vqa.pooled import PooledVQA
from mmcourse.vqa.question_only import QuestionOnly
from mmcourse.vqa.statements import statements
from mmcourse.vqa.zero_shot import zero_shot_answers

__all__ = [
    "ANSWERS",
    "CrossAttentionVQA",
    "PooledVQA",
    "QuestionOnly",
    "answer_numbers",
    "asked_about",
    "question_tokens",
    "statements",
    "touches",
    "touching_chance",
    "zero_shot_answers",
]
