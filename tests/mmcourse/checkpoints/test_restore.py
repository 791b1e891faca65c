"""Weights put back into a module: of its class, of its sizes, and of no other."""

import pytest
import torch
from good_calls import layer, tiny, tiny_config
from torch import nn

from mmcourse import checkpoints, clip
from mmcourse.checkpoints import restore, weights


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Return the folder of the shipped models, with one layer in it, in half precision."""
    monkeypatch.setattr(weights, "WEIGHTS", tmp_path)
    put(tmp_path, "line", layer().half())
    return tmp_path


def put(shelf, name, module, model=None):
    path = shelf / f"{name}.safetensors"
    checkpoints.save(module, path)
    entry = checkpoints.Entry(
        sha256=checkpoints.sha256(path),
        command="c",
        seed=0,
        device="cpu",
        minutes=1.0,
        metrics={},
        model=model or type(module).__name__,
    )
    checkpoints.write_manifest_entry(name, entry)


def test_the_module_itself_gets_the_weights_in_float32_ready_to_be_asked(shelf):
    module = nn.Linear(3, 2).train()
    found = restore(module, "line")
    assert found is module
    assert not found.training
    for name, tensor in layer().half().state_dict().items():
        assert found.state_dict()[name].dtype == torch.float32
        assert torch.equal(found.state_dict()[name], tensor.float())


def test_a_shipped_clip_is_restored_as_it_is_loaded():
    model = restore(clip.CLIP(tiny_config()), "tiny")
    expected = tiny()[0].state_dict()
    assert all(torch.equal(model.state_dict()[name], expected[name]) for name in expected)


def test_a_model_of_another_class_is_refused_though_its_name_is_known(shelf):
    put(shelf, "square", layer(nn.Bilinear, 2, 2, 2))
    with pytest.raises(
        ValueError, match=r"^restore: .* a shipped Linear, one of line; got 'sq"
    ):
        restore(nn.Linear(3, 2), "square")


def test_an_unknown_name_is_refused_with_those_of_its_class(shelf):
    put(shelf, "curve", layer())
    with pytest.raises(ValueError, match=r"one of curve, line; got 'lime'\.$"):
        restore(nn.Linear(3, 2), "lime")


def test_where_none_of_a_class_is_shipped_that_is_said(shelf):
    with pytest.raises(ValueError, match=r"a shipped Flatten, one of \(none\); got 'line'\.$"):
        restore(nn.Flatten(), "line")


@pytest.mark.parametrize("module", [nn.Linear(3, 3), nn.Linear(3, 2, bias=False)])
def test_other_sizes_are_refused(shelf, module):
    with pytest.raises(ValueError, match=r"^restore: module must have the sizes of line; got"):
        restore(module, "line")


def test_a_changed_file_is_refused(shelf):
    checkpoints.save(nn.Linear(3, 2), shelf / "line.safetensors")
    with pytest.raises(ValueError, match=r"^shipped: .* must have the SHA-256"):
        restore(nn.Linear(3, 2), "line")


def test_a_missing_file_is_refused(shelf):
    (shelf / "line.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"^shipped: expected .* it is missing"):
        restore(nn.Linear(3, 2), "line")
