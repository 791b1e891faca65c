"""Cells one after the other: chance, guidance, temperature, top-k, and what is begun."""

import pytest
import torch
from good_calls import rows, seeded, spelled, word_net
from torch.testing import assert_close

from mmcourse.picture_words import next_cell, spell


def likeliest(**more):
    return spell(word_net(), rows(), generator=seeded(), top_k=1, **more)


def test_the_same_chance_spells_the_same_and_another_something_else():
    one, again = (spell(word_net(), rows(), generator=seeded()) for _ in range(2))
    assert torch.equal(one, again)
    generator = seeded()
    spell(word_net(), rows(), generator=generator)
    assert not torch.equal(spell(word_net(), rows(), generator=generator), one)


@torch.no_grad()
def test_the_one_likeliest_code_is_what_the_whole_pass_holds_for_likeliest():
    model, codes = word_net(), likeliest(guidance=1.0)
    _, before = model(rows(), codes, torch.tensor([True, True]))
    assert torch.equal(model.say_first(before).argmax(-1), codes[..., 0])
    assert torch.equal(model.say_second(before, codes[..., 0]).argmax(-1), codes[..., 1])


@torch.no_grad()
def test_guidance_zero_is_the_order_in_which_the_picture_comes_first():
    model, codes = word_net(), likeliest(guidance=0.0)
    _, before = model(rows(), codes, torch.tensor([False, False]))
    assert torch.equal(model.say_first(before).argmax(-1), codes[..., 0])
    assert torch.equal(codes[0], codes[1])  # whatever the text says


@torch.no_grad()
def test_guidance_walks_away_from_what_comes_without_the_text():
    model, codes = word_net(), likeliest(guidance=4.0)
    after, alone = (
        model.say_first(model(rows(), codes, torch.tensor([first, first]))[1])
        for first in (True, False)
    )
    assert torch.equal((alone + 4 * (after - alone)).argmax(-1), codes[..., 0])


def test_cold_is_as_good_as_the_one_likeliest():
    cold = spell(word_net(), rows(), generator=seeded(), temperature=1e-4, top_k=None)
    assert torch.equal(cold, likeliest())


def test_cells_that_are_begun_stay_and_are_gone_on_from():
    begun = spelled(61)
    codes = likeliest(begun=begun, guidance=1.0)
    assert codes.shape == (2, 64, 2)
    assert torch.equal(codes[:, :61], begun)
    chances = next_cell(word_net(), rows(), codes)
    assert torch.equal(chances[:, 61:].argmax(-1), codes[:, 61:, 0])


def test_a_finished_picture_is_left_alone():
    assert torch.equal(likeliest(begun=spelled()), spelled())


def test_the_chances_of_the_next_cell_sum_to_one_and_do_not_see_it():
    chances = next_cell(word_net(), rows(), spelled())
    assert chances.shape == (2, 64, 1000)
    assert_close(chances.sum(-1), torch.ones(2, 64))
    other = spelled()
    other[:, 40:] += 1
    assert_close(next_cell(word_net(), rows(), other)[:, :41], chances[:, :41])


@pytest.mark.parametrize("number", [{"guidance": -1.0}, {"temperature": 0.0}, {"top_k": 0}])
def test_numbers_out_of_range_are_refused(number):
    with pytest.raises(ValueError, match=r"^spell: "):
        spell(word_net(), rows(), generator=seeded(), **number)
