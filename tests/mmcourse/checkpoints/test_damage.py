"""Damaged files of weights, at random: whatever is wrong, it is said in our words, at once."""

import io
import random
import warnings
import zipfile

import pytest
import torch
from torch import nn

from mmcourse.checkpoints import read, save

TRIES = 350
MOST_SAID = 800
MOST_READ = 2_000_000
"""Bytes; 49,408 rows of 7 numbers where a file's word on its vocabulary is lost."""


class Kept(nn.Module):
    """A module with all that a file of weights may hold: tensors, scalars, rows left out."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5))
        self.token_embedding = nn.Embedding.from_pretrained(torch.eye(7).cumsum(0) - 1)

    def forward(self, x):
        return self.inner(x)


def formats(folder):
    """Yield each kind of file that can be read."""
    model, path = Kept(), folder / "whole"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is deprecated
        torch.jit.script(model.inner).save(str(path))
    yield path.read_bytes()
    for new in (True, False):
        torch.save(model.state_dict(), path, _use_new_zipfile_serialization=new)
        yield path.read_bytes()
    save(model, path)
    yield path.read_bytes()


def damaged(content, chosen):
    """Return bytes with some changed, or a piece cut out, cut off, doubled or put elsewhere."""
    start, end = sorted(chosen.randrange(len(content)) for _ in "ab")
    match chosen.randrange(8):
        case 0:
            return content[:start]
        case 1:
            return content[:start] + content[start + chosen.randint(1, 8) :]
        case 2:
            return content[:start] + chosen.randbytes(chosen.randint(1, 8)) + content[start:]
        case 3:
            piece = content[end : end + chosen.randint(1, 32)]
            return content[:start] + piece + content[start + len(piece) :]
    changed = bytearray(content)
    for _ in range(chosen.choice((1, 1, 2, 4, 16))):
        changed[chosen.randrange(len(changed))] = chosen.choice((chosen.randrange(256), 0, 255))
    return bytes(changed)


def repacked(content, chosen):
    """Return a zip file whose pickle is damaged, and whose sums agree with that."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            record = old.read(name)
            new.writestr(name, damaged(record, chosen) if name.endswith("data.pkl") else record)
    return changed.getvalue()


def told(path):
    """Return what a file holds, or what is said of it."""
    try:
        return read(path)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("kind", "change"),
    [(0, damaged), (1, damaged), (2, damaged), (3, damaged), (0, repacked), (1, repacked)],
    ids=["archive", "state", "old", "safetensors", "archive's pickle", "state's pickle"],
)
def test_whatever_is_wrong_is_said_in_our_words(kind, change, tmp_path):
    content = list(formats(tmp_path))[kind]
    chosen, path = random.Random(kind), tmp_path / "damaged"
    for _ in range(TRIES):
        path.write_bytes(change(content, chosen))
        found = told(path)
        if isinstance(found, str):
            assert found.startswith("read: ")
            assert len(found) < MOST_SAID
        else:  # some bytes say nothing of the tensors
            assert all(isinstance(tensor, torch.Tensor) for tensor in found.values())
            assert sum(tensor.nbytes for tensor in found.values()) < MOST_READ
