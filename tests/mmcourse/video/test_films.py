"""Films as tensors, and films from which something is taken."""

import numpy as np
import pytest
import torch

from mmcourse.audio import log_mel
from mmcourse.video import (
    dubbed,
    films,
    films_of,
    frozen,
    late,
    pieces,
    shuffled,
    silent,
    unseen,
)
from mmcourse.world import duet_film


@pytest.fixture(scope="module")
def shown():
    return films(5, 3, split="test")


def same(one, other):
    return torch.equal(one.pictures, other.pictures) and torch.equal(one.sounds, other.sounds)


def test_equal_seeds_give_equal_films_and_others_others(shown):
    assert same(shown, films(5, 3, split="test"))
    assert not same(shown, films(5, 4, split="test"))
    assert all(duet.still.split == "test" for duet in shown.duets)


def test_a_film_is_the_pictures_and_the_sound_of_its_duet(shown):
    film = duet_film(shown.duets[2])
    np.testing.assert_array_equal(shown.pictures[2].numpy(), film.pictures(32))
    torch.testing.assert_close(shown.sounds[2], pieces(film.sound))


def test_every_piece_is_the_spectrogram_of_its_own_moment():
    wave = (9e3 * np.random.default_rng(1).normal(size=3 * 700 + 2)).astype(np.int16)
    found = pieces(wave, 3)
    for place in range(3):  # two samples are left over
        torch.testing.assert_close(found[place], log_mel(wave[700 * place : 700 * (place + 1)]))


def test_rows_are_the_films_that_were_asked_for(shown):
    picked = shown.rows([3, 0])
    assert picked.duets == (shown.duets[3], shown.duets[0])
    assert same(picked, films_of(picked.duets))
    assert len(picked) == 2


def test_what_is_taken_is_gone_and_the_rest_stays(shown):
    assert silent(shown).sounds.unique().tolist() == pytest.approx([np.log(1e-6)])
    assert torch.equal(silent(shown).pictures, shown.pictures)
    assert unseen(shown).pictures.unique().tolist() == [128]
    assert torch.equal(unseen(shown).sounds, shown.sounds)
    still = frozen(shown, 7)
    assert (still.pictures == shown.pictures[:, 7:8]).all()
    assert torch.equal(still.sounds, shown.sounds)


def test_shuffling_moves_a_frame_and_its_sound_together_in_each_film_otherwise(shown):
    mixed = shuffled(shown, np.random.default_rng(2))
    orders = []
    for row in range(len(shown)):
        order = [
            next(at for at, other in enumerate(shown.sounds[row]) if torch.equal(piece, other))
            for piece in mixed.sounds[row]
        ]
        assert torch.equal(mixed.pictures[row], shown.pictures[row][order])
        assert sorted(order) == list(range(10))
        orders.append(tuple(order))
    assert len(set(orders)) == 5


@pytest.mark.parametrize("frames", [-3, 0, 2, 13])
def test_late_sound_comes_frames_later_and_round_again(shown, frames):
    found = late(shown, frames)
    for frame in range(10):
        there = (frame + frames) % 10
        assert torch.equal(found.sounds[:, there], shown.sounds[:, frame])


def test_a_dubbed_film_has_the_sound_of_the_one_before(shown):
    found = dubbed(shown)
    assert torch.equal(found.sounds, shown.sounds[[4, 0, 1, 2, 3]])
    assert found.duets == shown.duets
