"""Pieces by hand; `test_clip` compares whole texts with OpenAI's tokenizer."""

import html
import sys

import ftfy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mmcourse.tokenizer.pieces import END, PIECES, START, cleaned, cut

ASCII = "".join(map(chr, range(128)))
SPACES = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace())

texts = st.one_of(
    st.text(ASCII, max_size=30),
    st.text("aB1.'<|>&;#x \t\n\x1b[", max_size=30),
    st.text(st.one_of(st.characters(), st.sampled_from(SPACES)), max_size=30),
    st.lists(st.sampled_from(["&amp;", "&lt", START, "'s", "Ã©", " ", "\x1b[31m", "<"])).map(
        "".join
    ),
)


def cleaned_in_the_obvious_way(text):
    """Repair and resolve whatever the text holds, as OpenAI's and open_clip's code does."""
    text = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(text.split()).lower()


@given(texts)
@example("".join(sorted(ASCII)))
@example("a\x1b[31mb \x7f")
@settings(deadline=None, max_examples=500)
def test_plain_text_is_cleaned_like_any_other(text):
    assert cleaned(text) == cleaned_in_the_obvious_way(text)


@given(texts)
@example("b".join(SPACES))
@settings(deadline=None, max_examples=500)
def test_no_piece_crosses_a_space(text):
    assert cut(text) == PIECES.findall(cleaned_in_the_obvious_way(text))


def test_every_ascii_letter_is_cleaned_like_any_other():
    for letter in ASCII:
        for text in (letter, f"A{letter}b", f"{letter}#65;[3m", f"&{letter}lt;"):
            assert cleaned(text) == cleaned_in_the_obvious_way(text), ascii(text)


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
