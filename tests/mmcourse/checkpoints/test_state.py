"""Weights in files: what is saved comes back, and what cannot be read is named."""

import os
import pickle

import pytest
import torch
from safetensors import torch as safetensors
from torch import nn
from twins import SMALL, random_clip

from mmcourse import checkpoints
from mmcourse.checkpoints import Entry, known_tokens, manifest, read, save, sha256, shipped
from mmcourse.clip import convert_weights


@pytest.fixture
def model():
    return random_clip(SMALL["resnet"])


def same(found, expected):
    """Return whether two states hold the same tensors, dtypes included."""
    return found.keys() == expected.keys() and all(
        found[name].dtype == tensor.dtype and torch.equal(found[name], tensor)
        for name, tensor in expected.items()
    )


def test_what_is_saved_is_read(model, tmp_path):
    convert_weights(model, torch.float16)  # so that several dtypes are among it
    save(model, tmp_path / "a.safetensors")
    assert same(read(tmp_path / "a.safetensors"), model.state_dict())


def test_memory_format_leaves_no_trace_in_a_file(model, tmp_path):
    save(model, tmp_path / "a")
    save(model.to(memory_format=torch.channels_last), tmp_path / "b")
    assert sha256(tmp_path / "a") == sha256(tmp_path / "b")


def test_any_module_can_be_saved(tmp_path):
    layer = nn.Linear(3, 5)
    save(layer, tmp_path / "layer")
    assert same(read(tmp_path / "layer"), layer.state_dict())


def test_weights_that_are_tied_are_saved_twice(tmp_path):
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = model[0].weight
    save(model, tmp_path / "tied")
    assert same(read(tmp_path / "tied"), model.state_dict())


def test_a_state_dict_written_by_torch_is_read(model, tmp_path):
    for new in (True, False):
        path = tmp_path / f"{new}.pt"
        torch.save(model.state_dict(), path, _use_new_zipfile_serialization=new)
        assert same(read(path), model.state_dict())


def test_rows_of_a_compact_vocabulary_return_to_their_places(tmp_path):
    model = nn.Module()
    model.token_embedding = nn.Embedding.from_pretrained(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    save(model, tmp_path / "a", vocabulary=torch.tensor([7, 49407]))
    found = read(tmp_path / "a")
    assert found.keys() == {"token_embedding.weight"}
    rows = found["token_embedding.weight"]
    assert rows.shape == (49408, 2)
    assert rows[7].tolist() == [1.0, 2.0]
    assert rows[49407].tolist() == [3.0, 4.0]
    assert rows.count_nonzero() == 4


def test_rows_that_are_zero_are_left_out_and_read_again(model, tmp_path):
    save(model, tmp_path / "whole")
    with torch.no_grad():
        model.token_embedding.weight[5:] = 0
    save(model, tmp_path / "compact")
    assert same(read(tmp_path / "compact"), model.state_dict())
    saved = (tmp_path / "whole").stat().st_size - (tmp_path / "compact").stat().st_size
    assert saved > 30 * 64 * 4  # of 32 rows, 64 numbers, 4 bytes; the ids cost some
    assert known_tokens(model).tolist() == [0, 1, 2, 3, 4]


def test_a_compact_file_saved_again_is_the_same_file(model, tmp_path):
    with torch.no_grad():
        model.token_embedding.weight[[0, 9, 20]] = 0
    save(model, tmp_path / "a")
    other = random_clip(SMALL["resnet"], seed=5)
    other.load_state_dict(read(tmp_path / "a"))
    save(other, tmp_path / "b")
    assert sha256(tmp_path / "a") == sha256(tmp_path / "b")


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (torch.arange(36), r"one id for each row of token_embedding; got shape \(36,\) for 37"),
        (torch.arange(37).flip(0), r"must rise from 0 to at most 49407; got \[36, 35"),
        (torch.arange(37) // 2, r"must rise"),
        (torch.arange(37) - 1, r"must rise"),
        (torch.arange(49372, 49409), r"must rise"),
    ],
)
def test_a_vocabulary_that_does_not_fit_is_refused(vocabulary, message, model, tmp_path):
    with pytest.raises(ValueError, match=message):
        save(model, tmp_path / "a", vocabulary=vocabulary)
    assert not list(tmp_path.iterdir())


def test_a_model_without_tokens_has_no_known_ones():
    with pytest.raises(ValueError, match=r"must have token_embedding.weight; got Linear"):
        known_tokens(nn.Linear(1, 1))


def test_an_embedding_that_a_few_rows_make_huge_is_refused(tmp_path):
    rows = {"token_embedding.weight": torch.ones(1, 300), "token_embedding.ids": torch.ones(1)}
    rows["token_embedding.ids"] = rows["token_embedding.ids"].long()
    safetensors.save_file(rows, tmp_path / "a", {"vocab_size": "1000000"})
    with pytest.raises(ValueError, match=r"at most 1,073,741,824 bytes; got 1,000,000 rows of"):
        read(tmp_path / "a")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "é" * 200])
def test_a_name_that_no_file_can_have_is_no_file(name):
    with pytest.raises(FileNotFoundError, match=r"read: expected a file of weights; there"):
        read(name)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is none at .*nothing.pt"):
        read(tmp_path / "nothing.pt")
    with pytest.raises(FileNotFoundError, match=r"there is none at"):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\x80\x02.", b"\0" * 99])
def test_what_is_no_file_of_weights_is_refused(content, tmp_path):
    path = tmp_path / "a.pt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a.pt must be (safetensors, a state|a whole Torch)"):
        read(path)


def test_a_pickle_that_asks_for_more_than_tensors_is_refused(tmp_path):
    path = tmp_path / "a.pt"
    path.write_bytes(pickle.dumps(os.getcwd, 2))
    with pytest.raises(
        ValueError, match=r"asks for posix.getcwd, which .*; save model.state_dict"
    ) as told:
        read(path)
    assert "weights_only" not in str(told.value)  # nobody is told how to run it all the same


def test_a_whole_training_run_is_refused_with_what_to_do(model, tmp_path):
    torch.save({"model": model.state_dict(), "losses": [1.0]}, tmp_path / "run.pt")
    with pytest.raises(ValueError, match=r"got \['model', 'losses'\]; .*take it out"):
        read(tmp_path / "run.pt")


def test_a_list_of_tensors_is_refused(tmp_path):
    torch.save([torch.zeros(1)], tmp_path / "list.pt")
    with pytest.raises(ValueError, match=r"tensors by name and nothing else; got list"):
        read(tmp_path / "list.pt")


def test_safetensors_cut_off_anywhere_are_refused(model, tmp_path):
    save(model, tmp_path / "a")
    content, path = (tmp_path / "a").read_bytes(), tmp_path / "b"
    for size in (1, 8, 9, 500, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:size])
        with pytest.raises(ValueError, match=r"read: .*b (is damaged|must be safetensors)"):
            read(path)


def test_ids_that_do_not_fit_their_rows_are_refused(tmp_path):
    from safetensors.torch import save_file

    rows = torch.ones(2, 3)
    for number, ids in enumerate([[1], [1, 49408], [-1, 2]]):
        state = {"token_embedding.weight": rows, "token_embedding.ids": torch.tensor(ids)}
        save_file(state, tmp_path / f"{number}")
        with pytest.raises(ValueError, match=r"one id below 49408 for each row"):
            read(tmp_path / f"{number}")


def test_a_place_that_cannot_be_written_is_named(model, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"save: the folder of a must .* got .*no; "):
        save(model, tmp_path / "no" / "a")


ENTRY = Entry(
    sha256="0" * 64,
    command='python scripts/train_weights.py tiny "é😀"',
    seed=1,
    device="2 cores",
    minutes=71.5,
    metrics={"kind": (0.981, 1000), "image to text R@1": (0.5, 256)},
)


class TestManifest:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr("mmcourse.checkpoints.weights.WEIGHTS", tmp_path / "weights")
        return tmp_path / "weights"

    def test_without_a_manifest_no_model_is_shipped(self):
        assert manifest() == {}
        with pytest.raises(ValueError, match=r"one of \(none is shipped yet\); got 'tiny'"):
            shipped("tiny")

    def test_what_is_written_is_read(self):
        checkpoints.write_manifest_entry("tiny", ENTRY)
        assert manifest() == {"tiny": ENTRY}

    def test_other_models_are_kept_and_names_sorted(self):
        for name in ("tiny-vit", "tiny", "tiny-vit"):
            checkpoints.write_manifest_entry(name, ENTRY)
        assert list(manifest()) == ["tiny", "tiny-vit"]

    def test_the_order_of_metrics_does_not_change_the_file(self, folder):
        checkpoints.write_manifest_entry("tiny", ENTRY)
        before = (folder / "manifest.toml").read_bytes()
        turned = dict(reversed(ENTRY.metrics.items()))
        entry = Entry(**{**vars(ENTRY), "metrics": turned})
        checkpoints.write_manifest_entry("tiny", entry)
        assert (folder / "manifest.toml").read_bytes() == before

    @pytest.mark.parametrize(
        "text",
        [
            "[tiny",
            "tiny = 1",
            "[tiny]\nseed = 1",
            "\ufeff[tiny]",
            "[tiny]\nmetrics = 'x'",
            "[tiny]\nmetrics = {kind = 0.5}",
            "[tiny]\nmetrics = {kind = [0.5, inf]}",
            f"tiny = {'[' * 5000}",
            f"[tiny]\nmetrics = {{kind = ['{'x' * 9999}', 1]}}",
        ],
        ids=range(9),
    )
    def test_a_damaged_manifest_is_named(self, text, folder):
        folder.mkdir()
        (folder / "manifest.toml").write_text(text, encoding="utf-8")
        with pytest.raises(
            ValueError, match=r"manifest: .* must have a table.* got one where .*; install"
        ) as told:
            manifest()
        assert len(str(told.value)) < 800

    def test_a_shipped_file_is_checked_before_use(self, folder):
        folder.mkdir()
        (folder / "tiny.safetensors").write_bytes(b"abc")
        # FIPS 180-4's own example
        right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        entry = Entry(**{**vars(ENTRY), "sha256": right})
        checkpoints.write_manifest_entry("tiny", entry)
        assert shipped("tiny") == folder / "tiny.safetensors"
        (folder / "tiny.safetensors").write_bytes(b"abd")
        with pytest.raises(ValueError, match=rf"must have the SHA-256 {right}; got \w+; "):
            shipped("tiny")

    def test_a_shipped_file_that_is_missing_is_named(self):
        checkpoints.write_manifest_entry("tiny", ENTRY)
        with pytest.raises(
            FileNotFoundError, match=r"expected .*tiny.safetensors; it is missing"
        ):
            shipped("tiny")


@pytest.mark.parametrize(
    ("ids", "tokens"),
    [
        (torch.tensor([1, 1]), "9"),
        (torch.tensor([1.0, 2.5]), "9"),
        (torch.tensor([[1], [2]]), "9"),
        (torch.tensor(1), "9"),
        (torch.tensor([1, 2]), "many"),
        (torch.tensor([1, 2]), "9" * 5000),
        (torch.tensor([1, 2]), "-9"),
    ],
    ids=["twice", "floats", "two axes", "no axis", "no number", "too large", "negative"],
)
def test_ids_and_sizes_that_are_none_are_refused(ids, tokens, tmp_path):
    state = {"token_embedding.weight": torch.ones(2, 3), "token_embedding.ids": ids}
    safetensors.save_file(state, tmp_path / "odd.safetensors", {"vocab_size": tokens})
    with pytest.raises(ValueError, match=r"read: .* must hold one id below .*, rising; got"):
        read(tmp_path / "odd.safetensors")


def test_tensors_without_names_are_refused(tmp_path):
    torch.save({1: torch.ones(2)}, tmp_path / "numbered.pt")
    with pytest.raises(
        ValueError, match=r"must hold tensors by name and nothing else; got \[1\]"
    ):
        read(tmp_path / "numbered.pt")


def test_weights_among_what_training_goes_on_from_are_found(tmp_path):
    weights = {"logit_scale": torch.tensor(2.0)}
    whole = {"epoch": 3, "name": "run", "state_dict": weights, "optimizer": {"lr": 0.1}}
    torch.save(whole, tmp_path / "epoch_3.pt")
    assert read(tmp_path / "epoch_3.pt") == weights
