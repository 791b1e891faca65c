"""A vocabulary cut down to the words in use, and the world that lesson 05 learns."""

import numpy as np
import pytest
import torch

from mmcourse.data import SMALL_WORLD, pairs, sample_scenes
from mmcourse.data.compact import CompactTokens, caption_words
from mmcourse.tokenizer import tokenize
from mmcourse.world import KINDS, caption, sample_scene

TEXTS = ["a red cat", "two dogs in the snow", "a", "an umbrella"]
PART = {name: SMALL_WORLD[name] for name in ("kinds", "colours", "scenes", "n_objects")}


def test_compact_tokens_lead_back_to_the_tokens_they_stand_for():
    tokens = CompactTokens(TEXTS)
    compact = tokens(TEXTS)
    assert torch.equal(tokens.ids[compact], tokenize(TEXTS)[:, : compact.shape[1]])


def test_rows_are_as_long_as_the_longest_text():
    assert CompactTokens(TEXTS)(TEXTS).shape == (4, 7)  # start, five words, end


def test_the_end_has_the_largest_number_and_padding_is_0():
    tokens = CompactTokens(TEXTS)
    compact = tokens(TEXTS)
    assert compact.max(dim=1).values.tolist() == [len(tokens) - 1] * 4
    assert compact[2].tolist()[3:] == [0, 0, 0, 0]


def test_no_row_is_left_unused():
    tokens = CompactTokens(TEXTS)
    assert torch.unique(tokens(TEXTS)).tolist() == list(range(len(tokens)))


def test_the_order_of_words_does_not_matter():
    assert torch.equal(CompactTokens(TEXTS).ids, CompactTokens(TEXTS[::-1] * 2).ids)


@pytest.mark.parametrize(
    ("word", "text"),
    [("blue", "a blue cat"), ("zebra", "zebra")],  # a low id and a high one
)
def test_a_word_that_is_not_in_use_is_named_with_its_text(unchecked, word, text):
    with pytest.raises(ValueError, match=rf"it was made from; got '{word}' in '{text}'; make"):
        CompactTokens(TEXTS)(["a cat", text])


def test_no_texts_give_no_tokens_and_one_text_is_named_whole(unchecked):
    assert CompactTokens(TEXTS)([]).shape == (0, 0)
    with pytest.raises(ValueError, match="got 'zebra' in 'a zebra'; make"):
        CompactTokens(TEXTS)("a zebra")


def test_no_words_and_a_bare_string_are_refused(unchecked):
    with pytest.raises(ValueError, match="at least one word; got none"):
        CompactTokens([])
    with pytest.raises(TypeError, match="must be several strings; got 'a cat'"):
        CompactTokens("a cat")


@pytest.mark.parametrize("full", [False, True])
def test_every_caption_of_scenes_is_made_of_their_words(full):
    rng = np.random.default_rng(3)
    scenes = [sample_scene(rng) for _ in range(60)]
    words = set(caption_words(scenes))
    said = {word for scene in scenes for word in caption(scene, rng, full=full).split(" ")}
    assert said <= words
    assert "" not in words


def test_the_small_world_is_of_eight_kinds_eight_colours_and_four_scenes():
    assert [len(PART[name]) for name in ("kinds", "colours", "scenes")] == [8, 8, 4]


def test_every_kind_of_the_small_world_is_at_home_in_all_its_scenes():
    assert [kind for kind in PART["kinds"] if KINDS[kind].avoids & set(PART["scenes"])] == []


def test_every_kind_of_the_small_world_has_six_colours_or_more():
    scenes = sample_scenes(3000, np.random.default_rng(0), **PART)
    met = {(scene.objects[0].kind, scene.objects[0].colour) for scene in scenes}
    counts = [sum(kind == other for other, _ in met) for kind in PART["kinds"]]
    assert min(counts) >= 6


def test_pairs_of_the_small_world_are_32_pixels_wide():
    assert pairs(3, 0, **SMALL_WORLD).pixels.shape == (3, 32, 32, 3)
