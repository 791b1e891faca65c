"""Exercise 18: the references are the course's own, and what is drawn shows what it should.

Answers as learners write them are in `tests/helpers/answers/ex18.txt`.
"""

import inspect

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from classroom.checks import find
from classroom.checks.ex18_films import bag_of_frames as of_bags
from classroom.checks.ex18_films import bag_seen
from mmcourse import video

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


class Given(nn.Module):
    """A stand-in for an encoder: it says what it was given, whatever it is shown."""

    def __init__(self, tokens):
        super().__init__()
        self.tokens = tokens

    def forward(self, _):
        return self.tokens


def test_18_1_is_what_the_courses_network_watches():
    chance = torch.Generator().manual_seed(0)
    model = video.VideoQA(width=32, layers=0)
    seen = torch.randn(3, 10, 2, 32, generator=chance)
    heard = torch.randn(3, 10, 32, generator=chance)
    model.frames, model.pieces, model.ln_film = Given(seen), Given(heard), nn.Identity()
    nothing = torch.zeros(3, 10, 32, 32, 3, dtype=torch.uint8), torch.zeros(3, 10, 48, 11)
    moments, sides = model.moment_embedding[:, 0], model.side_embedding
    got = find("18.1").reference(seen, heard, moments, sides)
    torch.testing.assert_close(got, model.watch(*nothing))


def films_of(pictures, sounds):
    duets = (None,) * len(pictures)
    return video.Films(duets, torch.from_numpy(pictures), torch.from_numpy(sounds))


@pytest.mark.parametrize("frames", [2, -3, 0])
def test_18_2_is_the_courses_own_where_nothing_comes_round(frames):
    sounds = np.random.default_rng(0).standard_normal((3, 7, 5, 2))
    rolled = video.late(films_of(sounds, sounds), frames).sounds.numpy()
    got = find("18.2").reference(sounds, frames, -9.0)
    part = slice(max(0, frames), 7 + min(0, frames))
    np.testing.assert_array_equal(got[:, part], rolled[:, part])
    silent = np.ones(7, dtype=bool)
    silent[part] = False
    assert (got[:, silent] == -9.0).all()


def test_18_3_is_the_courses_own():
    rng = np.random.default_rng(0)
    pictures, sounds = rng.standard_normal((5, 7, 3)), rng.standard_normal((5, 7, 2))
    expected = video.shuffled(films_of(pictures, sounds), np.random.default_rng(3))
    seen, heard = find("18.3").reference(pictures, sounds, np.random.default_rng(3))
    np.testing.assert_array_equal(seen, expected.pictures)
    np.testing.assert_array_equal(heard, expected.sounds)


@pytest.mark.parametrize("seed", range(5))
def test_of_a_right_answer_to_18_3_everything_is_found_out(seed):
    question = find("18.3")
    for _, case in question.draw(seed):
        outcome = question.harness(question.reference, *case.arguments)
        found = question.measure(outcome, *case.arguments)
        assert found.pop(bag_seen.ABOUT) == case.arguments[0].sum()
        assert found == bag_seen.RIGHT, case.label


def test_the_harness_of_18_3_needs_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_bags.harness), space)
    film = np.ones((2, 3, 1))
    calls = space["harness"](lambda seen, heard, rng: (seen, rng.random(1)), film, 2 * film, 5)
    assert len(calls) == 4
    numbers = [call[1].item() for call in calls]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("seed", range(10))
def test_18_4_is_the_lower_end_of_an_interval_of_the_mean_difference(seed):
    for _, case in find("18.4").draw(seed):
        full, controls, least = case.arguments
        needed = find("18.4").reference(full, controls, least)
        for name, without in controls:
            lost = full.astype(float) - without
            error = stats.sem(lost, ddof=0)
            low = stats.norm.interval(0.95, lost.mean(), error)[0] if error else lost.mean()
            assert (low > least) == (name in needed), case.label
            assert abs(low - least) > 0.001, case.label


def test_18_4_needs_no_more_than_that_one_of_them_is_surely_lost():
    full = np.arange(50) < 40
    controls = [("sound", full), ("order", ~full), ("picture", np.arange(50) < 39)]
    assert find("18.4").reference(full, controls, 0.1) == ["order"]
