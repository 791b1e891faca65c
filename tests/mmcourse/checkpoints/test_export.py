"""Our models in OpenAI's own package: their loader opens our file, and agrees."""

import warnings

import pytest
import torch
from peers import import_peer
from torch import nn
from torch.testing import assert_close
from twins import SMALL, random_batch, random_clip

from mmcourse import checkpoints, clip


@pytest.fixture(params=SMALL)
def exported(request, tmp_path):
    """Return a model rounded as it is shipped, its export, and a batch."""
    model = random_clip(SMALL[request.param])
    clip.convert_weights(model)
    path = tmp_path / "exported.pt"
    checkpoints.export_openai(model.float(), path)
    return model, path, random_batch(SMALL[request.param])


def test_openai_own_loader_opens_our_file_and_agrees(exported):
    model, path, batch = exported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # they use torch.jit
        theirs, _ = import_peer("clip").load(str(path), device="cpu", jit=False)
    with torch.no_grad():
        for ours, other in (
            (model.encode_image(batch.images), theirs.encode_image(batch.images)),
            (model.encode_text(batch.tokens), theirs.encode_text(batch.tokens)),
        ):
            assert_close(ours, other, rtol=0, atol=1e-5)


def test_torch_jit_opens_our_file_from_an_open_file_as_openai_does(exported):
    model, path, _ = exported
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore", DeprecationWarning)
        state = torch.jit.load(file, map_location="cpu").eval().state_dict()
    assert state.keys() == model.state_dict().keys()
    for name, tensor in model.state_dict().items():
        assert torch.equal(state[name], tensor), name


def test_we_read_what_we_export(exported):
    model, path, _ = exported
    found = checkpoints.read(path)
    assert found.keys() == model.state_dict().keys()
    for name, tensor in model.state_dict().items():
        assert torch.equal(found[name], tensor), name


def test_a_compact_file_is_exported_with_all_rows(tmp_path):
    model = random_clip(SMALL["vit"])
    model.token_embedding = nn.Embedding(3, 5)
    ids = torch.tensor([4, 8, 49407])
    checkpoints.save(model, tmp_path / "a.safetensors", vocabulary=ids)
    checkpoints.export_openai(tmp_path / "a.safetensors", tmp_path / "b.pt")
    rows = checkpoints.read(tmp_path / "b.pt")["token_embedding.weight"]
    assert rows.shape == (49408, 5)
    assert torch.equal(rows[ids], model.token_embedding.weight)


def test_a_shipped_model_is_exported_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr("mmcourse.checkpoints.weights.WEIGHTS", tmp_path)
    path, model = tmp_path / "tiny.safetensors", random_clip(SMALL["vit"])
    checkpoints.save(model, path)
    entry = checkpoints.Entry(
        sha256=checkpoints.sha256(path), command="", seed=1, device="", minutes=0, metrics={}
    )
    checkpoints.write_manifest_entry("tiny", entry)
    checkpoints.export_openai("tiny", tmp_path / "b.pt")
    written = checkpoints.read(tmp_path / "b.pt")
    assert torch.equal(written["text_projection"], model.text_projection)


def test_exporting_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is none at tyni"):
        checkpoints.export_openai("tyni", tmp_path / "b.pt")


def test_a_module_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"export_openai: the folder of b.pt must exist"
    ):
        checkpoints.export_openai(random_clip(SMALL["vit"]), tmp_path / "no" / "b.pt")


def test_what_is_no_clip_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"^export_openai: model must be a CLIP, with ln"):
        checkpoints.export_openai(nn.Linear(1, 1), tmp_path / "b.pt")
    assert not (tmp_path / "b.pt").exists()
