"""A long training keeps its curve and its weights early on, goes on, and ships both rounded."""

from dataclasses import dataclass

import long_training
import pytest
import torch
from safetensors.torch import load_file
from torch import nn


@dataclass(frozen=True)
class Recipe:
    steps: int = 7
    halfway: int = 3
    lr: float = 0.1
    muon_lr: float | None = None
    seed: int = 5


def made():
    torch.manual_seed(1)
    return nn.Linear(3, 2)


def trained(folder, recipe, *, cut=None):
    """Train in a folder; with `cut`, a step that fails, and then again to the end."""
    cuts = [cut]

    def loss_at(step):
        if step in cuts:
            cuts.remove(step)
            raise KeyboardInterrupt
        generator = torch.Generator().manual_seed(step)
        return (model(torch.randn(5, 3, generator=generator)) - 1).square().mean()

    def look():
        assert not model.training
        assert not torch.is_grad_enabled()
        return {"right": 1 / 3, "n": 4}

    for _ in range(1 if cut is None else 2):
        model = made()
        try:
            long_training.train(model, recipe, loss_at, folder / "one", every=2, look=look)
        except KeyboardInterrupt:
            continue
    return model


def test_a_curve_has_a_head_and_a_point_for_every_few_steps_and_the_last(tmp_path, capsys):
    trained(tmp_path, Recipe())
    head, *points = (tmp_path / "one.csv").read_text().splitlines()
    assert head == "step,minutes,right,n"
    assert [point.split(",")[0] for point in points] == ["2", "4", "6", "7"]
    assert all(point.endswith("0.3333,4") for point in points)
    assert "step 7, minutes " in capsys.readouterr().out
    assert float((tmp_path / "one.seconds").read_text()) >= 0


def test_weights_halfway_are_those_of_a_training_that_stands_there(tmp_path):
    seen = {}
    whole = tmp_path / "whole"
    whole.mkdir()
    model = trained(whole, Recipe())
    early = load_file(whole / "one.half.safetensors")
    steps = iter(range(1, 8))

    def watched(step):
        if step == 3:  # three steps are done
            seen.update({name: each.clone() for name, each in other.state_dict().items()})
        next(steps)
        generator = torch.Generator().manual_seed(step)
        return (other(torch.randn(5, 3, generator=generator)) - 1).square().mean()

    other = made()
    long_training.train(other, Recipe(halfway=0), watched, tmp_path / "b", every=2, look=dict)
    assert all(torch.equal(early[name], seen[name]) for name in early)
    assert not (tmp_path / "b.half.safetensors").exists()
    assert torch.equal(model.weight, other.weight)
    assert not torch.equal(early["weight"], model.weight)


def test_a_training_that_was_cut_off_ends_at_the_same_weights(tmp_path):
    for name in ("whole", "cut"):
        (tmp_path / name).mkdir()
    whole = trained(tmp_path / "whole", Recipe())
    cut = trained(tmp_path / "cut", Recipe(), cut=5)
    assert torch.equal(whole.weight, cut.weight)
    early = [load_file(tmp_path / name / "one.half.safetensors") for name in ("whole", "cut")]
    assert torch.equal(early[0]["weight"], early[1]["weight"])


@pytest.mark.parametrize("halfway", [0, 3])
def test_what_is_shipped_is_rounded_measured_so_and_told_its_share_of_the_time(
    tmp_path, monkeypatch, halfway
):
    shipped = []
    monkeypatch.setattr(long_training, "ship", lambda *told: shipped.append(told))
    recipe = Recipe(halfway=halfway)
    model = trained(tmp_path, recipe)
    (tmp_path / "one.seconds").write_text("420.0")

    def measure(one):
        assert torch.equal(one.weight, one.weight.half().float())
        assert not one.training
        return {"sum": (one.weight.sum().item(), 6)}

    long_training.finish("one", model, recipe, tmp_path / "one", make=made, measure=measure)
    assert [one[0] for one in shipped] == ["one", "one-halfway"][: 2 if halfway else 1]
    assert [one[2] for one in shipped] == [5, 5][: len(shipped)]
    assert [one[3] for one in shipped] == pytest.approx([7.0, 3.0][: len(shipped)])
    sums = [one[1].weight.sum().item() for one in shipped]
    assert [one[4]["sum"][0] for one in shipped] == sums
    assert len(set(sums)) == len(sums), "each has weights of its own"
