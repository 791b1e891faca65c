import numpy as np
import pytest

from mmcourse.flamingo import (
    INVENTED,
    SHOWN,
    game_words,
    picture_document,
    text_document,
    tokens_of,
)
from mmcourse.flamingo.language import LONGEST


def chunks(document):
    return [part.split() for part in document.split(" <eoc>") if part]


def named_by(document):
    """Return the names of each thing that is told in words."""
    found = {}
    for *thing, verb, name in (each for each in chunks(document) if "is" in each):
        assert verb == "is"
        found.setdefault(frozenset(thing), set()).add(name)
    return {thing: names for thing, names in found.items() if thing != {"<image>"}}


def test_texts_fit_and_say_known_words():
    rng = np.random.default_rng(0)
    texts = [text_document(rng) for _ in range(300)]
    assert max(len(text.split()) for text in texts) == 44 <= LONGEST
    assert {word for text in texts for word in text.split()} == set(game_words().words)


def test_in_a_text_a_thing_has_one_name():
    rng = np.random.default_rng(1)
    for _ in range(200):
        assert all(len(names) == 1 for names in named_by(text_document(rng)).values())


def test_without_binding_a_thing_has_several():
    rng = np.random.default_rng(2)
    texts = [named_by(text_document(rng, bind=False)) for _ in range(200)]
    assert sum(len(names) > 1 for text in texts for names in text.values()) > 100


def test_a_picture_document_has_a_mark_for_every_thing():
    rng = np.random.default_rng(3)
    for _ in range(50):
        document, things = picture_document(rng, SHOWN)
        assert len(things) == document.split().count("<image>") == 8
        assert len(document.split()) == 32
        assert {kind for kind, _ in things} <= set(SHOWN)


def test_names_or_words_stand_in_a_picture_document_never_both():
    rng = np.random.default_rng(4)
    named = [picture_document(rng, named=1.0) for _ in range(20)]
    for document, things in named:
        assert chunks(document) == [["<image>", colour, kind] for kind, colour in things]
    played = [picture_document(rng, named=0.0) for _ in range(20)]
    for document, _ in played:
        assert all(each[1] == "is" and each[2] in INVENTED for each in chunks(document))


def test_things_that_are_not_there_do_not_occur():
    rng = np.random.default_rng(5)
    for _ in range(40):
        _, things = picture_document(rng, there=lambda thing: thing[1] != "red")
        assert "red" not in {colour for _, colour in things}


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match="got 'zebra'"):
        tokens_of(["red zebra"])
