"""The border of the drawn world: distances by hand, and what lies inside."""

from itertools import islice

import numpy as np
import odd_files
import pytest
import torch

from mmcourse import clip
from mmcourse.clip import normalize, preprocess
from mmcourse.data import pairs
from mmcourse.foreign import DIM, SOFT, Border, load_border, textures


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")[0]


def test_distances_are_counted_in_spreads_and_in_units_of_the_edge():
    border = Border(2)
    border.mean.copy_(torch.tensor([1.0, 2.0]))
    border.whiten.copy_(torch.tensor([[0.5, 0.0], [0.0, 2.0]]))
    border.edge.fill_(5.0)
    points = torch.tensor([[1.0, 2.0], [7.0, 2.0], [7.0, 4.0]])
    assert border(points).tolist() == pytest.approx([0.0, 3 / 5, 1.0])


def test_textures_are_means_and_spreads_of_the_stem_and_two_stages(tiny):
    images = pairs(3, 0).images()
    found = textures(tiny, images)
    assert found.shape == (3, DIM)
    stem, first, second = islice(tiny.visual.stages(images), 3)
    by_hand = [
        number
        for places in (stem, first, second)
        for number in (places[1].mean((1, 2)), places[1].flatten(1).std(1))
    ]
    assert torch.allclose(found[1], torch.log(torch.cat(by_hand) + SOFT), atol=1e-6)


def test_the_stages_end_in_the_grid_and_the_last_one(tiny):
    images = pairs(2, 1).images()
    sizes = [tuple(each.shape[1:]) for each in tiny.visual.stages(images)]
    assert sizes == [(16, 16, 16), (64, 16, 16), (128, 8, 8), (256, 4, 4), (512, 2, 2)]
    third = list(tiny.visual.stages(images))[3]
    assert torch.equal(tiny.image_grid(images), third.flatten(2).mT)


def test_drawings_lie_inside_and_noise_outside(tiny):
    border = load_border()
    drawn = border(textures(tiny, pairs(40, 3, split="validation").images()))
    assert (drawn < 1).double().mean() >= 0.9
    noise = odd_files.noise(np.random.default_rng(0), 90, 90, 3)
    plain = np.full((1, 64, 64, 3), 255, dtype=np.uint8)
    assert border(textures(tiny, preprocess(noise, 64)[None])).item() > 1
    assert border(textures(tiny, normalize(plain))).item() > 1


def test_a_picture_is_as_far_out_whatever_stands_beside_it(tiny):
    border, images = load_border(), pairs(5, 4).images()
    together = border(textures(tiny, images))
    alone = torch.cat([border(textures(tiny, each[None])) for each in images])
    assert torch.allclose(together, alone, atol=1e-4)
