"""Exercise 16: the references are the course's own, and what is drawn shows what it should.

Answers as learners write them are in `tests/helpers/answers/ex16.txt`.
"""

import inspect

import numpy as np
import pytest
import torch
from torch import nn

from classroom.checks import find
from classroom.checks.ex16_pictures_as_words import nearest_code as of_codes
from classroom.checks.ex16_pictures_as_words import quantise as of_levels
from classroom.checks.ex16_pictures_as_words import spell as of_spelling
from mmcourse import codebook, picture_words
from mmcourse.captioning.sample import drawn

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


@pytest.mark.parametrize("seed", range(3))
def test_16_1_is_the_courses_own_with_its_gradient(seed):
    for _, case in find("16.1").draw(seed):
        got = of_levels.harness(find("16.1").reference, *case.arguments)
        expected = of_levels.harness(codebook.finite_scalar, *case.arguments)
        torch.testing.assert_close(got, expected)


@pytest.mark.parametrize("seed", range(5))
def test_both_parities_of_16_1_are_drawn_and_no_number_lies_on_a_border(seed):
    for each, case in find("16.1").draw(seed):
        latents, levels, _ = case.arguments
        if each.points:
            odd = all(count % 2 for count in levels)
            assert odd == (each.name == "odd numbers of levels"), case.label
        places = (torch.tensor(levels) - 1) * latents.double().sigmoid()
        assert ((places % 1) - 0.5).abs().min() > 1e-4, case.label


def by_the_course(vectors, entries, commitment):
    quantiser = codebook.VectorQuantiser(*entries.shape)
    del quantiser.codebook
    quantiser.codebook = entries
    return quantiser(vectors, commitment)


@pytest.mark.parametrize("seed", range(3))
def test_16_2_is_the_courses_own_with_its_gradients(seed):
    for _, case in find("16.2").draw(seed):
        got = of_codes.harness(find("16.2").reference, *case.arguments)
        expected = of_codes.harness(by_the_course, *case.arguments)
        for one, other in zip(got, expected, strict=True):
            torch.testing.assert_close(one, other)


def test_codes_are_drawn_as_often_as_16_3_says():
    chance = torch.Generator().manual_seed(0)
    text, alone = torch.randn(2, 1, 9, generator=chance, dtype=torch.float64)
    expected = find("16.3").reference(text, alone, 1.7, 0.8, 4)
    guided = (alone + 1.7 * (text - alone)).expand(20_000, -1)
    codes = drawn(guided, 0.8, 4, chance)
    shares = torch.bincount(codes, minlength=9) / len(codes)
    torch.testing.assert_close(shares.double(), expected[0], atol=0.02, rtol=0)


@pytest.mark.parametrize("seed", range(5))
def test_no_two_codes_of_16_3_are_equally_likely(seed):
    for each, case in find("16.3").draw(seed):
        if each.points:
            chances = find("16.3").reference(*case.arguments[:4], 10**6)
            assert (chances.sort(dim=1).values.diff() > 0).all(), case.label


class AsAsked:
    """The course's speller, as 16.4 speaks of one."""

    def __init__(self, model):
        self.model = model

    def read(self, words):
        none = torch.zeros(len(words), 0, 2, dtype=torch.long)
        return *self.model.read(words=words, codes=none), 0

    def say_first(self, known):
        return self.model.say_first(known[0])

    def say_second(self, known, first):
        return self.model.say_second(known[0], first)

    def step(self, known, codes):
        after, cache = self.model.step_cell(codes, known[2], known[1])
        return after, cache, known[2] + 1


@torch.no_grad()
def test_16_4_is_the_courses_own_where_only_the_likeliest_is_drawn():
    chance = torch.Generator().manual_seed(0)
    model = picture_words.PictureWords(width=32, layers=1, heads=2)
    for head in (model.first_head, model.second.head):
        nn.init.normal_(head.weight, std=1, generator=chance)
    words = torch.randint(3, 20, (2, 16), generator=chance)
    begun = torch.randint(0, 1000, (2, 5, 2), generator=chance)
    how = {"guidance": 1.0, "top_k": 1, "begun": begun}
    expected = picture_words.spell(model, words, generator=chance, **how)
    got = find("16.4").reference(AsAsked(model), words, begun, 64)
    assert torch.equal(got, expected)


@pytest.mark.parametrize("seed", range(5))
def test_codes_of_16_4_are_no_close_call(seed):
    for _, case in find("16.4").draw(seed):
        weights, words, begun, cells = case.arguments
        nudged = [one * (1 + 1e-9) for one in weights]
        one, other = (
            of_spelling.harness(find("16.4").reference, each, words, begun, cells)
            for each in (weights, nudged)
        )
        assert torch.equal(one, other), case.label


def test_the_harnesses_of_16_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_levels.harness), space)
    two = torch.ones(2, 1)
    found, slope = space["harness"](lambda x, levels: 3 * x, two, [2], 5 * two)
    assert (found.tolist(), slope.tolist()) == ([[3], [3]], [[15], [15]])
    space = {}
    exec(inspect.getsource(of_codes.harness), space)
    answer = lambda x, e, beta: (x, torch.tensor([0, 0]), beta * e.sum())  # noqa: E731
    found = space["harness"](answer, two, two, 2.0, 7 * two)
    assert [one.sum().item() for one in found[3:]] == [0, 4, 14, 0]
    space = {}
    exec(inspect.getsource(of_spelling.harness), space)
    weights = of_spelling._weights(np.random.default_rng(0), 3)
    words, begun = torch.ones(2, 3).long(), torch.zeros(2, 1, 2).long()

    def told(model, words, begun, cells):
        known = model.step(model.read(words), begun[:, 0])
        return model.say_first(known).shape, model.say_second(known, words[:, 0]).shape

    assert space["harness"](told, weights, words, begun, 4) == ((2, 9), (2, 9))
