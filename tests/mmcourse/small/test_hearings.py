"""The stored runs of lesson 14: whether they are whole, and what their numbers mean."""

from collections import Counter

import hearing_runs
import pytest

from mmcourse import small
from mmcourse.judge import NONE, Verdict
from mmcourse.rectified_flow.sentences import RIDGE
from mmcourse.world import HELD_OUT, KINDS


def test_every_diet_was_trained_with_five_seeds():
    found = Counter((run.beside, run.seed) for run in small.stored_hearings())
    wanted = [(beside, seed) for beside in hearing_runs.BESIDE for seed in range(5)]
    assert found == Counter(wanted)


def test_every_way_was_painted_with_five_seeds_of_as_many_sounds():
    runs = small.stored_heard_paintings()
    told = [("words", 0.0), ("sentence", RIDGE), ("nearest words", 0.0)]
    mapped = [(way, r) for way in ("as it is", "gap removed") for r in hearing_runs.RIDGES]
    wanted = [("test", *way, seed) for way in told + mapped for seed in hearing_runs.SEEDS]
    wanted += [("validation", *way, n) for way in mapped for n in hearing_runs.VALIDATION]
    assert Counter(tuple(run[:4]) for run in runs) == Counter(wanted)
    assert {run.n for run in runs} == {hearing_runs.EACH * len(KINDS)}


def test_the_ridge_is_the_best_of_validation():
    runs = [run for run in small.stored_heard_paintings() if run.split == "validation"]
    kinds = Counter()
    for run in runs:
        if run.way == "gap removed":
            kinds[run.ridge] += run.kind
    assert max(kinds, key=kinds.get) == RIDGE


def test_ears_beside_the_pictures_of_others_know_nothing():
    words = [run.word for run in small.stored_hearings() if run.beside == "other pictures"]
    assert max(words) < 2 / len(KINDS)


def test_shares_are_shares():
    for run in small.stored_hearings():
        assert 0 <= min(run.word, run.picture) <= max(run.word, run.picture) <= 1
    for run in small.stored_heard_paintings():
        assert 0 <= min(run.kind, run.setting, run.none) <= 1
        assert run.kind + run.none <= 1


def test_scenes_that_are_painted_hold_one_large_thing_as_many_of_every_kind():
    scenes = hearing_runs.large_things("test", 3)
    assert Counter(each.objects[0].kind for each in scenes) == dict.fromkeys(KINDS, 2)
    assert all(len(each.objects) == 1 for each in scenes)
    assert min(each.objects[0].size for each in scenes) >= hearing_runs.SMALLEST
    assert not {(each.objects[0].kind, each.objects[0].colour) for each in scenes} & HELD_OUT


def test_verdicts_are_counted_by_kind_setting_and_none():
    scenes = hearing_runs.large_things("test", 3)[:2]  # cats
    here, there = scenes[0].setting, "desert" if scenes[1].setting != "desert" else "snow"

    class Judge:
        def verdicts(self, _):
            return [
                Verdict("cat", "red", NONE, "red", here),
                Verdict(NONE, "red", NONE, "red", there),
            ]

    assert hearing_runs.judged(Judge(), None, scenes) == (0.5, 0.5, 0.5)


def test_a_plain_sentence_says_kind_and_place():
    assert hearing_runs.plain("umbrella", "snow") == "a photo of an umbrella on a snowy day"


@pytest.mark.parametrize("read", [small.stored_hearings, small.stored_heard_paintings])
def test_another_table_is_refused(tmp_path, read):
    path = tmp_path / "other.csv"
    path.write_text("way,seed\nwords,8\n")
    with pytest.raises(ValueError, match=r"must have the columns .*; got way, seed"):
        read(path)
