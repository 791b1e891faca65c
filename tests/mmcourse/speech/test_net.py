"""What listens: lengths, padding, loudness, and how much of the sentence a step hears."""

import pytest
import torch

from mmcourse.audio import log_mel
from mmcourse.speech import SpeechEncoder, padded, recognise, stored_recordings, transcribe


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return SpeechEncoder(mels=5, width=36, layers=2).double().eval()


def sound(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


@pytest.mark.parametrize(("frames", "steps"), [(1, 1), (2, 1), (3, 2), (12, 6), (13, 7)])
def test_two_frames_make_a_step(model, frames, steps):
    logits, counted = model(sound(3, 5, 13), torch.tensor([frames, 13, 13]))
    assert logits.shape == (3, 7, 28)
    assert counted[0] == steps


@pytest.mark.parametrize("frames", [1, 4, 7])
def test_what_stands_beyond_the_end_is_not_heard(model, frames):
    quiet, count = sound(1, 5, 9), torch.tensor([frames])
    other = quiet.clone()
    other[:, :, frames:] = 99.0
    longer = torch.cat([other, other], 2)
    steps = (frames + 1) // 2
    expected = model(quiet[:, :, :frames], count)[0][:, :steps]
    for padding in (quiet, other, longer):
        torch.testing.assert_close(model(padding, count)[0][:, :steps], expected)


def test_louder_is_the_same_and_so_is_another_tilt_of_the_bands(model):
    heard, frames = sound(2, 5, 11), torch.tensor([11, 8])
    tilt = torch.linspace(-2, 3, 5).double()[:, None]
    torch.testing.assert_close(model(heard + tilt, frames)[0], model(heard, frames)[0])


def test_every_step_hears_the_whole_sentence(model):
    heard = sound(1, 5, 61).requires_grad_()
    model(heard, torch.tensor([61]))[0][0, 0].sum().backward()
    assert (heard.grad[0].abs().sum(0) > 0).all()


def test_every_weight_learns(model):
    logits, _ = model(sound(2, 5, 13), torch.tensor([13, 9]))
    (logits**2).sum().backward()
    dead = [name for name, weight in model.named_parameters() if weight.grad.abs().max() == 0]
    assert dead == []


def test_recordings_come_back_in_order_whatever_their_length():
    model = SpeechEncoder(mels=5, width=36, layers=1).eval()
    heard = [10 * sound(5, frames, seed=frames).float() for frames in (29, 7, 61, 3, 40)]
    assert recognise(model, heard) == [recognise(model, [each])[0] for each in heard]


def test_nothing_to_hear_is_no_text():
    assert recognise(SpeechEncoder(mels=5, width=36, layers=1), []) == []


def test_padding_is_zeros_in_whole_blocks():
    mels, frames = padded([torch.ones(5, 33), torch.ones(5, 7)])
    assert mels.shape == (2, 5, 64)
    assert frames.tolist() == [33, 7]
    assert mels.sum() == 5 * 40


def test_the_shipped_recogniser_hears_a_wave():
    recording = next(each for each in stored_recordings("heard") if each.wave is not None)
    assert transcribe(recording.wave).split()[0] in {"a", "an", "two", "three", "four"}
    assert transcribe(recording.wave) == transcribe(recording.wave.astype("float32") / 32_768)
    assert log_mel(recording.wave).shape == recording.log_mel.shape
