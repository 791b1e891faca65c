"""Exercise 14: the references are what others compute, and what is drawn is as the cards say.

Answers as learners write them are in `tests/helpers/answers/ex14.txt`.
"""

import inspect

import checking
import numpy as np
import pytest
import torch
from scipy import signal
from torch import nn

from classroom.checks import find
from classroom.checks.ex14_binding_audio import align_step as of_steps
from classroom.checks.ex14_binding_audio import build_index as of_index
from classroom.checks.ex14_binding_audio.stft_answers import stft_magnitude
from mmcourse import audio, metrics
from mmcourse.losses import clip_loss

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for


@pytest.mark.parametrize(("win", "hop"), [(16, 5), (15, 15), (7, 2)])
def test_14_1_is_scipys_spectrogram(win, hop):
    wave = np.random.default_rng(win).standard_normal(61)
    setting = {"window": "hann", "nperseg": win, "noverlap": win - hop, "boundary": None}
    *_, found = signal.stft(wave, detrend=False, padded=False, **setting)
    expected = abs(found) * signal.get_window("hann", win).sum()
    np.testing.assert_allclose(find("14.1").reference(wave, win, hop), expected, atol=1e-12)


def test_14_2_may_be_the_courses_own():
    checking.assert_passes(find("14.2"), audio.mel_filterbank)


def test_14_1_and_14_2_together_are_a_log_mel():
    wave = np.random.default_rng(0).standard_normal(2000)
    power = find("14.1").reference(wave, 512, 256) ** 2
    bands = find("14.2").reference(16_000, 512, 48) @ power
    expected = audio.log_mel(wave)
    np.testing.assert_allclose(np.log(bands.clip(1e-6)), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_every_band_of_14_2_holds_a_column(seed):
    for _, case in find("14.2").draw(seed):
        assert (find("14.2").reference(*case.arguments) > 0).any(axis=1).all(), case.label


@pytest.mark.parametrize("seed", range(20))
def test_one_frame_of_14_1_just_fits_and_one_just_does_not(seed):
    left = [
        (len(wave) - win) % hop
        for each, case in find("14.1").draw(seed)
        for wave, win, hop in [case.arguments]
        if each.name == "every frame that fits"
    ]
    assert left == [0, 0, 3]


def aligned_by_the_courses_loss(tower, model, optimizer, sounds, pictures, tokens):
    with torch.no_grad():
        targets, scale = model.encode_image(pictures), model.logit_scale.exp()
    loss = clip_loss(tower(sounds), targets, scale)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def test_14_3_may_take_the_courses_loss():
    checking.assert_passes(find("14.3"), aligned_by_the_courses_loss)


def test_a_step_of_14_3_lowers_the_loss():
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(rows, 3, generator=generator) for rows in (4, 5, 9)]
    batch = (
        torch.randn(6, 4, generator=generator),
        torch.randn(6, 5, generator=generator),
        torch.arange(6),
    )
    arguments = (*weights, 1.0, [batch] * 30, "SGD", 0.2, "tower")
    losses = of_steps.harness(find("14.3").reference, *arguments)[0]
    assert losses[-1] < 0.7 * losses[0]


def test_14_6_finds_what_a_sum_of_cosines_finds():
    rng = np.random.default_rng(0)
    index = of_index.build_index(rng.standard_normal((9, 4)))
    sound, word = rng.standard_normal((2, 4))
    both = index @ sound / np.linalg.norm(sound) + 0.5 * index @ word / np.linalg.norm(word)
    found = find("14.6").reference(index, [(sound, 1.0), (7 * word, 0.5)], 9)
    assert [row for row, _ in found] == np.argsort(-both).tolist()


@pytest.mark.parametrize("seed", range(20))
def test_of_14_6_the_shortest_part_weighs_most(seed):
    for each, case in find("14.6").draw(seed):
        _, parts, _ = case.arguments
        if not each.points or len(parts) == 1:
            continue
        lengths = [np.linalg.norm(vector) for vector, _ in parts]
        weights = [abs(weight) for _, weight in parts]
        assert np.argmin(lengths) == np.argmax(weights), case.label


@pytest.mark.parametrize(("successes", "n"), [(3, 4), (10, 10), (0, 7), (41, 90)])
def test_14_7_is_the_courses_interval(successes, n):
    ranks = [0] * successes + [5] * (n - successes)
    interval = metrics.accuracy_interval(successes, n)
    expected = [successes / n, interval.low, interval.high]
    np.testing.assert_allclose(find("14.7").reference(ranks, 3), expected, atol=1e-4)


def test_the_harnesses_of_14_need_nothing_from_outside():
    space = {}
    exec(inspect.getsource(of_index.harness), {"np": None, **space}, space)
    assert space["harness"](lambda x: x + 1, np.ones((1, 2)))[0] == "an index"
    space = {}
    exec(inspect.getsource(of_steps.harness), space)
    two = torch.eye(2)
    batch = (two, two, torch.tensor([0, 1]))
    given = (two, two, two, 1.0, [batch], "SGD", 0.1, "both")

    def untouched(tower, model, *_):
        assert isinstance(tower, nn.Module)
        assert not model.training
        return 3.0

    losses, weights, changed, reached = space["harness"](untouched, *given)
    assert (losses, changed, reached) == ([3.0], "", "")
    assert torch.equal(weights, two)


def test_a_tone_of_14_1_stands_in_its_row():
    tone = np.cos(2 * np.pi * 3 * np.arange(64) / 16)  # three waves in a frame of 16
    assert (stft_magnitude(tone, 16, 5).argmax(axis=0) == 3).all()
