"""Pickles looked at before they are run: what torch writes passes, and what costs does not."""

import io
import pickle
import tracemalloc
import zipfile

import pytest
import torch
from torch import nn

from mmcourse.checkpoints.scan import check

START = b"\x80\x02"
TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n"
TENSORS = TENSOR + b")R"
ORDERED = b"ccollections\nOrderedDict\n)R"
MODULE = b"c__torch__\nM\n)\x81"
NAME = b"X\x01\x00\x00\x00x"
NEST = b"K\x01\x85" + b"q\x00h\x00\x86" * 200  # (1,), then pairs of itself: 2²⁰⁰ ones


def checked(content):
    check(io.BytesIO(START + content))


def written(value, **how):
    """Return the pickle in what `torch.save` writes."""
    content = io.BytesIO()
    torch.save(value, content, **how)
    with zipfile.ZipFile(content) as file:
        return file.read("archive/data.pkl")


@pytest.mark.parametrize(
    "value",
    [
        nn.BatchNorm1d(3).state_dict(),
        dict(nn.Linear(3, 5).named_parameters()),
        {"none": torch.zeros(0, 3), "turned": torch.zeros(5, 3).T, "one": torch.tensor(True)},
        {"epoch": 7, "loss": [0.5, -1e9], "best": None, "names": ("a", "é" * 300)},
        {},
    ],
    ids=["state", "parameters", "views", "run", "nothing"],
)
def test_what_torch_writes_passes(value):
    check(io.BytesIO(written(value)))


def test_what_follows_is_left_unread():
    stream = io.BytesIO(START + b"N.rest")
    check(stream)
    assert stream.read() == b"rest"


ODD = {
    "sets items of a tensor": (TENSORS + b"K\x00K\x00s.", r"sets items of .*_v2\(\)"),
    "sets items of a module": (MODULE + NAME + b"Ns.", r"sets items of __torch__\(\)"),
    "appends to a dict": (b"}Na.", r"appends to EMPTY_DICT"),
    "appends to a module": (MODULE + b"(NNe.", r"appends to __torch__\(\)"),
    "builds a tensor": (TENSORS + b"(K\x00tb.", r"builds torch._utils._rebuild_tensor_v2\(\)"),
    "builds a function": (TENSOR + b"N}\x86b.", r"builds torch._utils._rebuild_tensor_v2,"),
    "builds a dict": (b"}}b.", r"builds EMPTY_DICT"),
    "calls a dtype": (b"ctorch\nFloatStorage\n)R.", r"calls torch.FloatStorage,"),
    "calls a tensor": (TENSORS + b")R.", r"calls torch._utils._rebuild_tensor_v2\(\),"),
    "calls a word": (NAME + b")R.", r"calls BINUNICODE"),
    "fills a dict at once": (ORDERED[:-2] + b"]" + NEST + b"a\x85R.", r"that is not empty"),
    "copies a dict": (ORDERED[:-2] + b"}\x85R.", r"OrderedDict that is not empty"),
    "makes another dict": (b"ccollections\nOrderedDict\n)\x81.", r"an object of coll"),
    "has a nest for a key": (b"}" + NEST + b"Ns.", r"a key that is neither"),
    "has a nest for one key": (b"}(" + NAME + b"N" + NEST + b"Nu.", r"a key that is neither"),
    "has a recalled nest for a key": (NEST + b"}h\x00Ns.", r"a key that is neither"),
    "has a tensor for a key": (ORDERED + TENSORS + b"Ns.", r"a key that is neither"),
    "has a deep nest for a key": (b"})" + b"\x85" * 5_000 + b"Ns.", r"a key that is neither"),
    "pops beyond a mark": (b"NN(\x86.", r"pop from empty list"),
    "remembers what lies beyond a mark": (b"N(q\x00.", r"out of range"),
    "recalls what it never stored": (b"h\x07.", r"out of range"),
    "remembers out of order": (b"Nq\x01.", r"in place 1 before"),
    "asks for a huge memo": (b"Nr\xff\xff\xff\x0f.", r"in place 268435455 before"),
    "says a huge word": (b"X\xff\xff\xff\x7fx.", r"expected 2147483647 bytes"),
    "holds huge bytes": (b"\x8e" + b"\xff" * 7 + b"\x7fx.", r"expected 9223372036854775807"),
    "holds a huge number": (b"\x8b\xff\xff\xff\x7fx.", r"."),
    "has a frame": (b"\x95" + b"\xff" * 8 + b".", r"uses FRAME"),
    "takes back": (b"N0.", r"uses POP"),
    "names a list's own": (b"cbuiltins\nlist\n.", r"asks for builtins.list"),
    "has a name without end": (b"c" + b"x" * 9999 + b"\ny\n.", r"asks for x{80}.y, which"),
    "never stops": (b"N", r"exhausted before seeing STOP"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_what_torch_never_does_is_refused_with_no_memory_taken(what):
    content, message = ODD[what]
    tracemalloc.start()
    with pytest.raises((ValueError, LookupError), match=message):
        checked(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_pickle_that_goes_on_and_on_is_refused(monkeypatch):
    monkeypatch.setattr("mmcourse.checkpoints.scan.MOST_BYTES", 1_000)
    checked(b"N" * 990 + b".")
    with pytest.raises(ValueError, match=r"more than 1,000 bytes"):
        checked(b"N" * 9_000 + b".")


@pytest.mark.parametrize("protocol", [0, 1, 3, 4, 5])
def test_protocols_that_torch_does_not_write_are_refused(protocol):
    content = pickle.dumps({"a": (b"x" * 300, {1.5})}, protocol)
    with pytest.raises(ValueError, match=r"which torch never writes|asks for"):
        check(io.BytesIO(content))
