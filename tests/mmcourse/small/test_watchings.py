"""The stored runs of lesson 18: whether they are whole, and that what is taken is taken."""

from collections import Counter

import film_runs
import numpy as np
import pytest
import torch

from mmcourse import small
from mmcourse.video import TYPES, film_tokens, films


@pytest.fixture(scope="module")
def stored():
    return small.stored_watchings()


def test_every_watcher_was_trained_with_every_seed_and_one_was_tricked(stored):
    found = Counter((run.trained, run.tested, run.seed) for run in stored)
    wanted = [(name, "as trained") for name in film_runs.TAKEN]
    wanted += [("everything", name) for name in film_runs.TRICKED]
    assert found == Counter((*each, seed) for each in wanted for seed in film_runs.SEEDS)


def test_all_were_asked_of_as_many_films(stored):
    assert {run.n for run in stored} == {film_runs.TESTED}
    assert set(small.Watching._fields) == {"trained", "tested", "seed", "n", *TYPES}


def test_shares_are_shares(stored):
    for run in stored:
        assert 0 <= min(run[3:-1]) <= max(run[3:-1]) <= 1


def test_what_one_sense_alone_tells_is_lost_without_it(stored):
    for run in stored:
        if run.trained == "no sound":
            assert run.voice < 0.4
        if run.trained == "no picture":
            assert run.colour < 0.4


def test_a_watcher_learns_from_films_of_which_something_was_taken(monkeypatch):
    taken, asked = [], []
    monkeypatch.setattr(film_runs, "STEPS", 1)
    monkeypatch.setattr(film_runs, "BATCH", 3)

    def loss_of(model, shown, numbers, device):
        taken.append(shown)
        asked.append(numbers)
        return sum(each.sum() for each in model.parameters())

    monkeypatch.setattr(film_runs, "loss_of", loss_of)
    shown = films(5, 0)
    film_runs.learn("no sound", 0, shown)
    film_runs.learn("no name", 0, shown)
    film_runs.learn("never asked what it hears", 0, shown)
    assert len(taken[0].sounds.unique()) == 1
    assert len(taken[1].sounds.unique()) > 1
    words = {film_tokens().decode(each) for row in asked[1][0] for each in row}
    assert "what colour is it" in words
    assert [each[1].shape for each in asked] == [(3, 11), (3, 11), (3, 10)]


def test_seeds_have_batches_of_their_own(monkeypatch):
    monkeypatch.setattr(film_runs, "STEPS", 1)
    seen = []

    def loss_of(model, shown, numbers, device):
        seen.append(shown.duets)
        return sum(each.sum() for each in model.parameters())

    monkeypatch.setattr(film_runs, "loss_of", loss_of)
    shown = films(9, 0)
    for seed in (0, 0, 1):
        film_runs.learn("everything", seed, shown)
    assert seen[0] == seen[1] != seen[2]


def test_tricks_change_films_and_not_what_is_true_of_them():
    shown, rng = films(4, 0), np.random.default_rng(0)
    for take in {**film_runs.TAKEN, **film_runs.TRICKED}.values():
        taken = take(shown, rng)
        assert taken.duets == shown.duets
        assert taken.pictures.shape == shown.pictures.shape
        assert torch.isfinite(taken.sounds).all()
