"""The one sentence of a recording: who calls how often, in which order, and where.

"a dog twice then a bird once at the beach". Leaves out loudness and noise.
"""

from functools import lru_cache

from mmcourse.world.scenes.vocabulary import KINDS, SCENES, noun
from mmcourse.world.sounds_and_films.sound_scene import SoundScene
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import PRECISE
from mmcourse.world.words.places import PLACES

TIMES = {1: "once", 2: "twice", 3: "three times"}


def sound_caption(scene: SoundScene) -> str:
    """Return the sentence that states the facts of a recording, in lower case.

    Raises:
        TypeError: `scene` is no SoundScene.

    >>> from mmcourse.world.sounds_and_films.sound_scene import Calls
    >>> dog = Calls("dog", (0.1, 0.8), (0.5, 0.5), (0.1, 0.2))
    >>> bird = Calls("bird", (2.0,), (0.5,), (0.3,))
    >>> sound_caption(SoundScene((dog, bird), "then", "beach", 1.0, 0.01, 0.5))
    'a dog twice then a bird once at the beach'
    """
    if not isinstance(scene, SoundScene):
        raise TypeError(
            f"sound_caption: expected a SoundScene; got {type(scene).__name__}. Make one with "
            "sound_scene."
        )
    heard = [f"a {sound_noun(each.kind)} {TIMES[each.count]}" for each in scene.calls]
    place = PLACES[scene.setting].anywhere[0]
    return with_articles(f"{f' {scene.relation} '.join(heard)} {place}")


def sound_noun(kind: str) -> str:
    """Return the noun for a kind; the two cranes are told apart.

    >>> sound_noun("crane_machine")
    'construction crane'
    """
    return PRECISE.get(kind, (noun(kind),))[0]


@lru_cache(maxsize=1)
def sound_words() -> tuple[str, ...]:
    """Return every word of every such sentence, sorted; articles are spelt "a".

    >>> {"a", "dog", "three", "while"} <= set(sound_words())
    True
    """
    parts = ["a", "then", "while", *TIMES.values()]
    parts += [sound_noun(kind) for kind in KINDS]
    parts += [PLACES[setting].anywhere[0] for setting in SCENES]
    return tuple(sorted({word for part in parts for word in part.split()}))
