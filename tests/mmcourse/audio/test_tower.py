"""Towers and captioners of sound: what they see, what they must not, and what they refuse."""

import pytest
import torch

from mmcourse.audio import AudioCaptioner, AudioTower, TimeTokens
from mmcourse.captioning import beam, caption_loss, greedy
from mmcourse.train import fit, optimizers


@pytest.fixture
def mels():
    return torch.randn(3, 48, 61, generator=torch.Generator().manual_seed(1))


def seeded(make):
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return make().eval()


def test_loudness_makes_no_difference(mels):
    tower = seeded(lambda: AudioTower(5, 32))
    torch.testing.assert_close(tower(mels), tower(mels + 3), atol=1e-4, rtol=1e-4)


def test_a_token_sees_its_surroundings_alone(mels):
    tokens = seeded(lambda: TimeTokens(8)).double()
    late = mels.double().clone().requires_grad_()
    tokens.project(
        tokens.convolutions(late[:, None]).flatten(1, 2).mT  # the mean left out, which sees all
    )[:, 8].sum().backward()
    seen = late.grad.abs().sum((0, 1)) > 0
    frames = seen.nonzero().flatten()
    assert 30 < int(frames.min()) + int(frames.max()) + 1 < 100, "about the middle"
    assert int(frames.max() - frames.min()) < 40


def test_time_reaches_the_vector(mels):
    tower = seeded(lambda: AudioTower(5, 32))
    assert (tower(mels) - tower(mels.flip(2))).abs().max() > 1e-3


def test_pooled_features_are_the_mean_of_time_tokens(mels):
    pooled = seeded(lambda: AudioCaptioner(32, 1, frames=61, pooled=True))
    tokens = pooled.time_tokens(mels)
    torch.testing.assert_close(pooled.features(mels), tokens.mean(1, keepdim=True))


def test_a_captioner_learns_its_recordings_by_heart(mels):
    torch.manual_seed(4)
    model = AudioCaptioner(32, 1, frames=61)
    said = [
        "a cat once at night",
        "a dog twice then a bird once at sea",
        "a bus once at sunset",
    ]
    tokens = model.decoder.tokens(said)
    fit(
        model.train(),
        lambda _: caption_loss(model(mels, tokens), tokens),
        60,
        chosen=optimizers(model, lr=5e-3, muon_lr=0.02),
        progress=False,
    )
    features = model.eval().features(mels)
    assert [each.text for each in greedy(model.decoder, features)] == said
    assert [each.text for each in beam(model.decoder, features, k=3)] == said


@pytest.mark.parametrize("shape", [(2, 47, 61), (2, 48, 15)])
def test_other_spectrograms_are_refused(shape, unchecked):
    with pytest.raises(ValueError, match="TimeTokens: mels must have 48 bands and at least 16"):
        TimeTokens(8)(torch.zeros(shape))


def test_a_tower_hears_a_second(unchecked):
    with pytest.raises(ValueError, match="AudioTower: mels must have at most 64 frames"):
        AudioTower(5, 32)(torch.zeros(2, 48, 65))


def test_width_must_hold_whole_heads(unchecked):
    with pytest.raises(ValueError, match="AudioTower: width must be a multiple of 32; got 40"):
        AudioTower(width=40)
