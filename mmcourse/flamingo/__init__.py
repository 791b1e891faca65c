"""Flamingo in miniature: a language model that learns a word from a few pictures, at once.

Read the game first: `words`, `game` and `ceiling`, how well it can be played at all. Then what
plays it in words: `documents`, `loss`, `convolution` and `language`. Pictures come in with
`interleave`, which says what a word may see, `resampler`, `gates` and `model`. An `album` keeps
pictures by what they show, a `question` is a few examples and one more, and `ask` counts what
is right.
"""

from mmcourse.flamingo.album import Album
from mmcourse.flamingo.ask import (
    asked,
    asked_in_words,
    name_pictures,
    right_of_all,
    right_of_two,
)
from mmcourse.flamingo.ceiling import best_possible, chance_of_first
from mmcourse.flamingo.convolution import ShortConvolution
from mmcourse.flamingo.documents import chunk, picture_document, text_document, tokens_of
from mmcourse.flamingo.game import WordGame, draw_game, draw_things
from mmcourse.flamingo.gates import GatedCrossAttention
from mmcourse.flamingo.interleave import interleave, own_picture
from mmcourse.flamingo.language import GameLanguageModel
from mmcourse.flamingo.loss import document_loss
from mmcourse.flamingo.model import Flamingo, Sight, load_flamingo
from mmcourse.flamingo.question import Question, draw_questions, shuffled
from mmcourse.flamingo.resampler import Resampler
from mmcourse.flamingo.words import GAME_KINDS, INVENTED, NEVER_SHOWN, SHOWN, game_words

__all__ = [
    "GAME_KINDS",
    "INVENTED",
    "NEVER_SHOWN",
    "SHOWN",
    "Album",
    "Flamingo",
    "GameLanguageModel",
    "GatedCrossAttention",
    "Question",
    "Resampler",
    "ShortConvolution",
    "Sight",
    "WordGame",
    "asked",
    "asked_in_words",
    "best_possible",
    "chance_of_first",
    "chunk",
    "document_loss",
    "draw_game",
    "draw_questions",
    "draw_things",
    "game_words",
    "interleave",
    "load_flamingo",
    "name_pictures",
    "own_picture",
    "picture_document",
    "right_of_all",
    "right_of_two",
    "shuffled",
    "text_document",
    "tokens_of",
]
