"""Pieces by hand; `test_clip` compares whole texts with OpenAI's tokenizer."""

import pytest

from mmcourse.tokenizer.pieces import END, START, cut


def test_words_digits_and_runs_of_marks_are_pieces():
    assert cut("a1b22 c?! d") == ["a", "1", "b", "2", "2", "c", "?!", "d"]


@pytest.mark.parametrize("ending", ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'\u017f"])
def test_english_endings_are_pieces_of_their_own(ending):
    assert cut(f"so{ending}x") == ["so", ending, "x"]


def test_marks_of_start_and_end_are_pieces_in_whatever_case():
    assert cut("<|StartOfText|>a<|ENDOFTEXT|>") == [START, "a", END]


def test_entities_are_resolved_twice_and_no_more():
    # A real < keeps ftfy from resolving them all.
    assert cut("< &amp;lt; &amp;amp;gt;") == ["<", "<", "&", "gt", ";"]


@pytest.mark.parametrize("text", ["", " \t\n\u3000 "])
def test_white_space_alone_has_no_pieces(text):
    assert cut(text) == []
