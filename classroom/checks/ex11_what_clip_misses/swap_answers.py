"""Answers to 11.1, a right one and the mistakes that are known."""

import re
from collections.abc import Callable

from classroom.checks.question import Answer, Mistake

COLOURS = (
    *("red", "orange", "yellow", "green", "blue", "purple"),
    *("pink", "brown", "black", "white", "grey"),
)
COLOUR = "|".join(COLOURS)
PHRASE = re.compile(rf"\b(\w+) ({COLOUR}) (\w+)")
"""The word before a colour, the colour, and what has it."""

Exchange = Callable[[str, str, str], str]
Written = tuple[str, str, str]


def agreeing(text: str) -> str:
    """Return the text, each article before a colour as the colour's first letter wants it."""

    def article(found: re.Match[str]) -> str:
        return "an" if found[1][0] in "aeiou" else "a"

    return re.sub(rf"\ban?(?= ({COLOUR})\b)", article, text)


def _only_an(text: str) -> str:
    """Return the text with an "an" where it lacks, and none taken away."""
    return re.sub(r"\ba orange\b", "an orange", text)


def _only_a(text: str) -> str:
    return re.sub(rf"\ban (?!orange)(?=({COLOUR})\b)", "a ", text)


def _crossed(text: str, one: str, other: str) -> str:
    there = {one: other, other: one}
    return re.sub(rf"\b({one}|{other})\b", lambda found: there[found[0]], text)


def _anywhere(text: str, one: str, other: str) -> str:
    there = {one: other, other: one}
    return re.sub(f"{one}|{other}", lambda found: there[found[0]], text)


def _at_the_first_places(text: str, one: str, other: str) -> str:
    """Return the text with the first occurrences exchanged, within a word or not."""
    places = sorted((text.index(colour), colour) for colour in (one, other))
    (left, first), (right, second) = places
    middle = text[left + len(first) : right]
    return text[:left] + second + middle + first + text[right + len(second) :]


def _one_after_the_other(text: str, one: str, other: str) -> str:
    return text.replace(one, other).replace(other, one)


def _other_way_round(text: str, one: str, other: str) -> str:
    return text.replace(other, one).replace(one, other)


def _both(text: str, one: str, other: str, *, first: bool) -> str:
    return re.sub(rf"\b({one}|{other})\b", one if first else other, text)


def _foreign(text: str, one: str, other: str, *, second: bool = True, step: int = 1) -> str:
    """Return the text with the next colour of the list that it does not hold."""

    def drawn(colour: str) -> str:
        place = COLOURS.index(colour)
        following = [COLOURS[(place + step * n) % len(COLOURS)] for n in range(1, 4)]
        return next(each for each in following if each not in (one, other))

    there = {one: drawn(one), other: drawn(other) if second else other}
    return re.sub(rf"\b({one}|{other})\b", lambda found: there[found[0]], text)


def _rebuilt(change: Callable[[Written, Written], tuple[Written, Written]]) -> Exchange:
    """Return an exchange of parts of the two phrases: the word before, colour, thing."""

    def exchange(text: str, _one: str, _other: str) -> str:
        first, second = ((one[1], one[2], one[3]) for one in PHRASE.finditer(text))
        changed = iter(change(first, second))
        return PHRASE.sub(lambda _: " ".join(next(changed)), text)

    return exchange


_things = _rebuilt(lambda a, b: ((a[0], a[1], b[2]), (b[0], b[1], a[2])))
_phrases = _rebuilt(lambda a, b: ((a[0], b[1], b[2]), (b[0], a[1], a[2])))
_whole_phrases = _rebuilt(lambda a, b: (b, a))
_with_the_word_before = _rebuilt(lambda a, b: ((b[0], b[1], a[2]), (a[0], a[1], b[2])))


def build(
    *,
    exchange: Exchange = _crossed,
    articles: Callable[[str], str] = agreeing,
    same: Callable[[str], str | None] = lambda _: None,
) -> Answer:
    """Return an answer that exchanges, mends or gives up in its own way."""

    def answer(caption: str) -> str | None:
        one, other = re.findall(rf"\b(?:{COLOUR})\b", caption)
        if one == other:
            return same(caption)
        return articles(exchange(caption, one, other))

    return answer


MISTAKES = (
    Mistake(
        name="swapped-nouns-and-colours",
        message="Each colour took its thing along, so what you return is still true of the "
        "picture. Exchange the colours and leave the things where they are.",
        changes={"exchange": _phrases},
        variants=({"exchange": _whole_phrases},),
    ),
    Mistake(
        name="swapped-nouns",
        message="You exchanged the things. Exchange their colours: the things keep their "
        "places, or left and right would change, too.",
        changes={"exchange": _things},
    ),
    Mistake(
        name="identical-when-same-colour",
        message="Where both things have one colour, you return a caption that is still true, "
        "and a loss would push it away. Nothing false can be made: return None.",
        changes={"same": str},
    ),
    Mistake(
        name="one-after-the-other",
        message="Both colours are the same now. The first replace makes them alike, and the "
        "second cannot know which was which. Decide for each word, or park one colour.",
        changes={"exchange": _one_after_the_other},
        variants=(
            {"exchange": _other_way_round},
            {"exchange": lambda *given: _both(*given, first=True)},
            {"exchange": lambda *given: _both(*given, first=False)},
        ),
    ),
    Mistake(
        name="changed-scene",
        message="Your caption names a colour that was not in it. Then a bag of words sees the "
        "difference. Exchange the two colours that are there.",
        changes={"exchange": _foreign},
        variants=(
            {"exchange": lambda *given: _foreign(*given, second=False)},
            {"exchange": lambda *given: _foreign(*given, step=-1)},
        ),
    ),
    Mistake(
        name="article-forgotten",
        message="An article before a colour must follow it: an orange cat, a red cat. "
        "Otherwise grammar alone gives the false caption away.",
        changes={"articles": str},
        variants=({"articles": _only_an}, {"articles": _only_a}),
    ),
    Mistake(
        name="article-carried-along",
        message="The word before each colour went with it, also where it is *the* or a "
        "number: two red cats. Leave it, and choose anew between a and an alone.",
        changes={"exchange": _with_the_word_before},
    ),
    Mistake(
        name="within-words",
        message="You changed letters within a longer word: *covered* holds *red*, and is no "
        "colour. Look at whole words: split(), or a pattern with \\b on either side.",
        changes={"exchange": _anywhere},
        variants=({"exchange": _at_the_first_places},),
    ),
    Mistake(
        name="unchanged",
        message="The caption comes back as it was. Texts cannot be changed in place: replace "
        "and sub return a new one.",
        changes={"exchange": lambda text, *_: text},
    ),
)
