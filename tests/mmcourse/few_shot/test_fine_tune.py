import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.testing import assert_close
from twins import SMALL, random_clip

from mmcourse.few_shot import ImageClassifier, LinearProbe, add_lora, fine_tune, linear_probe
from mmcourse.similarity import unit

LABELS = torch.arange(3).repeat(4)


def towers():
    return {name: random_clip(config).visual for name, config in SMALL.items()}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(tower):
    """Return noise around one colour a class."""
    side = tower.input_resolution
    noise = torch.randn(12, 3, side, side, generator=seeded())
    return noise + torch.eye(3)[LABELS][:, :, None, None]


def head(dim=24):
    return LinearProbe(torch.randn(dim, 3, generator=seeded(1)), torch.zeros(3))


def tuned(tower, start=None, **knobs):
    knobs = {"steps": 5, "batch": 7, "lr": 1e-2, **knobs}
    generator = knobs.pop("generator", None) or seeded()
    start = start or head()
    return fine_tune(tower, start, pictures(tower), LABELS, generator=generator, **knobs)


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", SMALL)
def test_the_loss_falls_and_every_weight_moves(name):
    tower = towers()[name]
    before = ImageClassifier(tower, head())
    after = tuned(tower)
    images = pictures(tower)
    losses = [F.cross_entropy(each(images), LABELS) for each in (before, after)]
    assert losses[1] < losses[0]
    first = dict(before.named_parameters())
    assert [
        key for key, each in after.named_parameters() if torch.equal(each, first[key])
    ] == []


@pytest.mark.parametrize("name", SMALL)
def test_tower_and_head_stay_as_they_were(name):
    tower, start = towers()[name].train(), head()
    state, modes = (
        copy.deepcopy(tower.state_dict()),
        [each.training for each in tower.modules()],
    )
    weight = start.weight.clone()
    tuned(tower, start)
    assert same(state, tower.state_dict())
    assert modes == [each.training for each in tower.modules()]
    assert torch.equal(start.weight, weight)
    assert all(each.requires_grad and each.grad is None for each in tower.parameters())


def test_statistics_of_batch_norms_are_those_of_before():
    tower = towers()["resnet"]
    before, after = tower.state_dict(), tuned(tower).tower.state_dict()
    kept = [name for name in before if "running" in name or "num_batches" in name]
    assert len(kept) > 30
    assert all(torch.equal(before[name], after[name]) for name in kept)


def test_before_its_first_step_it_answers_as_the_head_on_directions():
    tower, start = towers()["vit"], head()
    images = pictures(tower)
    expected = unit(tower(images)) @ start.weight + start.bias
    assert_close(ImageClassifier(tower, start)(images), expected)


def test_equal_seeds_give_equal_weights_and_others_do_not():
    tower = towers()["vit"]
    one, same_seed, other = (
        tuned(tower, generator=seeded(seed)).state_dict() for seed in (3, 3, 4)
    )
    assert same(one, same_seed)
    assert not same(one, other)


def test_a_frozen_tower_leaves_only_the_head_to_learn():
    tower = towers()["vit"].requires_grad_(requires_grad=False)
    after = tuned(tower)
    assert same(tower.state_dict(), after.tower.state_dict())
    assert not torch.equal(after.weight, head().weight)


def test_of_a_corrected_tower_only_the_corrections_learn():
    tower = add_lora(towers()["vit"], 2, 4.0, generator=seeded())
    before, after = tower.state_dict(), tuned(tower).tower.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved == {name for name in before if name.endswith((".a", ".b"))}


def test_a_probe_as_head_starts_nearer_than_the_texts():
    tower = towers()["vit"]
    images = pictures(tower)
    with torch.no_grad():
        probe = linear_probe(unit(tower(images)), LABELS, l2=0.01)
    losses = [
        F.cross_entropy(ImageClassifier(tower, each)(images), LABELS)
        for each in (head(), probe)
    ]
    assert losses[1] < losses[0]
    tuned(tower, probe)


def test_fewer_pictures_than_a_batch_are_all_taken():
    images, labels = torch.eye(3)[:, :, None, None], torch.tensor([2, 0, 1])
    start = LinearProbe(torch.zeros(3, 3), torch.zeros(3))
    found = [
        fine_tune(nn.Flatten(), start, images, labels, steps=3, batch=n, generator=seeded())
        for n in (3, 1000)
    ]
    assert_close(found[0].weight, found[1].weight)
