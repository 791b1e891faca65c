"""What of CLIP's text tower a painter gets to read."""

import pytest
import torch
from good_calls import tiny
from torch.testing import assert_close

from mmcourse import clip
from mmcourse.rectified_flow import read_prompts

TEXTS = ["a red cat", "two blue dogs on the beach"]


def test_a_prompt_is_its_sentence_then_its_words_then_zeros():
    model = tiny()[0]
    with torch.no_grad():
        hidden = model.text_hidden(clip.tokenize(TEXTS))
    read = read_prompts(model, TEXTS)
    assert read.shape == (2, 24, 128)
    for row, words in enumerate((3, 6)):  # the end token stands after start and words
        assert_close(read[row, 0], hidden[row, words + 1])
        assert_close(read[row, 1 : words + 1], hidden[row, 1 : words + 1])
        assert not read[row, words + 1 :].any()


def test_the_sentence_is_what_the_projection_turns_into_an_embedding():
    model = tiny()[0]
    with torch.no_grad():
        expected = model.encode_text(clip.tokenize(TEXTS))
        found = read_prompts(model, TEXTS)[:, 0] @ model.text_projection
    cosines = torch.cosine_similarity(found, expected)
    assert_close(cosines, torch.ones(2))


def test_a_prompt_reads_the_same_beside_a_longer_one():
    model = tiny()[0]
    assert_close(read_prompts(model, TEXTS)[:1], read_prompts(model, TEXTS[:1]))


def test_the_order_of_words_is_heard():
    one, other = read_prompts(
        tiny()[0], ["a red cat and a blue dog", "a blue cat and a red dog"]
    )
    assert (one - other).abs().max() > 0.1


def test_the_empty_prompt_has_a_sentence_and_no_word():
    (read,) = read_prompts(tiny()[0], [""])
    assert read[0].any()
    assert not read[1:].any()


def test_another_vocabulary_may_read():
    model, calls = tiny()[0], []

    def tokens_of(texts):
        calls.append(texts)
        return clip.tokenize(texts, 30)

    assert_close(read_prompts(model, TEXTS, tokens_of), read_prompts(model, TEXTS))
    assert calls == [TEXTS]


def test_a_short_context_is_filled_up():
    model = tiny()[0]
    short = read_prompts(model, ["a red cat"], lambda texts: clip.tokenize(texts, 7))
    assert_close(short, read_prompts(model, ["a red cat"]))


def test_twenty_two_tokens_fit_and_no_more():
    model = tiny()[0]
    (longest,) = read_prompts(model, ["cat " * 22])
    assert longest[22].any()
    with pytest.raises(ValueError, match=r"^read_prompts: .* at most 22 tokens; got 23 in"):
        read_prompts(model, ["a cat", "cat " * 23])


def test_the_text_tower_does_not_learn():
    assert not read_prompts(tiny()[0], TEXTS).requires_grad
