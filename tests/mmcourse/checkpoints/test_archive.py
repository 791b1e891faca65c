"""TorchScript archives read without torch.jit: whole, exact, and whatever they ask for."""

import io
import os
import pickle
import random
import re
import struct
import tracemalloc
import warnings
import zipfile

import pytest
import torch
from peers import import_peer
from torch import nn
from torch.testing import assert_close
from twins import SMALL, random_batch, random_clip

from mmcourse import clip
from mmcourse.checkpoints import read
from mmcourse.checkpoints.archive import read_archive


def scripted(module, path, example=None):
    """Write a module as an archive, as torch itself does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is deprecated, and traces warn of branches
        if example is None:
            torch.jit.script(module).save(str(path))
        else:
            torch.jit.trace(module, example, check_trace=False).save(str(path))
    return path


def holder(**tensors):
    """Return a module that holds these tensors and nothing else."""
    module = nn.Module()
    for name, tensor in tensors.items():
        module.register_buffer(name, tensor)
    return module


def rewritten(source, target, **records):
    """Copy an archive with some records replaced; None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        folder = old.namelist()[0].split("/")[0]
        for name in old.namelist():
            short = name.removeprefix(f"{folder}/")
            content = records.pop(short, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in records.items():
            if content is not None:
                new.writestr(f"{folder}/{name}", content)
    return target


@pytest.fixture
def archive(tmp_path):
    return scripted(holder(weight=torch.arange(6.0).reshape(2, 3)), tmp_path / "m.pt")


def disguised(archive, content):
    """Return the archive with this pickle in place of its own."""
    return rewritten(archive, archive.with_name("evil.pt"), **{"data.pkl": content})


@pytest.mark.parametrize("tower", SMALL)
def test_archives_of_openai_own_model_open(tower, tmp_path):
    config, batch = SMALL[tower], random_batch(SMALL[tower])
    ours = random_clip(config)
    theirs = import_peer("clip.model").build_model(dict(ours.state_dict())).float()
    for name in ("input_resolution", "context_length", "vocab_size"):
        if hasattr(theirs, name):
            delattr(theirs, name)
        theirs.register_buffer(name, torch.tensor(7))  # as in the released files
    path = scripted(theirs, tmp_path / "traced.pt", (batch.images, batch.tokens))
    model, preprocess = clip.load(path, "cpu")
    assert preprocess.n == config.image_resolution
    assert model.state_dict().keys() == ours.state_dict().keys()
    with torch.no_grad():
        assert_close(model.encode_image(batch.images), theirs.encode_image(batch.images))
        assert_close(model.encode_text(batch.tokens), theirs.encode_text(batch.tokens))


DTYPES = [
    torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8,
    torch.int16, torch.int32, torch.int64, torch.bool,
]  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("order", ["little", "big"])
def test_numbers_of_every_dtype_and_byte_order_come_back(dtype, order, tmp_path):
    tensor = torch.tensor([[0.0, 1.0, 3.0], [100.0, 7.0, 0.0]]).to(dtype)
    path = scripted(holder(x=tensor), tmp_path / "m.pt")
    if order == "big":
        content = tensor.view(torch.uint8).reshape(6, -1).flip(1).contiguous().numpy().tobytes()
        records = {"data/0": content, "byteorder": b"big"}
        path = rewritten(path, tmp_path / "big.pt", **records)
    found = read(path)["x"]
    assert found.dtype == dtype
    assert torch.equal(found, tensor)


def test_an_archive_that_names_no_byte_order_is_little_endian(archive, tmp_path):
    # torch wrote none when OpenAI's models were released
    path = rewritten(archive, tmp_path / "old.pt", byteorder=None)
    assert torch.equal(read(path)["weight"], torch.arange(6.0).reshape(2, 3))


def test_views_of_one_storage_come_back_each_in_its_place(tmp_path):
    base = torch.arange(24.0)
    views = {
        "whole": base,
        "turned": base.view(4, 6).T,
        "part": base.view(4, 6)[1:3, 2:5],
        "spread": base[1::5],
        "one": base[7],
        "none": base[:0],
    }
    found = read(scripted(holder(**views), tmp_path / "m.pt"))
    assert found.keys() == views.keys()
    for name, view in views.items():
        assert torch.equal(found[name], view), name


def test_nested_modules_give_dotted_names(tmp_path):
    tree = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.BatchNorm1d(3)))
    path = scripted(tree, tmp_path / "m.pt", torch.zeros(4, 2))
    found = read(path)
    assert found.keys() == tree.state_dict().keys()
    assert found["1.0.num_batches_tracked"].shape == ()


class Runs:
    """A pickle of this calls a function while it is read."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


CALLS = {
    "posix.system": Runs(os.system, "touch hacked"),
    "builtins.eval": Runs(eval, "open('hacked', 'w')"),
    "builtins.exec": Runs(exec, "open('hacked', 'w')"),
    "builtins.getattr": Runs(getattr, "", "join"),
    "torch.serialization.load": Runs(torch.load, "hacked"),
    "io.open": Runs(io.open, "hacked", "w"),
}


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("named", CALLS)
def test_no_call_is_made_for_a_pickle(named, protocol, archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir()) | {tmp_path / "evil.pt"}
    path = disguised(archive, pickle.dumps(CALLS[named], protocol))
    asks = {2: r"asks for \S+\.\w+, which", 4: r"asks for|SHORT_BINUNICODE|FRAME"}[protocol]
    with pytest.raises(ValueError, match=asks):
        read(path)
    assert set(tmp_path.iterdir()) == before


REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
MODULE = b"c__torch__\nM\n)\x81}"
STORAGE = (
    b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
    b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ"
)
NAME = b"X\x01\x00\x00\x00x"


def with_tensor(rest):
    """Return the pickle of a module with one tensor: offset, size and stride are `rest`."""
    return b"\x80\x02" + MODULE + b"(" + NAME + REBUILD + STORAGE + rest + b"\x89NtRub."


TENSOR = with_tensor(b"K\x00K\x06\x85K\x01\x85")
SELF = b"\x80\x02c__torch__\nM\n)\x81q\x00}(" + NAME + b"h\x00ub."
NO_MODULE = b"\x80\x02ccollections\nOrderedDict\n)\x81."
ODD = {
    "names a class": (b"\x80\x02cbuiltins\nint\n.", r"asks for builtins.int"),
    "names what torch could run": (b"\x80\x02ctorch.hub\nload\n.", r"asks for torch.hub.load"),
    "names a storage elsewhere": (b"\x80\x02cevil\nFloatStorage\n.", r"asks for evil.Float"),
    "calls a module": (b"\x80\x02c__torch__\nM\n)R.", r"calls __torch__"),
    "makes what is no module": (NO_MODULE, r"makes an object"),
    "builds a name": (b"\x80\x02c__torch__\nM\n}b.", r"builds __torch__,"),
    "builds from a list": (b"\x80\x02c__torch__\nM\n)\x81]b.", r"builds a Module from a list"),
    "sets items of a tensor": (TENSOR[:-3] + b"K\x00K\x00sub.", r"sets items"),
    "appends to a tuple": (b"\x80\x02)Na.", r"appends to EMPTY_TUPLE"),
    "refers to another thing": (TENSOR.replace(b"storage", b"storing"), r"which is no stor"),
    "has a name alone": (b"\x80\x02" + MODULE + b"(" + NAME + b"ub.", r"got one where odd"),
    "holds itself": (SELF, r"within itself"),
    "is no module": (b"\x80\x02N.", r"root is a NoneType"),
    "is a dict": (b"\x80\x02}.", r"root is a dict"),
    "ends early": (b"\x80\x02", r"got one where"),
    "is empty": (b"", r"got one where"),
    "pops too much": (b"\x80\x02R.", r"got one where"),
    "recalls what it never stored": (b"\x80\x02h\x07.", r"got one where"),
    "uses an old instruction": (b"(S'x'\ni__torch__\nM\n.", r"uses STRING"),
    "wants a huge memo": (b"\x80\x02Nr\xff\xff\xff\xff.", r"in place 4294967295"),
    "repeats its numbers": (with_tensor(b"K\x00J\x00\x00\x00\x40\x85K\x00\x85"), r"is more"),
    "reaches beyond": (with_tensor(b"K\x03K\x02\x85K\x03\x85"), r"reaches beyond"),
    "goes backwards": (with_tensor(b"K\x05K\x02\x85J\xff\xff\xff\xff\x85"), r"more than its"),
    "starts before": (with_tensor(b"J\xff\xff\xff\xffK\x02\x85K\x01\x85"), r"more than its"),
    "has half a stride": (with_tensor(b"K\x00K\x06K\x01\x86K\x01\x85"), r"no stride for each"),
    "has shapes of words": (with_tensor(b"K\x00" + NAME + b"\x85K\x01\x85"), r"got one where"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_a_pickle_that_does_not_fit_is_refused(what, archive):
    content, message = ODD[what]
    with pytest.raises(ValueError, match=message):
        read(disguised(archive, content))


def test_a_well_made_pickle_by_hand_is_read(archive):
    # the same hand that wrote the bad ones can write a good one
    content = with_tensor(b"K\x01K\x02\x85K\x03\x85")
    assert read(disguised(archive, content))["x"].tolist() == [1.0, 4.0]


def test_a_storage_of_another_length_is_refused(archive, tmp_path):
    path = rewritten(archive, tmp_path / "short.pt", **{"data/0": b"\0" * 20})
    with pytest.raises(ValueError, match=r"data/0 holds 5 numbers, not 6"):
        read(path)


def test_a_missing_storage_is_refused(archive, tmp_path):
    path = rewritten(archive, tmp_path / "missing.pt", **{"data/0": None})
    with pytest.raises(ValueError, match=r"data/0"):
        read(path)


def test_a_compressed_record_is_refused_unopened(archive, tmp_path):
    path = tmp_path / "bomb.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("m/constants.pkl", b"")
        file.writestr("m/data.pkl", b"\x80\x02" + b"N" * 10_000_000 + b".")
    assert path.stat().st_size < 100_000
    with pytest.raises(ValueError, match=r"data.pkl is compressed"):
        read(path)


def test_a_state_dict_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path):
    torch.save({"x": torch.zeros(5_000_000)}, tmp_path / "plain.pt")
    path = tmp_path / "bomb.pt"
    with (
        zipfile.ZipFile(tmp_path / "plain.pt") as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            compress = zipfile.ZIP_DEFLATED if "/data/" in name else zipfile.ZIP_STORED
            new.writestr(name, old.read(name), compress)
    assert path.stat().st_size < 30_000
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"data/0 is compressed"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_records_that_lie_within_each_other_are_refused(tmp_path):
    inner, path = io.BytesIO(), tmp_path / "nested.pt"
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("m/data/1", b"\0" * 4000)
        (within,) = file.infolist()
    around = inner.getvalue()[: file.start_dir + 2]  # its header, its numbers, and two bytes
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("m/data/0", around)
        within.header_offset = file.start_dir - len(around)
        file.filelist.append(within)
        counts = (len(around) // 4, 1000)
        tensors = b"".join(
            b"X\x01\x00\x00\x00%d" % key + REBUILD + STORAGE.replace(b"0X", b"%dX" % key)
            .replace(b"K\x06", b"M" + struct.pack("<H", count)) + b"K\x00))\x89NtR"
            for key, count in enumerate(counts)
        )  # fmt: skip
        file.writestr("m/data.pkl", b"\x80\x02}(" + tensors + b"u.")
    with pytest.raises(ValueError, match=r"data/1 is said to hold more than the file|verlap"):
        read(path)


def test_names_in_names_do_not_fill_the_memory(archive):
    deep = b"".join(b"c__torch__\nM\n)\x81}X\x64\x00\x00\x00" + b"x" * 100 for _ in range(99))
    content = b"\x80\x02" + deep + b"N" + b"sb" * 99 + b"."
    with pytest.raises(ValueError, match=r"a name in it has more than 1000 characters"):
        read(disguised(archive, content))


def test_a_long_name_of_a_tensor_in_many_modules_does_not_fill_the_memory(archive):
    name = b"X\xe8\x03\x00\x00" + b"x" * 1000 + b"q\x05"  # and from here on recalled
    tensor = TENSOR[len(b"\x80\x02") + len(MODULE) + 1 + len(NAME) : -3] + b"q\x06"
    module = b"c__torch__\nM\n)\x81}(" + NAME + MODULE + b"("
    content = b"\x80\x02" + module + name + tensor + b"ubub."
    with pytest.raises(ValueError, match=r"a name in it has more than 1000 characters"):
        read(disguised(archive, content.replace(b"q\x05", b"").replace(b"q\x06", b"")))


def test_one_dict_of_many_modules_is_refused(archive):
    shared = b"}q\x00(" + NAME + b"Nu"
    module = b"c__torch__\nM\n)\x81"
    both = b"(" + b"X\x01\x00\x00\x00a" + module + shared + b"b"
    both += b"X\x01\x00\x00\x00b" + module + b"h\x00b"
    content = b"\x80\x02" + module + b"}" + both + b"ub."
    with pytest.raises(ValueError, match=r"within itself, or twice"):
        read(disguised(archive, content))


def test_a_byte_order_of_no_kind_is_refused(archive, tmp_path):
    path = rewritten(archive, tmp_path / "odd.pt", byteorder=b"middle")
    with pytest.raises(ValueError, match=r"byte order is middle, not little or big"):
        read(path)


def test_a_record_that_is_said_to_be_huge_is_refused_unread(tmp_path):
    path = tmp_path / "huge.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("m/data.pkl", b"\x80\x02}.")
        file.getinfo("m/data.pkl").compress_size = 2**31 - 1
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"data.pkl is compressed"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_key_without_end_is_not_said_in_full(archive):
    content = TENSOR.replace(b"X\x01\x00\x00\x000X", b"X\x0f\x27\x00\x00" + b"0" * 9999 + b"X")
    with pytest.raises(ValueError, match="There is no item named") as told:
        read(disguised(archive, content))
    assert len(str(told.value)) < 800


def test_an_archive_with_two_pickles_is_refused(archive, tmp_path):
    path = rewritten(archive, tmp_path / "two.pt", **{"extra/data.pkl": b"N."})
    with pytest.raises(ValueError, match=r"there are 2 files data.pkl"):
        read(path)


def opened(path):
    """Return what an archive holds, or what is said of it."""
    try:
        return read_archive(path)
    except ValueError as error:
        return str(error)


def test_whatever_byte_is_wrong_the_error_is_clear(archive, tmp_path):
    content, chosen = archive.read_bytes(), random.Random(3)
    path = tmp_path / "damaged.pt"
    for _ in range(300):
        damaged = bytearray(content)
        damaged[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
        path.write_bytes(damaged)
        found = opened(path)  # it may read as it was: some bytes say nothing of the tensors
        assert isinstance(found, dict) or "whole TorchScript archive" in found


def test_wherever_it_is_cut_off_the_error_is_clear(archive, tmp_path):
    content, path = archive.read_bytes(), tmp_path / "short.pt"
    for size in range(0, len(content), 97):
        path.write_bytes(content[:size])
        with pytest.raises(ValueError, match=re.escape(f"read: {path} must be")):
            read(path)


def test_wherever_a_pickle_is_wrong_the_error_is_clear(archive):
    with zipfile.ZipFile(archive) as file:
        content = file.read("m/data.pkl")
    chosen = random.Random(4)
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(chosen.randint(1, 3)):
            damaged[chosen.randrange(len(content))] = chosen.randrange(256)
        found = opened(disguised(archive, bytes(damaged)))
        assert isinstance(found, dict) or "whole TorchScript archive" in found


NEST = b"\x80\x02K\x01\x85" + b"q\x00h\x00\x86" * 200  # (1,), then pairs of itself: 2²⁰⁰ ones


@pytest.mark.parametrize(
    "rest",
    [b")R.", b")\x81.", b"Q.", b"}q\x01h\x00K\x01s."],
    ids=["called", "made", "stored", "a key"],
)
def test_a_nest_that_could_not_be_written_out_is_refused_at_once(rest, archive):
    assert "whole TorchScript archive" in opened(disguised(archive, NEST + rest))


def test_a_nest_is_no_key_of_a_storage(archive):
    start = b"\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
    rest = NEST[2:] + b"X\x03\x00\x00\x00cpuK\x01tQ."
    assert "which is no storage" in opened(disguised(archive, start + rest))
