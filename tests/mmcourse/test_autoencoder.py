"""The autoencoder: its shapes, its two scalings, and the loss that it learns by."""

import good_calls
import numpy as np
import pytest
import torch
from good_calls import floats, seeded
from torch import nn
from torch.testing import assert_close

from mmcourse.autoencoder import (
    CHANNELS,
    Autoencoder,
    ResidualBlock,
    as_images,
    as_pixels,
    reconstruction_loss,
)


class Constant(nn.Module):
    """Answers the same number everywhere, in a shape made from that of what it gets."""

    def __init__(self, number, channels, scale):
        super().__init__()
        self.number, self.channels, self.scale = number, channels, scale

    def forward(self, x):
        height, width = (round(side * self.scale) for side in x.shape[2:])
        return torch.full((len(x), self.channels, height, width), self.number)


@pytest.fixture
def folder():
    """Return a new one of random weights."""
    return good_calls.layer(Autoencoder).eval()


def told(autoencoder, images, noise=0.0, generator=None):
    return reconstruction_loss(
        autoencoder, images, noise=noise, generator=generator or seeded()
    ).item()


def test_every_byte_comes_back_in_its_place():
    pixels = np.arange(2 * 5 * 7 * 3, dtype=np.uint8).reshape(2, 5, 7, 3)
    pixels[0, 0] = [[0, 127, 255]] * 7
    images = as_images(pixels)
    assert images.shape == (2, 3, 5, 7)
    assert images[1, 2, 3, 4] == pytest.approx(pixels[1, 3, 4, 2] / 127.5 - 1)
    assert (as_pixels(images).numpy() == pixels).all()


def test_black_is_least_and_white_is_most():
    ends = np.array([[[[0, 0, 0], [255, 255, 255]]]], dtype=np.uint8)
    assert as_images(ends).unique().tolist() == [-1, 1]


@torch.no_grad()
def test_places_are_an_eighth_as_high_and_wide_and_come_back(folder):
    places = folder.encode(floats(3, 3, 16, 40))
    assert places.shape == (3, CHANNELS, 2, 5)
    assert folder.decode(places).shape == (3, 3, 16, 40)


def test_the_folded_picture_has_a_twelfth_of_the_numbers():
    assert 12 * CHANNELS * 8 * 8 == 3 * 64 * 64


@torch.no_grad()
def test_places_are_scaled_by_the_measured_mean_and_spread(folder):
    images = floats(2, 3, 16, 24)
    plain = folder.encode(images)
    folder.mean.copy_(torch.arange(16.0)[:, None, None])
    folder.spread.fill_(4.0)
    assert_close(folder.encode(images), (plain - torch.arange(16.0)[:, None, None]) / 4)


@torch.no_grad()
def test_decoding_undoes_the_scaling(folder):
    raw = floats(2, 16, 2, 3)
    expected = folder.decode(raw)
    folder.mean.copy_(torch.arange(16.0)[:, None, None])
    folder.spread.fill_(4.0)
    scaled = (raw - folder.mean) / folder.spread
    assert_close(folder.decode(scaled), expected, rtol=1e-4, atol=1e-5)


def test_the_scaling_is_saved_with_the_weights(folder):
    assert {"mean", "spread"} <= folder.state_dict().keys()


@torch.no_grad()
def test_pictures_end_at_minus_one_and_one(folder):
    folder.decoder = Constant(7.0, 3, 8)
    assert folder.decode(floats(1, 16, 2, 3)).unique().tolist() == [1.0]
    folder.decoder.number = -7.0
    assert folder.decode(floats(1, 16, 2, 3)).unique().tolist() == [-1.0]


@torch.no_grad()
def test_each_picture_is_folded_and_unfolded_by_itself(folder):
    images = floats(3, 3, 16, 24)
    places = folder.encode(images)
    assert_close(folder.encode(images[[2, 0, 1]]), places[[2, 0, 1]])
    assert_close(folder.decode(places[[2, 0, 1]]), folder.decode(places)[[2, 0, 1]])


@torch.no_grad()
def test_every_place_is_used_and_every_pixel_seen(folder):
    images = floats(1, 3, 16, 24)
    places = folder.encode(images)
    for row, column in ((0, 0), (15, 23), (7, 9)):
        other = images.clone()
        other[0, 1, row, column] += 5
        assert not torch.allclose(folder.encode(other), places)
    for row, column in ((0, 0), (1, 2)):
        other = places.clone()
        other[0, 5, row, column] += 5
        assert not torch.allclose(folder.decode(other), folder.decode(places))


def test_a_new_block_changes_nothing_and_can_learn_to():
    block, x = good_calls.layer(lambda: ResidualBlock(8)), floats(2, 8, 3, 5)
    assert_close(block(x), x + block.second.bias[:, None, None])
    nn.init.ones_(block.second.weight)
    assert not torch.allclose(block(x), x + block.second.bias[:, None, None])


@pytest.mark.parametrize(("height", "width"), [(12, 16), (16, 12)])
@pytest.mark.parametrize("told_by", ["encode", "reconstruction_loss"])
def test_other_sides_than_multiples_of_8_are_refused(folder, told_by, height, width):
    images = floats(2, 3, height, width)
    call = {"encode": folder.encode, "reconstruction_loss": lambda x: told(folder, x)}[told_by]
    with pytest.raises(ValueError, match=rf"^{told_by}: height and width .* got {height} and"):
        call(images)


def test_the_loss_is_absolute_plus_squared_error_plus_a_thousandth_of_the_square(folder):
    # Off by 0.5 everywhere, at places of 10: 0.5 + 0.25 + 100 / 1000.
    folder.encoder, folder.decoder = Constant(10.0, 16, 1 / 8), Constant(0.75, 3, 8)
    assert told(folder, torch.full((2, 3, 16, 24), 0.25)) == pytest.approx(0.85)


def test_the_loss_is_a_mean_over_pictures_and_pixels(folder):
    # A quarter of the pictures is off by 2, the rest by 0: (2 + 4) / 4.
    folder.encoder, folder.decoder = Constant(0.0, 16, 1 / 8), Constant(0.0, 3, 8)
    images = torch.zeros(4, 3, 16, 24)
    images[1] = 2
    assert told(folder, images) == pytest.approx(1.5)


def test_noise_is_added_to_the_places_and_counts_as_error(folder):
    folder.encoder = folder.decoder = nn.Identity()
    drawn = 0.5 * torch.randn(2, 3, 16, 24, generator=seeded())
    expected = drawn.abs().mean() + drawn.square().mean()
    assert told(folder, torch.zeros(2, 3, 16, 24), noise=0.5) == pytest.approx(expected.item())


def test_noise_is_drawn_anew_each_time(folder):
    generator, images = seeded(), floats(2, 3, 16, 24)
    assert told(folder, images, 0.5, generator) != told(folder, images, 0.5, generator)


def test_the_loss_teaches_every_weight_but_not_the_scaling(folder):
    nn.init.normal_(folder.decoder[0].weight)
    for block in folder.modules():
        if isinstance(block, ResidualBlock):
            nn.init.normal_(block.second.weight, std=0.1)
    reconstruction_loss(folder, floats(2, 3, 16, 24), noise=0.1, generator=seeded()).backward()
    assert all(each.grad is not None and each.grad.any() for each in folder.parameters())
    assert not {"mean", "spread"} & dict(folder.named_parameters()).keys()
