"""From logits to texts: greedily, and by a search that is exact where it is wide enough."""

import math
from itertools import product

import pytest
import torch

from mmcourse.speech import beam, collapse, ctc_loss, greedy, written


def logits(seed, steps=5, units=4):
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(1, steps, units, generator=chance, dtype=torch.float64) * 2


def every_text(logits):
    """Return the probability of each text, from a list of all paths."""
    _, steps, units = logits.shape
    chances, found = logits.softmax(2)[0].tolist(), {}
    for path in product(range(units), repeat=steps):
        text = written(collapse(path))
        chance = math.prod(chances[step][unit] for step, unit in enumerate(path))
        found[text] = found.get(text, 0.0) + chance
    return found


@pytest.mark.parametrize(
    ("path", "letters"),
    [
        ([], []),
        ([0, 0], []),
        ([3, 3], [3]),
        ([3, 0, 3], [3, 3]),
        ([0, 1, 1, 2, 0, 2], [1, 2, 2]),
    ],
)
def test_repeats_are_merged_before_blanks_are_dropped(path, letters):
    assert collapse(path) == letters


def test_greedy_stops_where_a_recording_ends():
    guesses = torch.nn.functional.one_hot(torch.tensor([[2, 3, 4]] * 3), 28).float()
    assert greedy(guesses, torch.tensor([3, 2, 1])) == ["abc", "ab", "a"]


@pytest.mark.parametrize("seed", range(8))
def test_a_wide_beam_finds_the_likeliest_text_and_all_of_its_paths(seed):
    texts = every_text(logits(seed))
    best = max(texts, key=texts.__getitem__)
    [heard] = beam(logits(seed), torch.tensor([5]), k=1000)
    assert heard.text == best
    assert math.exp(heard.logprob) == pytest.approx(texts[best])


@pytest.mark.parametrize("k", [1, 2, 3, 8])
def test_a_narrow_beam_never_says_more_than_is_true(k):
    for seed in range(8):
        [heard] = beam(logits(seed), torch.tensor([5]), k=k)
        assert heard.logprob <= math.log(every_text(logits(seed))[heard.text]) + 1e-12


def test_the_probability_is_that_of_the_loss():
    [heard] = beam(logits(2), torch.tensor([5]), k=1000)
    letters = torch.tensor(
        [[" abcdefghijklmnopqrstuvwxyz".index(one) + 1 for one in heard.text]]
    )
    length = torch.tensor([len(heard.text)])
    loss = ctc_loss(logits(2), torch.tensor([5]), letters, length)
    assert heard.logprob == pytest.approx(-float(loss))


def test_a_beam_may_beat_the_likeliest_path():
    chances = torch.tensor([[[0.6, 0.4]] * 2]).log()
    assert greedy(chances, torch.tensor([2])) == [""]
    assert beam(chances, torch.tensor([2]))[0].text == " "


def test_the_same_letter_twice_is_told_from_one_that_lasts():
    path = torch.nn.functional.one_hot(torch.tensor([[2, 2, 0, 2], [2, 2, 2, 2]]), 28) * 20.0
    found = beam(path, torch.tensor([4, 4]))
    assert [heard.text for heard in found] == ["aa", "a"]


def test_each_recording_is_searched_by_itself():
    both = torch.cat([logits(0), logits(1)])
    steps = torch.tensor([5, 3])
    together = beam(both, steps, k=5)
    assert together[0] == beam(logits(0), steps[:1], k=5)[0]
    assert together[1] == beam(logits(1)[:, :3], steps[1:], k=5)[0]
