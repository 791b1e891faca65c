"""What a recogniser learns in seconds."""

import math

import dictation_runs
import pytest

from mmcourse import small


def test_every_seed_has_every_step():
    found = small.stored_dictations()
    steps = range(0, dictation_runs.STEPS + 1, dictation_runs.EVERY)
    assert [(run.seed, run.step) for run in found] == [
        (seed, step) for seed in dictation_runs.SEEDS for step in steps
    ]


def test_all_begin_with_the_same_weights_and_no_loss():
    first = [run for run in small.stored_dictations() if run.step == 0]
    assert len({(run.heard, run.new) for run in first}) == 1
    assert all(math.isnan(run.loss) for run in first)


def test_loss_and_errors_fall_in_every_run():
    found = small.stored_dictations()
    for seed in dictation_runs.SEEDS:
        before, early, *_, after = [run for run in found if run.seed == seed]
        assert after.loss < early.loss
        assert after.heard < before.heard
        assert after.new < before.new


def test_errors_of_an_exam_are_those_of_its_texts(monkeypatch):
    recordings = small_exam()
    monkeypatch.setattr(dictation_runs, "recognise", lambda model, mels: ["a cat", "no"])
    assert dictation_runs.errors(Still(), recordings) == pytest.approx(1 / 3)


class Still:
    """A model that is only asked to stand still."""

    def eval(self):
        return self


def small_exam():
    """Return the texts of two recordings."""

    class Said:
        log_mel = None

        def __init__(self, text):
            self.text = text

    return [Said("a bat"), Said("no")]
