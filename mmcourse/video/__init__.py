"""Films with sound, and questions about them that need a sense, the order or both.

Read `films` first: pictures and pieces of sound as tensors. `encoders` makes tokens of both,
`net` one transformer of these and a question's words, which `answers` gives numbers. `asking`
says how often a network is right; `deprived` takes a sense or the order from the films.
"""

from mmcourse.video.answers import film_answer_numbers, film_tokens
from mmcourse.video.asking import TYPES, asked, quiz, reply, right
from mmcourse.video.deprived import dubbed, frozen, late, shuffled, silent, unseen
from mmcourse.video.encoders import FrameEncoder, PieceEncoder
from mmcourse.video.films import Films, films, films_of, pieces
from mmcourse.video.net import VideoQA

__all__ = [
    "TYPES",
    "Films",
    "FrameEncoder",
    "PieceEncoder",
    "VideoQA",
    "asked",
    "dubbed",
    "film_answer_numbers",
    "film_tokens",
    "films",
    "films_of",
    "frozen",
    "late",
    "pieces",
    "quiz",
    "reply",
    "right",
    "shuffled",
    "silent",
    "unseen",
]
