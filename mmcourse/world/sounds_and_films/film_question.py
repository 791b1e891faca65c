"""What may be asked of a duet, in words, and the one answer that is true.

Some questions need a word of theirs to know who is meant, some the order of the frames, some
the sound, some both at the same moment. Leaves out other wordings of the same question.
"""

from functools import lru_cache

from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.sounds_and_films.duet import CAST, CAST_COLOURS, MOST_HOPS, Duet
from mmcourse.world.words.question import COUNTS, Question

FILM_ANSWERS: tuple[str, ...] = (
    *map(noun, CAST),
    *CAST_COLOURS,
    *(COUNTS[number] for number in range(1, MOST_HOPS + 1)),
    *("left", "right"),
    *("yes", "no"),
)
"""Every answer there is."""

SIDES = ("left", "right")

_ASK = {
    "colour": "what colour is the {}?",
    "direction": "which way does the {} go?",
    "left": "what is on the left?",
    "right": "what is on the right?",
    "first": "which side hops first?",
    "hops": "how often does each hop?",
    "heard": "which side is heard?",
    "voice": "what do you hear?",
    "match": "do you see what you hear?",
}
"""The text of each type; of the first two, the name of a dancer belongs into it."""


def film_questions(duet: Duet) -> list[Question]:
    """Return every question of a duet with its answer, eleven of nine types.

    The types are "colour" and "direction", asked of each dancer by its name, "left" and
    "right" (what is there), "first", "hops", "heard" (which side is heard), "voice" (what is
    heard) and "match" (whether that is to be seen).

    Raises:
        TypeError: `duet` is no Duet.

    >>> import numpy as np
    >>> from mmcourse.world.sounds_and_films.duet import sample_duet
    >>> asked = film_questions(sample_duet(np.random.default_rng(0)))
    >>> len(asked), asked[0].text, asked[0].answer
    (11, 'what colour is the bird?', 'red')
    """
    if not isinstance(duet, Duet):
        raise TypeError(
            f"film_questions: expected a Duet; got {type(duet).__name__}. Make one with "
            "sample_duet."
        )
    names, voice = [noun(one.thing.kind) for one in duet.dancers], noun(duet.voice)
    found = [
        Question(each, _ASK[each].format(name), answer)
        for name, dancer in zip(names, duet.dancers, strict=True)
        for each, answer in (("colour", dancer.thing.colour), ("direction", dancer.heading))
    ]
    answers = {
        "left": names[0],
        "right": names[1],
        "first": SIDES[duet.first],
        "hops": COUNTS[len(duet.dancers[0].hops)],
        "heard": SIDES[duet.heard],
        "voice": voice,
        "match": "yes" if voice in names else "no",
    }
    return [*found, *(Question(each, _ASK[each], said) for each, said in answers.items())]


@lru_cache(maxsize=1)
def film_words() -> tuple[str, ...]:
    """Return every word of such questions, sorted; and "it", for who names nothing.

    >>> {"cat", "hear", "it", "which"} <= set(film_words())
    True
    """
    texts = " ".join(text.replace("{}", " ".join(map(noun, CAST))) for text in _ASK.values())
    return tuple(sorted({*texts.replace("?", "").split(), "it"}))
