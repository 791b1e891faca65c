"""Error rates: by hand, beside an independent count, and by what a distance is."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.metrics import character_error_rate, edit_distance, word_error_rate

words = st.lists(st.sampled_from(["a", "ab", "b", "ba"]), max_size=6)
texts = st.lists(st.tuples(words.map(" ".join), words.map(" ".join)), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 2), ("flaw", "lawn", 2)],
)
def test_edits_are_counted(a, b, edits):
    assert edit_distance(a, b) == edits


@given(words, words, words)
def test_it_is_a_distance(a, b, c):
    assert (edit_distance(a, b) == 0) == (a == b)
    assert edit_distance(a, b) == edit_distance(b, a)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)


@given(texts)
def test_rates_are_those_of_jiwer(both):
    heard, said = ([each[place] for each in both] for place in (0, 1))
    if any(said):
        expected = jiwer.wer(said, heard)
        assert word_error_rate(heard, said).rate == pytest.approx(expected, rel=1e-6)
        expected = jiwer.cer(said, heard)
        assert character_error_rate(heard, said).rate == pytest.approx(expected, rel=1e-6)


def test_errors_are_summed_before_they_are_divided():
    rate = word_error_rate(["x", "a b c"], ["a", "a b c"])
    assert rate == (0.25, 1, 4)


def test_what_is_added_to_silence_counts_and_a_rate_may_pass_one():
    assert word_error_rate(["a b", "c"], ["", "c"]) == (2.0, 2, 1)


def test_silence_heard_is_all_wrong():
    assert word_error_rate([""], ["a red cat"]).rate == 1
