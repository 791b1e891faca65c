"""What was built on `tiny`: whole, small, and as good as the course needs."""

import math

import measure_pictures
import numpy as np
import pytest
import torch
from measure_pictures import judged, texts

from mmcourse import checkpoints
from mmcourse.judge import load_judge, truth
from mmcourse.rectified_flow import load_painter, single_wishes
from mmcourse.speech import SpeechEncoder, recognise, stored_recordings

MEGABYTES = {"flow": 8}
FLOORS = {
    "audio-captioner": {
        "exact, one kind": 0.85,
        "exact, two kinds": 0.6,
        "order": 0.98,
    },
    "audio-tower": {
        "kind of one sound": 0.9,
        "picture to sound R@1": 0.7,
        "sound to picture R@1": 0.7,
    },
    "captioner": {"facts true": 0.95, "facts told": 0.9},
    "flamingo": {
        "never shown, pictures, 1 shots, of two": 0.72,
        "never shown, pictures, 3 shots, of two": 0.82,
        "shown, kind named": 0.97,
    },
    "flow": {
        "kind": 0.8,
        "kind (best of 4)": 0.88,
        "colour": 0.97,
    },
    "judge": {"kind": 0.97, "colour": 0.97, "folded kind": 0.96, "nothing in noise": 0.98},
    "speech": {
        "words, voices heard": 0.97,
        "words, five new voices": 0.85,
        "words, unseen pairs of colour and kind": 0.96,
    },
    "vqa": {"answers": 0.95, "looks at it": 0.8},
    "word-game": {"never shown, words, 1 shots, of two": 0.8},
}
NAMES = sorted(checkpoints.manifest().keys() - checkpoints.manifest("CLIP").keys())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_file_is_the_one_in_the_manifest_small_and_rounded(name):
    path = checkpoints.shipped(name)
    assert path.stat().st_size <= MEGABYTES.get(name, 5) * 1e6
    floats = [each for each in checkpoints.read(path).values() if each.is_floating_point()]
    assert {each.dtype for each in floats} == {torch.float16}
    assert all(each.isfinite().all() for each in floats)


@pytest.mark.parametrize("name", FLOORS)
def test_a_model_is_as_good_as_the_course_needs(name):
    metrics = checkpoints.manifest()[name].metrics
    for metric, floor in FLOORS[name].items():
        assert metrics[metric][0] >= floor, metric


def test_only_the_grid_tells_which_of_two_things_is_which():
    grid, pooled = (
        checkpoints.manifest()[name].metrics["exact sentence, pair"][0]
        for name in ("captioner", "captioner-pooled")
    )
    assert grid > pooled + 0.5


def test_without_examples_or_with_shuffled_ones_names_are_tossed():
    metrics = checkpoints.manifest()["flamingo"].metrics
    tossed = [metrics["never shown, pictures, 0 shots, of two"][0]]
    tossed += [
        metrics[f"never shown, shuffled, {shots} shots, of two"][0] for shots in (1, 2, 3)
    ]
    assert tossed == pytest.approx([0.5] * 4, abs=0.1)


def test_a_kind_that_was_never_shown_is_bound_and_cannot_be_named():
    metrics = checkpoints.manifest()["flamingo"].metrics
    assert metrics["never shown, kind named"][0] < 0.05
    gates, chain = (
        metrics[f"never shown, {way}, 3 shots, of two"][0] for way in ("pictures", "own words")
    )
    assert gates > chain + 0.05


def test_a_voice_finds_a_picture_nearly_as_well_as_the_written_caption():
    metrics = checkpoints.manifest()["speech"].metrics
    heard, new, written = (
        metrics[f"finds its picture among 250, {how}"][0]
        for how in ("voices heard", "five new voices", "written")
    )
    assert heard > written - 0.05
    assert new > written - 0.15


def test_one_new_voice_is_served_far_worse_than_the_others():
    metrics = checkpoints.manifest()["speech"].metrics
    voices = [
        share for name, (share, _) in metrics.items() if name.startswith("words, new voice")
    ]
    assert len(voices) == 5
    assert sorted(voices)[1] - min(voices) > 0.1


@pytest.mark.slow
def test_the_recogniser_hears_the_shipped_recordings_as_it_heard_all():
    model = checkpoints.restore(SpeechEncoder(), "speech")
    for part, name in (("heard", "voices heard"), ("new", "five new voices")):
        found = stored_recordings(part)
        heard = recognise(model, [each.log_mel for each in found])
        right = sum(a == each.text for a, each in zip(heard, found, strict=True))
        agrees("speech", f"whole sentences, {name}", right / len(found), len(found))


def test_only_tokens_in_time_tell_which_sound_came_first():
    tokens, pooled = (
        checkpoints.manifest()[name].metrics
        for name in ("audio-captioner", "audio-captioner-pooled")
    )
    assert 0.35 < pooled["order"][0] < 0.65, "a coin"
    assert tokens["exact, two kinds"][0] > pooled["exact, two kinds"][0] + 0.2


def test_foreign_sounds_are_told_and_the_worlds_own_are_not():
    found = checkpoints.manifest()
    assert found["sound-border-3"].metrics["foreign sounds beyond"][0] >= 0.8
    for seconds in (1, 2, 3):
        metrics = found[f"sound-border-{seconds}"].metrics
        own = {name: value for name, value in metrics.items() if name.startswith("world")}
        assert len(own) == 5, "as they are, 8 bits, and three other rates"
        least = 0.95 if seconds == 3 else 0.93
        assert {name for name, (share, _) in own.items() if share < least} == set()


@pytest.mark.slow
def test_the_judge_sees_what_was_drawn(monkeypatch):
    monkeypatch.setattr(measure_pictures, "SEED", 7)
    scenes = measure_pictures.fit_scenes(300, 1, "test")
    verdicts = load_judge().verdicts(torch.from_numpy(measure_pictures.drawn(scenes)))
    wanted = [truth(scene) for scene in scenes]
    for part in ("kind", "colour", "setting"):
        found, _ = measure_pictures.share(measure_pictures.right(verdicts, wanted, (part,)))
        agrees("judge", part, found, 300)


@pytest.mark.slow
def test_the_painter_meets_wishes_that_nobody_measured_it_on():
    wishes = single_wishes(np.random.default_rng(7), 3)
    pixels = load_painter("cpu").paint(
        texts(wishes), generator=torch.Generator().manual_seed(7)
    )
    for part, (found, n) in judged(load_judge(), pixels, wishes).items():
        agrees("flow", part, found, n)


def agrees(name: str, metric: str, found: float, n: int) -> None:
    """Fail where a share is further from the manifest's than four standard errors of chance."""
    expected, _ = checkpoints.manifest()[name].metrics[metric]
    spread = math.sqrt(max(expected * (1 - expected), 1 / n) / n)
    assert abs(found - expected) < 4 * spread, metric
