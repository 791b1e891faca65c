"""Every answer to a question as a sentence, so that a CLIP can say which suits the picture.

CLIP does not read questions: of "what colour is the cat?" it is asked which of "a red cat",
"a blue cat", … is nearest (as arXiv 2107.06383, section 4.1, finds, a question pasted in front
of an answer is near chance). That the type of the answer is given away helps it. Leaves out
questions that the drawn world does not ask.
"""

import re
from collections.abc import Callable, Mapping

from mmcourse.boundary.signature import checked
from mmcourse.world import COLOURS, KINDS
from mmcourse.world.scenes.vocabulary import noun
from mmcourse.world.words.grammar import with_articles
from mmcourse.world.words.nouns import PRECISE, coloured, plural
from mmcourse.world.words.phrases import RELATIONS, SIDES
from mmcourse.world.words.question import COUNTS

NOUNS = tuple(dict.fromkeys(noun(kind) for kind in KINDS))
SINGULAR = {plural(name): name for name in NOUNS}
PHRASES = frozenset(text for texts in RELATIONS.values() for text in texts)
"""What says where one thing is, seen from another."""

NAMES = frozenset(
    {
        *NOUNS,
        *map(plural, NOUNS),
        *(names[0] for names in PRECISE.values()),
        *(coloured(colour, kind) for colour in COLOURS for kind in KINDS),
    }
)
"""What a thing can be called."""

WHERE = "|".join(text for texts in RELATIONS.values() for text in texts)


@checked
def statements(question: str) -> dict[str, str]:
    """Return the answers that a question can have, each with the sentence that it makes.

    Raises:
        ValueError: it is none of the questions of `world.questions`.

    >>> statements("is there a cat?")
    {'yes': 'a photo of a cat', 'no': 'a photo of no cat'}
    >>> statements("what colour is the car?")["blue"]
    'a blue car'
    """
    for pattern, say in _SAY.items():
        found = re.fullmatch(pattern, question.strip().lower().rstrip("? "))
        if found and all(map(_can_be_asked_with, found.groups())):
            said = say(*found.groups())
            return {answer: with_articles(text) for answer, text in said.items()}
    raise ValueError(
        "statements: question must be one that the drawn world asks, such as 'what colour is "
        f"the cat?'; got {question!r:.120}."
    )


def _can_be_asked_with(part: str) -> bool:
    """Return whether a part of a question is a thing's name, a place, a colour or a count."""
    return part in NAMES or part in PHRASES or part in COLOURS or part in COUNTS.values()


def _kinds(where: str, name: str) -> Mapping[str, str]:
    return {each: f"a {each} {where} a {name}" for each in NOUNS}


def _main_kind() -> Mapping[str, str]:
    return {each: f"a photo of a {each}" for each in NOUNS}


def _colours(name: str) -> Mapping[str, str]:
    return {colour: _painted(name, colour) for colour in COLOURS}


def _counts(names: str) -> Mapping[str, str]:
    return {
        word: f"a {SINGULAR.get(names, names)}" if count == 1 else f"{word} {names}"
        for count, word in COUNTS.items()
    }


def _sides(name: str) -> Mapping[str, str]:
    return {side: f"a {name} {texts[0]}" for side, texts in SIDES.items()}


def _relations(name: str, landmark: str) -> Mapping[str, str]:
    return {
        where: f"a {name} {next(iter(RELATIONS[where]))} a {landmark}" for where in RELATIONS
    }


def _there(name: str) -> Mapping[str, str]:
    return {"yes": f"a photo of a {name}", "no": f"a photo of no {name}"}


def _several(count: str, names: str) -> Mapping[str, str]:
    return {"yes": f"a photo of {count} {names}", "no": f"a photo of {names}, not {count}"}


def _is_coloured(name: str, colour: str) -> Mapping[str, str]:
    no = f"{name} that are not" if _several_of(name) else f"a {name} that is not"
    return {"yes": _painted(name, colour), "no": f"{no} {colour}"}


def _is_where(name: str, where: str, landmark: str) -> Mapping[str, str]:
    return {
        "yes": f"a {name} {where} a {landmark}",
        "no": f"a {name} that is not {where} a {landmark}",
    }


def _painted(name: str, colour: str) -> str:
    if name in ("person", "people"):
        return f"{'a ' if name == 'person' else ''}{name} in {colour}"
    return f"{colour} {name}" if _several_of(name) else f"a {colour} {name}"


def _several_of(name: str) -> bool:
    """Return whether a noun stands for several things; of "fish" nobody can tell."""
    return name in SINGULAR and name not in NOUNS


_SAY: Mapping[str, Callable[..., Mapping[str, str]]] = {
    rf"what is ({WHERE}) the (.+)": _kinds,
    r"(?:what|which) (?:kind of thing )?is (?:the picture of|mainly shown)": _main_kind,
    r"what is the main thing shown": _main_kind,
    r"(?:what|which) colour (?:is|are) the (.+?)(?: wearing)?": _colours,
    r"how many (\w+) (?:are there|can you see)": _counts,
    r"(?:in which part of|where in) the picture is the (\w+)": _sides,
    r"where is the (.+) (?:relative to|compared with) the (.+)": _relations,
    r"(?:is there|can you see) an? (\w+)(?: in the picture)?": _there,
    r"are there (two|three|four) (\w+)": _several,
    rf"is the (.+?) ({WHERE}) the (.+)": _is_where,
    rf"(?:is|are) the (.+?) (?:wearing )?({'|'.join(COLOURS)})": _is_coloured,
}  # fmt: skip
