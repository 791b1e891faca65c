"""Visual question answering: a question and a picture, and one of 44 answers.

Read `answers` first: questions and answers as numbers. Then four answerers, each of which sees
more: `question_only`, `zero_shot`, which makes `statements` of the answers, `pooled` and
`cross_attention`; `reader` is what they read questions with. `looking` tells whether the one
that looks does so where it is asked to. Last what a person types: it is read as `typed`, and
what it takes for `granted` is asked first.
"""

from mmcourse.vqa.answers import ANSWERS, answer_numbers, question_tokens
from mmcourse.vqa.cross_attention import CrossAttentionVQA
from mmcourse.vqa.granted import Reply, reply_to
from mmcourse.vqa.looking import asked_about, touches, touching_chance
from mmcourse.vqa.pooled import PooledVQA
from mmcourse.vqa.question_only import QuestionOnly
from mmcourse.vqa.statements import statements
from mmcourse.vqa.typed import understood
from mmcourse.vqa.zero_shot import zero_shot_answers

__all__ = [
    "ANSWERS",
    "CrossAttentionVQA",
    "PooledVQA",
    "QuestionOnly",
    "Reply",
    "answer_numbers",
    "asked_about",
    "question_tokens",
    "reply_to",
    "statements",
    "touches",
    "touching_chance",
    "understood",
    "zero_shot_answers",
]
