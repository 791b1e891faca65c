"""Words that a model never saw, named as they were typed."""

import pytest

from mmcourse.checkpoints import known_tokens
from mmcourse.clip import load
from mmcourse.tokenizer import clip_vocabulary
from mmcourse.tokenizer.bpe import BPE
from mmcourse.tokenizer.clip import SIZE
from mmcourse.unknown_words import never_seen, unknown_words

BYTES = BPE()
"""One token a byte, and the last byte of a word has a token of its own."""


def known_in(text):
    return BYTES.encode(text)


def test_words_are_named_as_typed_in_their_order():
    known = known_in("a cat")
    assert unknown_words("A Cute cat; playing?", BYTES, known) == ["Cute", "playing"]


def test_a_word_is_named_once_in_its_first_spelling():
    assert unknown_words("Dog cat dog DOG cow", BYTES, known_in("cat")) == ["Dog", "cow"]


def test_one_unknown_token_makes_a_word_unknown():
    known = known_in("ca cat")
    assert unknown_words("cat", BYTES, known) == []
    assert unknown_words("cart", BYTES, known) == ["cart"]


def test_a_token_inside_a_word_is_not_the_one_that_ends_it():
    assert unknown_words("tac", BYTES, known_in("cat")) == ["tac"]


@pytest.mark.parametrize("text", ["", "  \n\t", "… – ?!", "'", "\u200b\0"])
def test_what_is_no_word_is_not_named(text):
    assert unknown_words(text, BYTES, ()) == []


def test_punctuation_parts_words_but_an_apostrophe_does_not():
    text = "black-and-white, under_the don't l\u2019été 4x4"
    expected = ["black", "and", "white", "under", "the", "don't", "l\u2019été", "4x4"]
    assert unknown_words(text, BYTES, ()) == expected


def test_other_scripts_and_symbols_are_words():
    words = ["кошка", "猫", "بلی", "🐱", "❤️", "👩\u200d🚀", "c", "++", "बिल्ली"]
    assert unknown_words(" ".join(words), BYTES, ()) == words


def test_where_every_token_is_known_nothing_is_named():
    assert unknown_words("a cute 猫 🐱 e\u0301", clip_vocabulary(), range(SIZE)) == []


def test_tiny_never_saw_cute_or_playing():
    known = known_tokens(load("tiny", device="cpu")[0]).tolist()
    found = unknown_words("a cute cat playing", clip_vocabulary(), known)
    assert found == ["cute", "playing"]


@pytest.mark.usefixtures("unchecked")
def test_several_texts_are_refused():
    with pytest.raises(TypeError, match=r"text must be a string; got list"):
        unknown_words(["a cat"], BYTES, ())


def test_words_of_several_texts_are_named_once():
    model = load("tiny", device="cpu")[0]
    texts = ["a cute cat", "a cute, cute dog", "a zebra"]
    assert never_seen(model, texts) == ("cute", "zebra")
