"""Texts as rows: words, an end, padding, and every word of the drawn world."""

import numpy as np
import pytest
import torch
from good_calls import word_net

from mmcourse.captioning import target_caption, target_words
from mmcourse.data import sample_scenes
from mmcourse.picture_words import TEXT, picture_words, text_rows
from mmcourse.rectified_flow import single_wishes
from mmcourse.tokenizer.words import END, PADDING
from mmcourse.world import caption


def test_a_row_is_the_words_an_end_and_padding():
    tokens = word_net().tokens
    row = text_rows(tokens, ["an orange cat", "a dog"])[0]
    assert row[:4].tolist() == [*(tokens.ids[word] for word in ("a", "orange", "cat")), END]
    assert (row[4:] == PADDING).all()
    assert len(row) == TEXT


def test_every_word_that_is_said_has_a_number():
    words = set(picture_words())
    assert set(target_words()) <= words
    rng = np.random.default_rng(0)
    for scene in sample_scenes(200, rng):
        text = caption(scene, rng, full=True)
        assert set(text.replace(",", "").split()) - {"an"} <= words
    assert list(picture_words()) == sorted(words)


def test_prompts_and_captions_of_one_thing_fit():
    tokens, rng = word_net().tokens, np.random.default_rng(0)
    assert len(text_rows(tokens, [wish.text for wish in single_wishes(rng, 20)])) == 420
    singles = [scene for scene in sample_scenes(900, rng) if scene.layout == "single"]
    assert len(text_rows(tokens, [target_caption(scene) for scene in singles])) > 200


def test_fifteen_words_fit_and_sixteen_do_not():
    tokens = word_net().tokens
    assert text_rows(tokens, ["cat " * 15])[0, -1] == END
    with pytest.raises(ValueError, match=r"^text_rows: a text .* at most 15 words; got 16 in"):
        text_rows(tokens, ["a cat", "cat " * 16])


def test_rows_say_their_texts_again():
    tokens, texts = word_net().tokens, ["an orange cat at night", "a red car"]
    rows = text_rows(tokens, texts)
    assert [tokens.decode(row) for row in rows] == texts
    assert torch.equal(text_rows(tokens, texts[1:])[0], rows[1])
