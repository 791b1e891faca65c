from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.metrics import vqa_accuracy


@pytest.mark.parametrize(
    ("agreeing", "expected"),
    [(0, 0), (1, 0.3), (2, 0.6), (3, 0.9), (4, 1), (10, 1)],
)
def test_by_hand(agreeing, expected):
    answers = ["red"] * agreeing + ["blue"] * (10 - agreeing)
    assert vqa_accuracy(["red"], [answers]) == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=10, max_size=10), st.sampled_from("abcd"))
def test_it_is_the_mean_over_the_choices_of_nine(answers, said):
    nines = list(combinations(answers, 9))
    expected = sum(min(nine.count(said) / 3, 1) for nine in nines) / 10
    assert vqa_accuracy([said], [answers]) == pytest.approx(expected)


def test_it_is_the_mean_over_questions():
    agreed = [["red"] * 10, ["two"] * 10, ["yes"] * 10, ["no"] * 10]
    assert vqa_accuracy(["red", "two", "no", "no"], agreed) == 0.75


@pytest.mark.usefixtures("unchecked")
def test_another_number_of_people_is_refused():
    with pytest.raises(ValueError, match="10 people must have answered each question; got 3"):
        vqa_accuracy(["red"], [["red"] * 3])
