"""Pictures as codes: cells in their order, each by itself, and the shipped ones."""

import good_calls
import pytest
import torch
from good_calls import floats, spelled
from torch import nn
from torch.testing import assert_close

from mmcourse.autoencoder import as_images, as_pixels
from mmcourse.codebook import PictureTokenizer, load_tokenizer
from mmcourse.codebook.tokenizer import CELLS, CODES
from mmcourse.data import pairs


@pytest.fixture
def tokenizer():
    return good_calls.layer(PictureTokenizer).eval()


class Planes(nn.Module):
    """Eight numbers for each place, which say where it is."""

    def forward(self, images):
        row = torch.arange(8.0)[:, None].expand(8, 8)
        column = torch.arange(8.0).expand(8, 8)
        levels = (
            (row / 7).clamp(1e-4, 1 - 1e-4).logit(),
            (column / 7).clamp(1e-4, 1 - 1e-4).logit(),
        )
        low = torch.full((3, 8, 8), -9.0)
        return torch.cat([levels[0][None], low, levels[1][None], low]).expand(
            len(images), 8, 8, 8
        )


def test_cells_are_counted_row_by_row(tokenizer):
    tokenizer.encoder = Planes()  # first number of each code: 8 levels, as rows and columns
    codes = tokenizer.encode(floats(3, 3, 64, 64))
    assert codes.shape == (3, CELLS, 2)
    assert codes[1, :, 0].tolist() == [cell // 8 for cell in range(64)]
    assert codes[1, :, 1].tolist() == [cell % 8 for cell in range(64)]


@torch.no_grad()
def test_training_sees_what_comes_back_of_the_codes(tokenizer):
    images = floats(3, 3, 64, 64)
    expected = tokenizer.decode(tokenizer.encode(images))
    assert_close(tokenizer(images).clamp(-1, 1), expected, rtol=0, atol=1e-5)


def test_the_gradient_reaches_the_encoder_through_the_rounding(tokenizer):
    for each in tokenizer.modules():
        if isinstance(each, nn.Conv2d):
            nn.init.normal_(each.weight, std=0.05)
    tokenizer(floats(2, 3, 64, 64)).square().mean().backward()
    assert all(each.grad is not None and each.grad.any() for each in tokenizer.parameters())


@torch.no_grad()
def test_each_picture_is_spelled_by_itself(tokenizer):
    images = floats(3, 3, 64, 64)
    codes = tokenizer.encode(images)
    assert torch.equal(tokenizer.encode(images[[2, 0, 1]]), codes[[2, 0, 1]])


@torch.no_grad()
def test_every_cell_and_both_of_its_codes_matter(tokenizer):
    codes = spelled()
    shown = tokenizer.decode(codes)
    for cell, code in ((0, 0), (63, 1), (29, 0)):
        other = codes.clone()
        other[0, cell, code] = (other[0, cell, code] + 500) % CODES
        changed = (tokenizer.decode(other) - shown).abs().flatten(1).amax(1)
        assert changed[0] > 0
        assert changed[1] == 0


@torch.no_grad()
def test_pictures_end_at_minus_one_and_one(tokenizer):
    tokenizer.decoder = nn.Sequential(nn.Conv2d(8, 192, 1), nn.PixelShuffle(8))
    nn.init.zeros_(tokenizer.decoder[0].weight)
    nn.init.constant_(tokenizer.decoder[0].bias, 7.0)
    assert tokenizer.decode(spelled()).unique().tolist() == [1.0]


@torch.no_grad()
def test_the_shipped_one_brings_pictures_back_and_uses_its_codes():
    shown = pairs(96, 16, split="test").pixels
    tokenizer = load_tokenizer("cpu")
    codes = tokenizer.encode(as_images(shown))
    back = as_pixels(tokenizer.decode(codes)).float()
    assert (back - torch.from_numpy(shown).float()).abs().mean() < 10  # of 255; grey: about 60
    assert len(codes[..., 0].unique()) > 700
