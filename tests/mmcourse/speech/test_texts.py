"""Letters, levels and lists of words."""

import math

import numpy as np
import pytest
import torch

from mmcourse.audio import log_mel
from mmcourse.speech import ALPHABET, from_levels, levels, plain, snap, spelled, written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("  A  red CAT. ", "a red cat"),
        ("long-legged", "long legged"),
        ("it's 3 o'clock", "its oclock"),
        ("café", "caf"),
    ],
)
def test_only_letters_and_single_spaces_are_kept(text, kept):
    assert plain(text) == kept


def test_what_is_spelled_can_be_read():
    texts = ["", "a", ALPHABET.strip(), "the quick brown fox"]
    numbers, lengths = spelled(texts)
    rows = zip(numbers.tolist(), lengths.tolist(), strict=True)
    assert [written(row[:length]) for row, length in rows] == texts
    assert numbers.shape == (4, 26)


def test_no_text_has_no_letters():
    assert spelled([])[0].shape == (0, 0)


def test_levels_are_a_twentieth_off_at_most():
    sound = log_mel(np.random.default_rng(0).normal(0, 0.1, 5_000))
    assert (from_levels(levels(sound)) - sound).abs().max() <= 0.05 + 1e-4


def test_the_loudest_sound_there_is_has_a_level_of_its_own():
    square = np.where(np.arange(4_000) % 16 < 8, 1.0, -1.0)
    assert levels(log_mel(square)).max() < 255
    assert levels(log_mel(np.zeros(1_000))).max() == 0


def test_levels_beyond_the_ends_are_cut_off():
    assert levels(torch.tensor([-99.0, 99.0])).tolist() == [0, 255]
    assert from_levels(torch.tensor([0], dtype=torch.uint8)).item() == pytest.approx(
        math.log(1e-6)
    )


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("a read cat", "a red cat"), ("", ""), ("ct", "cat"), ("a zzz", "a a"), ("da", "a")],
)
def test_every_word_becomes_the_nearest(heard, meant):
    assert snap(heard, {"red", "cat", "a"}) == meant
