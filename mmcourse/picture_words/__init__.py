"""DALL-E in miniature: pictures spelled in codes by a transformer that reads them, too.

To be read in this order: `text`, how words are numbered; `net`, one sequence in two orders;
`second`, how a cell gets two codes; `loss`, what is learnt; `spell`, a picture cell by cell;
`tell`, a caption word by word; `speller`, all of it together; `best`, several tries.
"""

from mmcourse.picture_words.best import spell_best
from mmcourse.picture_words.loss import Surprise, both_ways_loss, surprise
from mmcourse.picture_words.net import PictureWords
from mmcourse.picture_words.second import SecondCode
from mmcourse.picture_words.spell import next_cell, spell
from mmcourse.picture_words.speller import Speller, load_speller
from mmcourse.picture_words.tell import tell
from mmcourse.picture_words.text import TEXT, picture_words, text_rows

__all__ = [
    "TEXT",
    "PictureWords",
    "SecondCode",
    "Speller",
    "Surprise",
    "both_ways_loss",
    "load_speller",
    "next_cell",
    "picture_words",
    "spell",
    "spell_best",
    "surprise",
    "tell",
    "text_rows",
]
