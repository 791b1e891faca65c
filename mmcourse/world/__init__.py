"""A small drawn universe in which every fact is known.

It has four rooms, to be read in this order:

- `scenes`, what there is: `vocabulary`, `scene`, `sampling` and `placement`.
- `looks`, how it looks: `render`, with what things and places look like.
- `words`, what is said of it: `caption`, `question`, `minimal_pairs`, and with `posterior`
  how well any of it can be guessed.
- `sounds_and_films`, how it sounds and moves: `sound`, `film` and `sound_scene`.

Needs numpy and Pillow only.
"""

from mmcourse.moved import hand_on
from mmcourse.world.looks.render import masks, render
from mmcourse.world.scenes.sampling import sample_scene
from mmcourse.world.scenes.scene import Scene, Thing, relation
from mmcourse.world.scenes.vocabulary import (
    COLOURS,
    HELD_OUT,
    KINDS,
    PLANTED_BIAS,
    SCENES,
    SIGN_WORDS,
    SPLITS,
    STYLES,
)
from mmcourse.world.sounds_and_films.duet import Dancer, Duet, sample_duet
from mmcourse.world.sounds_and_films.duet_film import duet_film
from mmcourse.world.sounds_and_films.film import Film, film
from mmcourse.world.sounds_and_films.film_question import FILM_ANSWERS, film_questions
from mmcourse.world.sounds_and_films.sound import sound
from mmcourse.world.sounds_and_films.sound_caption import sound_caption, sound_words
from mmcourse.world.sounds_and_films.sound_scene import (
    NEVER_TOGETHER,
    Calls,
    SoundScene,
    play,
    sound_scene,
)
from mmcourse.world.words.caption import caption, caption_logprob
from mmcourse.world.words.minimal_pairs import MinimalPair, minimal_pairs, swap_attributes
from mmcourse.world.words.posterior import (
    Information,
    bayes_loss,
    log_posterior,
    mutual_information,
)
from mmcourse.world.words.question import Question, questions
from mmcourse.world.words.text_prior import TextPrior

hand_on(__name__)

__all__ = [
    "COLOURS",
    "FILM_ANSWERS",
    "HELD_OUT",
    "KINDS",
    "NEVER_TOGETHER",
    "PLANTED_BIAS",
    "SCENES",
    "SIGN_WORDS",
    "SPLITS",
    "STYLES",
    "Calls",
    "Dancer",
    "Duet",
    "Film",
    "Information",
    "MinimalPair",
    "Question",
    "Scene",
    "SoundScene",
    "TextPrior",
    "Thing",
    "bayes_loss",
    "caption",
    "caption_logprob",
    "duet_film",
    "film",
    "film_questions",
    "log_posterior",
    "masks",
    "minimal_pairs",
    "mutual_information",
    "play",
    "questions",
    "relation",
    "render",
    "sample_duet",
    "sample_scene",
    "sound",
    "sound_caption",
    "sound_scene",
    "sound_words",
    "swap_attributes",
]
