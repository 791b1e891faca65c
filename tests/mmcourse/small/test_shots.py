"""What is learnt from a few pictures, and what is not when a part is missing."""

from collections import Counter
from itertools import product

import flamingo_runs
import pytest

from mmcourse import small
from mmcourse.flamingo import best_possible


@pytest.fixture(scope="module")
def found():
    return {run[:5]: run for run in small.stored_shots()}


def seeds(found):
    return sorted({seed for _, _, seed, _, _ in found})


def test_every_seed_has_every_way(found):
    asked = [("whole", way) for way in flamingo_runs.WHOLE_ASKED]
    asked += list(product(flamingo_runs.MADE[1:], flamingo_runs.ASKED))
    ways = product(asked, seeds(found), flamingo_runs.PICTURES, flamingo_runs.SHOTS)
    assert sorted(found) == sorted((*way, *rest) for way, *rest in ways)
    assert seeds(found) == list(flamingo_runs.SEEDS)


def test_nobody_beats_the_best_player_by_more_than_luck(found):
    for run in found.values():
        assert run.right <= best_possible(run.shots) + 0.05


def test_without_examples_everybody_tosses(found):
    none = [run.right for run in found.values() if run.shots == 0]
    assert none == pytest.approx([0.5] * len(none), abs=0.06)


def test_shuffled_names_teach_nothing(found):
    shuffled = [run.right for run in found.values() if run.asked == "shuffled"]
    assert shuffled == pytest.approx([0.5] * len(shuffled), abs=0.06)


def test_a_frozen_language_model_that_never_played_learns_on_no_seed(found):
    lacking = [run.right for run in found.values() if run.made == "no games"]
    assert lacking == pytest.approx([0.5] * len(lacking), abs=0.06)


def test_the_whole_and_all_from_scratch_learn_on_most_seeds(found):
    caught = Counter(
        made
        for (made, asked, _, kinds, shots), run in found.items()
        if (asked, kinds, shots) == ("pictures", "never shown", 3) and run.right > 0.75
    )
    assert set(caught) == {"whole", "from scratch"}
    assert min(caught.values()) >= 3


def test_shares_by_rule_add_up(found):
    for run in found.values():
        low, high = sorted((run.kind, run.colour))
        assert low <= run.right <= high
