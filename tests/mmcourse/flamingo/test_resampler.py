import torch
from torch.testing import assert_close

from mmcourse.flamingo import Resampler


def resampler():
    torch.manual_seed(0)
    return Resampler(dim=5, places=7, width=12, latents=3).double()


def test_however_many_places_there_are_the_latents_come_out():
    assert resampler()(torch.randn(2, 7, 5, dtype=torch.float64)).shape == (2, 3, 12)


def test_places_are_told_apart():
    model, grid = resampler(), torch.randn(1, 7, 5, dtype=torch.float64)
    assert (model(grid.flip(1)) - model(grid)).abs().max() > 1e-6


def test_without_their_embedding_places_are_a_set():
    model, grid = resampler(), torch.randn(1, 7, 5, dtype=torch.float64)
    model.place_embedding.data.zero_()
    assert_close(model(grid.flip(1)), model(grid))


def test_every_place_counts():
    model, grid = resampler(), torch.randn(1, 7, 5, dtype=torch.float64)
    for place in range(7):
        other = grid.clone()
        other[:, place] = 0
        assert (model(other) - model(grid)).abs().max() > 1e-9


def test_pictures_do_not_mix():
    model, grid = resampler(), torch.randn(3, 7, 5, dtype=torch.float64)
    assert_close(model(grid)[1:2], model(grid[1:2]))
