import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.tokenizer import WordTokens

WORDS = ["a", "cat", "orange", "red", "umbrella"]


def test_numbers_begin_at_three_with_a_start_an_end_and_padding():
    tokens = WordTokens(WORDS)
    assert tokens(["a cat", "red"]).tolist() == [[1, 3, 4, 2], [1, 6, 2, 0]]
    assert len(tokens) == 8


@settings(deadline=None)
@given(st.lists(st.sampled_from(["cat", "red", "orange", "umbrella"]), max_size=7))
def test_a_text_comes_back_from_its_numbers(words):
    tokens = WordTokens(WORDS)
    text = " ".join(words)
    assert tokens.decode(tokens(text)[0]) == text


def test_an_and_marks_and_capitals_are_read_as_plain_words():
    tokens = WordTokens(WORDS)
    assert torch.equal(tokens("An orange, red cat?"), tokens("a orange red cat"))


def test_the_article_fits_the_next_word():
    assert WordTokens(WORDS).decode([1, 3, 5, 3, 4, 3, 7, 2]) == "an orange a cat an umbrella"


def test_nothing_is_read_after_the_end():
    assert WordTokens(WORDS).decode([4, 2, 4, 4]) == "cat"


def test_no_text_and_the_empty_text():
    tokens = WordTokens(WORDS)
    assert tokens([]).shape == (0, 0)
    assert tokens("").tolist() == [[1, 2]]


@pytest.mark.usefixtures("unchecked")
def test_an_unknown_word_is_named():
    with pytest.raises(ValueError, match="got 'dog' in 'a dog'"):
        WordTokens(WORDS)("a dog")
