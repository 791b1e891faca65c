"""The file of an index: what it holds, and that no damaged or hostile one is used."""

import hashlib
import json
import os
import random

import numpy as np
import pytest
import safetensors.numpy
from safetensors import safe_open

from mmcourse import clip
from mmcourse.retrieval import Index, Skipped
from mmcourse.retrieval.album.file import OtherVersionError, read, write
from mmcourse.retrieval.album.stored import Stored

RAW = os.fsdecode(b"caf\xe9\n\xf0\x9f\x90\xb1.png")
"""A name with a byte that is no UTF-8, a line break and a cat."""


@pytest.fixture
def stored(rng):
    features = rng.standard_normal((3, 5)).astype(np.float32)
    return Stored(
        features=features / np.linalg.norm(features, axis=1, keepdims=True),
        items=("a.png", RAW, 7),
        stamps=((1, 2**62, 3), (0, -1, 2), None),
        skipped=(Skipped(RAW, "“why” \udce9"),),
        fingerprint="f" * 64,
        model_name="ViT-B/32",
        folder="/photos",
    )


@pytest.fixture
def path(tmp_path, stored):
    write(tmp_path / "index", stored)
    return tmp_path / "index"


def parts(path):
    """Return the header, the bytes of the vectors and the catalogue of a file."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    end = 8 + length + header["features"]["data_offsets"][1]
    return header, raw[8 + length : end], json.loads(raw[end:])


def put(path, header, vectors, catalogue):
    """Write a file of these parts, whose header fits the catalogue, as a forger would."""
    if not isinstance(catalogue, bytes):
        catalogue = json.dumps(catalogue).encode()
    start = len(vectors)
    header["catalogue"] |= {
        "shape": [len(catalogue)],
        "data_offsets": [start, start + len(catalogue)],
    }
    if "checksum" in header["__metadata__"]:
        header["__metadata__"]["checksum"] = hashlib.sha256(vectors + catalogue).hexdigest()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + vectors + catalogue)


def tensor(dtype, shape, offsets):
    return {"features": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


def test_what_was_written_is_read(path, stored):
    assert read(path).equals(stored)


def test_empty_index_is_written_and_read(tmp_path):
    Index.from_features(np.empty((0, 3))).save(tmp_path / "index")
    assert Index.open(tmp_path / "index").features.shape == (0, 3)


def test_other_programs_read_the_vectors(path, stored):
    with safe_open(path, framework="numpy") as file:
        data = file.get_tensor("features").tobytes() + file.get_tensor("catalogue").tobytes()
        assert file.metadata() == {
            "format": "mmcourse index",
            "version": "2",
            "checksum": hashlib.sha256(data).hexdigest(),
        }
        np.testing.assert_array_equal(file.get_tensor("features"), stored.features)
        assert json.loads(file.get_tensor("catalogue").tobytes())["items"][2] == 7


def test_catalogue_is_json_in_ascii_with_names_as_python_escapes_them(path):
    assert b'"caf\\udce9\\n\\ud83d\\udc31.png"' in path.read_bytes()


def test_nothing_but_the_file_is_left(path):
    assert list(path.parent.iterdir()) == [path]


def test_cut_short_anywhere_it_is_refused(path):
    raw = path.read_bytes()
    for length in range(0, len(raw), 7):
        path.write_bytes(raw[:length])
        with pytest.raises(ValueError, match=r"must be an index, and whole; .*build it again"):
            read(path)


def test_longer_than_it_says_it_is_refused(path):
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ValueError, match="bytes of data; got"):
        read(path)


def test_whatever_byte_is_wrong_it_is_refused(path):
    raw, chosen = path.read_bytes(), random.Random(7)
    for _ in range(200):
        damaged = bytearray(raw)
        damaged[chosen.randrange(len(raw))] ^= chosen.randrange(1, 256)
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"must be an index, and whole; .*build it again"):
            read(path)


def test_a_header_that_means_the_same_but_is_not_ours_is_refused(path):
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'", "', b'",\t"', 1))  # JSON does not mind
    with pytest.raises(ValueError, match="its header contradicts itself"):
        read(path)


CATALOGUES = [
    ({"items": ["a.png", "b.png"]}, "one item for each of its 3 vectors; got 2"),
    ({"items": [[], "b", "c"]}, "an item is neither a path nor a number"),
    ({"items": [True, "b", "c"]}, "an item is neither a path nor a number"),
    ({"items": {"a": 1}}, "no list where one must be"),
    ({"stamps": [None, None]}, "one item for each of its 3 vectors"),
    ({"stamps": [[1.5, 2, 3], None, None]}, "size and times are no whole numbers"),
    ({"stamps": [[1, 2, 3, 4], None, None]}, "values to unpack"),
    ({"stamps": [7, None, None]}, "no list where one must be"),
    ({"skipped": [["a.png"]]}, "values to unpack"),
    ({"skipped": [["a.png", 7]]}, "no path and reason"),
    ({"folder": 7}, "no text where one must be"),
    ({"fingerprint": ["f"]}, "no text where one must be"),
    ({"model_name": {}}, "no text where one must be"),
]


@pytest.mark.parametrize(("change", "message"), CATALOGUES)
def test_catalogues_that_do_not_fit_are_refused(path, change, message):
    header, vectors, catalogue = parts(path)
    put(path, header, vectors, catalogue | change)
    with pytest.raises(ValueError, match=message):
        read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"a":' * 1_000_000, "nested too deeply"),
        (b"[]", "its catalogue is no object"),
        (b"{}", "fingerprint|items"),
        (b'{"items": NaN}', "its JSON holds NaN"),
        (b'{"items": -Infinity}', "its JSON holds -Infinity"),
        (b"\xff\xfe", "must be an index, and whole"),
        (b"9" * 100_000, "must be an index, and whole"),
        (b"", "must be an index, and whole"),
    ],
)
def test_hostile_json_is_refused(path, content, message):
    header, vectors, _ = parts(path)
    put(path, header, vectors, content)
    with pytest.raises(ValueError, match=message):
        read(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (tensor("F16", [3, 5], [0, 60]), "contradicts"),
        (tensor("F32", [5, 3], [0, 60]), "one item for"),
        (tensor("F32", [15], [0, 60]), "unpack"),
        (tensor("F32", [3, 5], [4, 64]), "contradicts"),
        (tensor("F32", [-3, -5], [0, 60]), "counts '-3'"),
        (tensor("F32", [2**62, 5], [0, 60]), "contra"),
        (tensor("F32", [3.0, 5], [0, 60]), "counts '3.0"),
        ({"features": [1]}, "must be an index, and whole"),
        ({"more": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}, "contradicts"),
        ({"__metadata__": {"format": "mmcourse index"}}, "its version must be 2; got 'None'"),
        ({"__metadata__": {"format": "mmcourse index", "version": "1"}}, "must be 2; got '1'"),
        ({"__metadata__": {"format": "mmcourse index", "version": "2"}}, "checksum"),
        ({"__metadata__": {"format": "pt"}}, "a file of another kind"),
        ({"__metadata__": []}, "a file of another kind"),
    ],
)  # fmt: skip
def test_headers_that_do_not_fit_are_refused(path, change, message):
    header, vectors, catalogue = parts(path)
    put(path, header | change, vectors, catalogue)
    with pytest.raises(ValueError, match=message):
        read(path)


def test_another_version_is_told_from_damage(path):
    header, vectors, catalogue = parts(path)
    put(path, header | {"__metadata__": {"format": "mmcourse index", "version": "1"}}, vectors,
        catalogue)  # fmt: skip
    with pytest.raises(OtherVersionError):
        read(path)


@pytest.mark.parametrize("number", [np.nan, np.inf, 3e38, 0.0, 7.0])
def test_vectors_that_are_not_of_length_one_are_refused(path, number):
    header, vectors, catalogue = parts(path)
    wrong = np.frombuffer(vectors, np.float32).copy()
    wrong[5:10] = number
    put(path, header, wrong.tobytes(), catalogue)
    with pytest.raises(ValueError, match="its vectors must all have length 1; some have not"):
        read(path)


def test_a_header_of_gigabytes_is_not_read(path):
    path.write_bytes((2**40).to_bytes(8, "little") + path.read_bytes()[8:])
    with pytest.raises(ValueError, match="it does not begin as one"):
        read(path)


def test_weights_and_pictures_are_no_index(tmp_path):
    safetensors.numpy.save_file({"features": np.eye(3, dtype=np.float32)}, tmp_path / "weights")
    with pytest.raises(ValueError, match="a file of another kind"):
        read(tmp_path / "weights")
    with pytest.raises(
        FileNotFoundError, match=r"expected an index at .*; found nothing there"
    ):
        Index.open(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="found something else there"):
        Index.open(tmp_path)


def test_only_an_index_is_ever_written_over(path, tmp_path):
    other = tmp_path / "photo.png"
    other.write_bytes(b"\x89PNG")
    index = Index.open(path)
    with pytest.raises(
        ValueError, match="must be free, or an index; got a file of another kind"
    ):
        index.save(other)
    assert other.read_bytes() == b"\x89PNG"
    with pytest.raises(IsADirectoryError, match=r"got the folder .*; add a file name"):
        index.save(tmp_path)
    index.save(path)


def test_a_full_disk_leaves_the_old_index(path, stored, monkeypatch):
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path, stored)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_vectors_of_another_model_are_refused(tmp_path, rng):
    tiny, _ = clip.load("tiny", device="cpu")
    other, _ = clip.load("tiny", device="cpu")
    other.logit_scale.data += 1
    features = rng.standard_normal((3, 128))
    Index.from_features(features, model=tiny).save(tmp_path / "index")
    Index.open(tmp_path / "index", tiny)
    with pytest.raises(ValueError, match="must be this model's; they are another's"):
        Index.open(tmp_path / "index", other)
    Index.from_features(features).save(tmp_path / "anyone's")
    with pytest.raises(ValueError, match="nothing says whose they are"):
        Index.open(tmp_path / "anyone's", tiny)
