"""State dicts in the format that torch had before zip files: equal, and within bounds."""

import pickle
import struct

import pytest
import torch
from torch import nn

from mmcourse.checkpoints import read
from mmcourse.checkpoints.old import MAGIC

BASE = torch.arange(24.0)
STATES = {
    "layers": nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5)).state_dict(),
    "parameters": dict(nn.Linear(3, 5).named_parameters()),
    "views": {"whole": BASE, "turned": BASE.view(4, 6).T, "part": BASE[7:9], "none": BASE[:0]},
    "dtypes": {
        str(dtype): torch.tensor([1, 0, 3]).to(dtype)
        for dtype in (torch.bool, torch.bfloat16, torch.float64, torch.int8, torch.int64)
    },
    "nothing": {},
}


def saved(state, path, *, new=False):
    torch.save(state, path, _use_new_zipfile_serialization=new)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "old.pt"


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("name", STATES)
def test_a_state_dict_is_read_as_torch_reads_it(name, new, path):
    found = read(saved(STATES[name], path, new=new))
    expected = torch.load(path)
    assert found.keys() == expected.keys()
    for key, tensor in expected.items():
        assert (found[key].dtype, found[key].shape) == (tensor.dtype, tensor.shape)
        assert torch.equal(found[key], tensor), key


@pytest.mark.parametrize("new", [False, True])
def test_a_view_that_repeats_its_numbers_is_refused(new, path):
    endless = torch.zeros(4).as_strided((2**20, 2**20), (0, 0))  # 16 bytes for 4 TiB
    saved({"x": endless}, path, new=new)
    assert path.stat().st_size < 3000
    with pytest.raises(ValueError, match=r"shape \(1048576, 1048576\) is more than its stor"):
        read(path)


def pickled(*values):
    return b"".join(pickle.dumps(value, 2) for value in values)


SYSTEM = {"little_endian": True}
STORAGE = (
    b"\x80\x02}X\x01\x00\x00\x00xctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage"
    b"ctorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu%bNtQK\x00K\x02\x85K\x01\x85"
    b"\x89NtRs."
)
TWO = struct.pack("<qff", 2, 3.0, 5.0)
WHOLE = pickled(MAGIC, 1001, SYSTEM) + STORAGE % b"K\x02" + pickled(["0"]) + TWO


def test_a_file_by_hand_is_read(path):
    # the same hand that wrote the bad ones can write a good one
    path.write_bytes(WHOLE)
    assert read(path)["x"].tolist() == [3.0, 5.0]


NEST: tuple = ()
for _ in range(40):  # to compare two of them takes for ever
    NEST = (NEST, NEST)

ODD = {
    "another magic": (WHOLE.replace(pickled(MAGIC), pickled(7)), r"first pickle is of somethi"),
    "another byte order": (
        pickled(MAGIC, 1001, {"little_endian": False}) + WHOLE[len(pickled(MAGIC, 1001)):],
        r"machine with another byte order",
    ),
    "a huge storage": (
        pickled(MAGIC, 1001, SYSTEM) + STORAGE % b"\x8a\x05\0\0\0\0\x10" + pickled(["0"]),
        r"storage 0 is said to hold more than the file",
    ),
    "a storage less than none": (
        pickled(MAGIC, 1001, SYSTEM) + STORAGE % b"J\xff\xff\xff\xff" + pickled(["0"]),
        r"storage 0 is said to hold more than the file",
    ),
    "no storage in the list": (WHOLE.replace(pickled(["0"]), pickled([])), r"list of storages"),
    "a storage twice": (WHOLE.replace(pickled(["0"]), pickled(["0"] * 2)), r"list of storages"),
    "nests for storages": (WHOLE.replace(pickled(["0"]), pickled([NEST] * 2)), r"list of stor"),
    "numbers cut short": (WHOLE[:-1], r"storage 0 is cut short"),
    "another count": (WHOLE[:-16] + struct.pack("<qff", 3, 3, 5), r"storage 0 .* another len"),
    "a call": (WHOLE.replace(b"torch._utils\n_rebuild_tensor_v2", b"os\nsystem"), r"os.system"),
    "nothing more": (pickled(MAGIC), r"none of these"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_a_file_that_does_not_fit_is_refused(what, path):
    content, message = ODD[what]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"read: .* must be safetensors, a state.*{message}"):
        read(path)
