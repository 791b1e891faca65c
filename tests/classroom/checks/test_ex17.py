"""Exercise 17: the references are the course's own, and what is drawn shows what it should.

Answers as learners write them are in `tests/helpers/answers/ex17.txt`.
"""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from classroom.checks import find
from mmcourse import flamingo

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


def plain_gate(width, opened):
    """Return the course's layer with nothing but a gate between words and places."""
    layer = flamingo.GatedCrossAttention(width, heads=1)
    layer.ln_look = nn.Identity()
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        projection = getattr(layer.look, name)
        nn.init.eye_(projection.weight)
        nn.init.zeros_(projection.bias)
    nn.init.constant_(layer.look_gate, float(opened))
    return layer


@pytest.mark.parametrize("seed", range(3))
def test_17_1_is_the_courses_layer_without_its_projections(seed):
    for _, case in find("17.1").draw(seed):
        words, places, may, gate = case.arguments
        expected = plain_gate(words.shape[2], gate)(words, places, may).detach()
        got = find("17.1").reference(*case.arguments)
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)


def test_a_shut_gate_of_17_1_leaves_every_bit_of_the_words():
    words = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(0))
    may = torch.ones(3, 5, 4, dtype=torch.bool)
    got = find("17.1").reference(words, 9 * torch.ones(3, 4, 7), may, torch.tensor(0.0))
    assert torch.equal(got, words)


@pytest.mark.parametrize("seed", range(10))
def test_words_of_17_1_see_nothing_where_the_card_says_so_and_never_all(seed):
    for each, case in find("17.1").draw(seed):
        may = case.arguments[2]
        if each.points:
            assert not may.all(dim=-1).any(), case.label
            assert (~may.any(dim=-1)).any() == (each.name == "words that may see nothing")


@pytest.mark.parametrize("seed", range(5))
def test_17_2_is_the_courses_own(seed):
    image = flamingo.game_words().ids["<image>"]
    for _, case in find("17.2").draw(seed):
        tokens, mark, pictures = case.arguments
        tokens = torch.where(tokens == mark, image, torch.where(tokens == image, 0, tokens))
        expected = flamingo.own_picture(tokens, pictures)
        assert torch.equal(find("17.2").reference(tokens, image, pictures), expected)


@pytest.mark.parametrize("seed", range(10))
def test_there_are_pictures_for_all_marks_of_17_2(seed):
    for _, case in find("17.2").draw(seed):
        tokens, mark, pictures = case.arguments
        assert mark > 0
        assert (tokens == mark).sum(dim=1).max() <= pictures, case.label


@pytest.mark.parametrize("seed", range(3))
def test_17_3_is_the_courses_layer(seed):
    for _, case in find("17.3").draw(seed):
        x, taps = case.arguments
        layer = flamingo.ShortConvolution(x.shape[2], taps=len(taps))
        layer.taps.data.copy_(taps)
        torch.testing.assert_close(find("17.3").reference(x, taps), layer(x).detach())


@pytest.mark.parametrize("seed", range(5))
def test_17_4_with_two_facts_is_the_courses_own(seed):
    for _, case in find("17.4").draw(seed):
        things, names, asked = case.arguments
        if len(asked) == 2:
            examples = [
                (*map(int, thing), int(name)) for thing, name in zip(things, names, strict=True)
            ]
            wug = flamingo.chance_of_first(examples, tuple(map(int, asked)))
            got = find("17.4").reference(things, names, asked)
            assert got == pytest.approx(1 - wug), case.label


def by_listing(things, names, asked):
    """Return the share of daxes among what all ways to call things say that fit."""
    ways = [
        (fact, value)
        for fact, value in product(range(len(asked)), (0, 1))
        if all(
            (thing[fact] == value) == (name == 1)
            for thing, name in zip(things, names, strict=True)
        )
    ]
    return np.mean([asked[fact] == value for fact, value in ways])


@pytest.mark.parametrize("seed", range(10))
def test_17_4_is_what_listing_all_rules_gives(seed):
    for each, case in find("17.4").draw(seed):
        chance = find("17.4").reference(*case.arguments)
        assert chance == pytest.approx(by_listing(*case.arguments)), case.label
        if each.name == "many facts" and len(case.arguments[1]):
            assert min(abs(chance - one) for one in (0, 0.5, 1)) > 0.01, case.label


def test_17_4_over_all_games_is_the_best_that_can_be_done():
    best = []
    for free, asked in product(product((0, 1), repeat=2), product((0, 1), repeat=2)):
        things = np.array([[1, free[0]], [0, free[1]]])  # one example of each name
        chance = find("17.4").reference(things, np.array([1, 0]), np.array(asked))
        best.append(max(chance, 1 - chance))
    assert np.mean(best) == pytest.approx(flamingo.best_possible(1))
