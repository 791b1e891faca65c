"""Comparison: what counts as the same answer, and how a difference is told."""

import numpy as np
import pytest
import torch

from classroom.comparison import differs, plain


def kind(expected, got, rtol=0, atol=1e-6):
    found = differs(plain(expected), plain(got), rtol, atol)
    return found and found.kind


ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    "got",
    [
        ONES.astype(np.float32),
        torch.ones(2, 3),
        torch.ones(2, 3, requires_grad=True) * 1,
        torch.ones(2, 3, dtype=torch.bfloat16),
        torch.ones(2, 3).to_sparse(),
        torch.ones(3, 2).T,
        ONES.astype(int),
        np.ma.masked_array(ONES, ONES > 0),
    ],
    ids=["float32", "torch", "gradient", "bfloat16", "sparse", "turned", "whole", "masked"],
)
def test_the_same_numbers_in_another_form_are_the_same(got):
    assert kind(ONES, got) is None


@pytest.mark.parametrize("got", [0.5, np.float32(0.5), np.array(0.5), torch.tensor(0.5)])
def test_one_number_in_another_form_is_the_same(got):
    assert kind(0.5, got) is None
    assert kind(np.array(0.5), got) is None


@pytest.mark.parametrize(
    ("expected", "got", "what"),
    [
        (ONES, np.ones((3, 2)), "shape"),
        (0.5, np.array([0.5]), "shape"),
        (np.zeros((0, 3)), np.zeros((0, 4)), "shape"),
        (ONES, ONES.tolist(), "type"),
        (ONES, None, "type"),
        (ONES, "1", "type"),
        (ONES, ONES > 0, "type"),
        (ONES > 0, ONES, "type"),
        (True, 1, "type"),
        ("a", 1.0, "type"),
        (None, 0, "type"),
        ([1, 2], "12", "type"),
        ({"a": 1}, [1], "type"),
        (ONES, ONES * np.nan, "finite"),
        (np.array([np.inf]), np.array([-np.inf]), "finite"),
        (np.array([np.inf]), np.array([np.nan]), "finite"),
        pytest.param(1.0, 10**400, "finite", id="huge"),
        (ONES, ONES + 2e-6, "values"),
        (ONES > 0, ONES < 0, "values"),
        ("a", "b", "values"),
        (1 + 1j, 1 - 1j, "values"),
        ([1, [2.0]], [1, [3.0]], "values"),
        ([1, 2], [1, 2, 3], "count"),
        ({"a": 1}, {"b": 1}, "count"),
    ],
)
def test_a_difference_is_of_its_kind(expected, got, what):
    assert kind(expected, got) == what


@pytest.mark.parametrize(
    "value",
    [
        np.array([np.nan, np.inf, -np.inf, 1.0]),
        [1, "a", None, {"x": ONES}],
        np.zeros((0, 3)),
        2**70,
        True,
    ],
    ids=repr,
)
def test_everything_is_like_itself(value):
    assert kind(value, value) is None


def test_tuples_lists_and_rows_are_sequences_alike():
    assert kind([1, 2], (1, 2)) is None
    assert kind([0, 3], np.array([0, 3])) is None
    assert kind([0, 3], np.array([0, 4])) == "values"


def test_a_difference_says_how_large_and_where():
    found = differs(ONES, np.array([[1, 1, 1], [1, 1.25, 1]]), 0, 1e-6)
    assert found.largest == 0.25
    assert found.text == "the largest difference is 0.25, at [1, 1]"
    nested = differs([1.0, 2.0], [1.0, 2.5], 0, 1e-6)
    assert (nested.text, nested.largest) == ("item 1: the largest difference is 0.5", 0.5)


def test_a_huge_difference_overflows_quietly():
    found = differs(np.array([1e308]), np.array([-1e308]), 1e-6, 0)
    assert found.kind == "values"


def test_the_tolerance_is_numpys():
    expected = np.array([0.0, 100.0])
    assert kind(expected, np.array([0, 100.1]), rtol=1e-3, atol=0.001) is None
    assert kind(expected, np.array([0.002, 100]), rtol=1e-3, atol=0.001) == "values"


@pytest.mark.parametrize(
    ("value", "received"),
    [
        (object(), "got object"),
        (np.array([object()]), "got an array of object"),
        (iter([1]), "got list_iterator"),
        ([1, {2}], "got set"),
    ],
    ids=["an object", "an array of objects", "an iterator", "a set"],
)
def test_what_cannot_be_compared_is_refused(value, received):
    with pytest.raises(TypeError, match=f"an answer is a number, .*; {received}"):
        plain(value)


def test_plain_shares_no_memory():
    array = np.zeros(3)
    same = plain([array])[0]
    array += 1
    assert (same == 0).all()
    tensor = torch.zeros(3)
    same = plain(tensor)
    tensor += 1
    assert (same == 0).all()
