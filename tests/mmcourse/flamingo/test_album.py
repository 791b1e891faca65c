import numpy as np
import pytest
import torch

from mmcourse.data import sample_scenes
from mmcourse.flamingo import Album


@pytest.fixture(scope="module")
def album():
    rng = np.random.default_rng(0)
    scenes = sample_scenes(60, rng, n_objects=1, kinds=["cat", "car"], colours=["red", "blue"])
    grids = torch.arange(60.0)[:, None, None].expand(60, 3, 5).half()
    return Album(grids, scenes)


def test_a_picked_picture_shows_the_thing(album):
    rng, things = np.random.default_rng(1), [("cat", "red"), ("car", "blue"), ("cat", "red")]
    for _ in range(20):
        assert [album.things[row] for row in album.pick(things, rng)] == things


def test_every_picture_of_a_thing_is_picked_sometimes(album):
    rng = np.random.default_rng(2)
    rows = {album.pick([("cat", "blue")], rng)[0] for _ in range(300)}
    assert sorted(rows) == album.rows["cat", "blue"]
    assert len(rows) == album.count(("cat", "blue")) > 3


def test_shown_are_the_grids_of_the_rows(album):
    shown = album.show([[3, 5], [7, 3]])
    assert shown.dtype == torch.float32
    assert shown[..., 0, 0].tolist() == [[3, 5], [7, 3]]


def test_asking_for_a_thing_does_not_add_it(album):
    assert album.count(("dog", "red")) == 0
    with pytest.raises(ValueError, match="there is none of"):
        album.pick([("dog", "red")], np.random.default_rng(0))
    assert ("dog", "red") not in album.rows


def test_scenes_of_two_things_are_refused():
    scenes = sample_scenes(1, np.random.default_rng(0), n_objects=2)
    with pytest.raises(ValueError, match="a scene of one thing for each grid"):
        Album(torch.zeros(1, 3, 5), scenes)
