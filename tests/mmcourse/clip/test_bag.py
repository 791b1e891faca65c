"""Texts as bags of words: what is sorted, what keeps its place, and that no order is left."""

import copy

import numpy as np
import pytest
import torch

from mmcourse import checkpoints, clip
from mmcourse.clip.bag import AN, BAGS, A, read_as_bag, sort_words
from mmcourse.world import minimal_pairs

SWAPPED = ["a photo of a red cat and an orange dog", "a photo of an orange cat and a red dog"]


@pytest.fixture
def bag() -> clip.CLIP:
    """Return `tiny` as it reads bags, which it was not trained for."""
    return read_as_bag(clip.load("tiny", "cpu")[0])


def test_words_are_sorted_between_start_and_end_alone():
    tokens = torch.tensor([[8, 5, 3, 4, 9, 0, 0], [1, 7, 2, 2, 6, 5, 9]])
    expected = torch.tensor([[8, 3, 4, 5, 9, 0, 0], [1, 2, 2, 5, 6, 7, 9]])
    assert torch.equal(sort_words(tokens), expected)


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
def test_a_text_without_words_keeps_start_and_end(dtype):
    tokens = torch.tensor([[8, 9, 0]], dtype=dtype)
    assert torch.equal(sort_words(tokens), tokens)
    assert sort_words(tokens).dtype == dtype


def test_articles_are_clips_own_and_read_alike():
    assert clip.tokenize(["a an"])[0, 1:3].tolist() == [A, AN]
    one, other = sort_words(clip.tokenize(["an orange sign", "a orange sign"]))
    assert torch.equal(one, other)


def test_sorting_twice_is_sorting_once():
    once = sort_words(clip.tokenize(SWAPPED))
    assert torch.equal(sort_words(once), once)


def test_texts_of_the_same_words_have_exactly_the_same_embedding(bag):
    one, other = bag.encode_text(clip.tokenize(SWAPPED))
    assert torch.equal(one, other)
    plain, swapped = clip.load("tiny", "cpu")[0].encode_text(clip.tokenize(SWAPPED))
    assert not torch.equal(plain, swapped)


def test_one_word_more_or_another_word_is_another_text(bag):
    texts = ["a red cat", "a red red cat", "a red dog"]
    one, twice, other = bag.encode_text(clip.tokenize(texts))
    assert not torch.equal(one, twice)
    assert not torch.equal(one, other)


def test_a_bag_reads_what_a_plain_tower_reads_of_sorted_words(bag):
    tokens = clip.tokenize(["two blue birds in the snow", "a cat"])
    plain, _ = clip.load("tiny", "cpu")
    assert torch.equal(bag.encode_text(tokens), plain.encode_text(sort_words(tokens)))
    assert torch.equal(bag.text_hidden(tokens), plain.text_hidden(sort_words(tokens)))


def test_weights_keep_their_names_and_a_copy_goes_on_sorting(bag):
    plain, _ = clip.load("tiny", "cpu")
    assert bag.state_dict().keys() == plain.state_dict().keys()
    one, other = copy.deepcopy(bag).encode_text(clip.tokenize(SWAPPED))
    assert torch.equal(one, other)


@pytest.mark.parametrize("name", BAGS)
def test_a_shipped_bag_sorts_by_itself_and_the_others_do_not(name):
    assert name in checkpoints.manifest()
    pairs = minimal_pairs(np.random.default_rng(3), 40, "binding")
    for each in checkpoints.manifest("CLIP"):
        model, _ = clip.load(each, "cpu")
        true, false = (
            model.encode_text(clip.tokenize([getattr(pair, which) for pair in pairs]))
            for which in ("true", "false")
        )
        assert torch.equal(true, false) == (each in BAGS), each
