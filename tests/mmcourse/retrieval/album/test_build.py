"""Building an index from every source, and going on after a kill."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from mmcourse import clip
from mmcourse.retrieval import Index
from mmcourse.retrieval.album import encode
from mmcourse.retrieval.album.journal import HEAD, Journal
from mmcourse.world import render, sample_scene

PROGRAM = """
import sys, torch
from mmcourse import clip
from mmcourse.retrieval import Index
torch.set_num_threads(int(sys.argv[3]))
model, preprocess = clip.load("tiny", device="cpu")
index = Index.build(model, preprocess, sys.argv[1], path=sys.argv[2], batch=16, progress=False)
"""


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return a folder of 500 drawn pictures, two of which are broken."""
    rng = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("drawn")
    for number in range(500):
        picture = Image.fromarray(render(sample_scene(rng), size=64))
        picture.save(folder / f"{number:03}.png")
    for number in (5, 333):
        raw = (folder / f"{number:03}.png").read_bytes()
        (folder / f"{number:03}.png").write_bytes(raw[: len(raw) // 2])
    return folder


@pytest.fixture
def folder(drawn, tmp_path):
    """Return a folder of 13 of them, one of which is broken."""
    (tmp_path / "pictures").mkdir()
    for path in sorted(drawn.iterdir())[:13]:
        shutil.copy2(path, tmp_path / "pictures")
    return tmp_path / "pictures"


@pytest.fixture
def opened(monkeypatch):
    """Return the names of the files that are decoded from now on."""
    names = []
    real = encode.open_rgb

    def noted(path, **how):
        names.append(Path(path).name)
        return real(path, **how)

    monkeypatch.setattr(encode, "open_rgb", noted)
    return names


def same(one, other):
    np.testing.assert_array_equal(one.features, other.features)  # to the last bit
    assert (one.items, one.skipped, one.folder) == (other.items, other.skipped, other.folder)


def test_folder_paths_pictures_and_arrays_give_the_same_vectors(tiny, folder):
    of_folder = Index.build(*tiny, folder, progress=False)
    paths = [folder / name for name in of_folder.items]
    pictures = [Image.open(path) for path in paths]
    arrays = [np.asarray(Image.open(path)) for path in paths]
    sources = [str(folder), paths, map(str, paths), pictures, arrays, np.stack(arrays)]
    for source in sources:
        index = Index.build(*tiny, source, progress=False)
        np.testing.assert_allclose(index.features, of_folder.features, atol=1e-5)
    assert of_folder.items == tuple(f"{n:03}.png" for n in range(13) if n != 5)
    assert Index.build(*tiny, paths, progress=False).items == tuple(map(str, paths))
    assert Index.build(*tiny, arrays, progress=False).items == tuple(range(12))


def test_vectors_are_those_of_the_model_one_by_one(tiny, folder):
    model, preprocess = tiny
    index = Index.build(*tiny, folder, progress=False, batch=5)
    for name, vector in zip(index.items, index.features, strict=True):
        with torch.no_grad():
            alone = model.encode_image(preprocess(Image.open(folder / name))[None])[0]
        np.testing.assert_allclose(vector, alone / alone.norm(), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(index.features, axis=1), 1, atol=1e-6)


def test_broken_pictures_in_memory_are_listed_by_their_place(tiny, folder):
    with Image.open(folder / "005.png") as torn, Image.open(folder / "000.png") as whole:
        index = Index.build(*tiny, [torn, whole, whole], progress=False)
    assert index.items == (1, 2)
    assert [each.path for each in index.skipped] == [0]
    assert "a damaged one" in index.skipped[0].reason


def test_what_cannot_be_read_is_remembered_until_it_changes(tiny, folder, tmp_path, opened):
    where = {"path": tmp_path / "index", "progress": False}
    (first,) = Index.build(*tiny, folder, **where).skipped
    assert not first.remembered
    opened.clear()
    (second,) = Index.build(*tiny, folder, **where).skipped
    assert (second, second.remembered, opened) == (first, True, [])
    shutil.copy2(folder / "001.png", folder / first.path)
    assert Index.build(*tiny, folder, **where).skipped == ()
    assert opened == [first.path]


def test_other_readers_try_again_what_could_not_be_read(
    tiny, folder, tmp_path, opened, monkeypatch
):
    where = {"path": tmp_path / "index", "progress": False}
    Index.build(*tiny, folder, **where)
    opened.clear()
    monkeypatch.setattr("PIL.__version__", "99")
    (failed,) = Index.build(*tiny, folder, **where).skipped
    assert opened == [failed.path] == ["005.png"]
    assert failed.remembered  # though tried again, it is no news


def test_what_another_try_may_mend_is_not_remembered(tiny, folder, tmp_path, monkeypatch):
    where = {"path": tmp_path / "index", "progress": False}
    with monkeypatch.context() as full:
        full.setattr("PIL.Image.Image.crop", raising(MemoryError()))
        assert "memory has no room" in Index.build(*tiny, folder, **where).skipped[0].reason
    assert len(Index.build(*tiny, folder, **where)) == 12


def raising(error):
    """Return a function that raises an error."""

    def call(*_, **__):
        raise error

    return call


def test_paths_that_lead_to_no_file_are_listed(tiny, folder):
    index = Index.build(
        *tiny, [folder / "000.png", folder / "gone", folder, "a\0b"], progress=False
    )
    assert len(index) == 1
    assert [each.path for each in index.skipped] == sorted(
        ["a\0b", str(folder), str(folder / "gone")]
    )


def test_pictures_that_a_model_makes_no_vector_of_are_listed(tiny, folder):
    def preprocess(picture):
        made = tiny[1](picture)
        return made * torch.nan if picture.getpixel((0, 0)) == first else made

    first = Image.open(folder / "003.png").convert("RGB").getpixel((0, 0))
    index = Index.build(tiny[0], preprocess, folder, progress=False)
    reasons = {each.path: each.reason for each in index.skipped}
    assert reasons["003.png"] == "the model made no finite vector of it"
    assert bool(np.isfinite(index.features).all())


def test_preparing_ahead_is_bounded():
    started, yielded = [], 0
    with encode.ThreadPoolExecutor(1) as pool:
        for _ in encode._in_order(pool, started.append, range(50), ahead=6):
            yielded += 1
            assert len(started) <= yielded + 6
    assert started == list(range(50))


@pytest.mark.slow
def test_killed_build_goes_on_and_ends_up_the_same_to_the_last_bit(
    tiny, drawn, tmp_path, opened
):
    path = tmp_path / "index.safetensors"
    journal = tmp_path / "index.safetensors.mmcourse-journal"
    size = HEAD.size + 16 * 128 * 4  # of a batch's record, without its JSON
    threads = str(torch.get_num_threads())  # sums are cut as there are threads
    killed = subprocess.Popen([sys.executable, "-c", PROGRAM, drawn, path, threads])
    while killed.poll() is None and (not journal.exists() or journal.stat().st_size < 4 * size):
        time.sleep(0.001)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() != 0, "it was done before it could be killed"
    assert not path.exists()
    with journal.open("ab") as file:
        file.write(b"torn" * 9)  # the beginning of a record that was cut short
    resumed = Index.build(*tiny, drawn, path=path, batch=16, progress=False)
    assert 16 <= len(opened) <= 500 - 3 * 16
    assert sorted(opened) == [f"{n:03}.png" for n in range(500 - len(opened), 500)]
    same(resumed, Index.build(*tiny, drawn, batch=16, progress=False))
    same(resumed, Index.open(path, *tiny))
    assert {each.name for each in tmp_path.iterdir()} == {path.name, f"{path.name}.lock"}


def test_journal_of_another_model_or_of_noise_is_not_used(tiny, folder, tmp_path, opened):
    for content in (b"", b"\xff" * 999, HEAD.pack(2**40, 7, 0)):
        (tmp_path / "index.mmcourse-journal").write_bytes(content)
        Index.build(*tiny, folder, path=tmp_path / "index", progress=False)
        (tmp_path / "index").unlink()
    other = Journal(tmp_path / "index", fingerprint="another", dim=128)
    assert list(other.replay()) == []
    other.close()
    Index.build(*tiny, folder, path=tmp_path / "index", progress=False)
    assert len(opened) == 4 * 13


def test_journal_of_other_readers_is_not_used(tiny, folder, tmp_path, monkeypatch, opened):
    with monkeypatch.context() as killed:
        killed.setattr("mmcourse.retrieval.album.build.write", raising(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            Index.build(*tiny, folder, path=tmp_path / "index", progress=False)
    opened.clear()
    monkeypatch.setattr("PIL.__version__", "99")
    Index.build(*tiny, folder, path=tmp_path / "index", progress=False)
    assert len(opened) == 13


def test_interrupted_build_keeps_its_batches(tiny, folder, tmp_path, monkeypatch, opened):
    real, calls = encode.unit_vectors, []

    def stop(*given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(encode, "unit_vectors", stop)
    with pytest.raises(KeyboardInterrupt):
        Index.build(*tiny, folder, path=tmp_path / "index", batch=3, progress=False)
    opened.clear()
    index = Index.build(*tiny, folder, path=tmp_path / "index", batch=3, progress=False)
    assert sorted(opened) == [f"{n:03}.png" for n in range(6, 13)]
    same(index, Index.build(*tiny, folder, batch=3, progress=False))


@pytest.mark.slow
def test_a_file_in_openais_format_is_indexed_at_vit_b32s_sizes(vit_b32, folder, tmp_path):
    model, preprocess = clip.load(vit_b32, device="cpu")
    for name in ("000.png", "001.png", "002.png"):  # as large as photographs, and as JPEG
        with Image.open(folder / name) as picture:
            picture.resize((1999, 1333)).save(folder / f"{name}.jpg")
    index = Index.build(model, preprocess, folder, path=tmp_path / "index", progress=False)
    assert index.features.shape == (12 + 3, 512)
    again = Index.open(tmp_path / "index", model, preprocess)
    for name in ("002.png", "002.png.jpg"):
        assert again.search(folder / name, 1)[0].item == name
    assert len(again.search("a red cat", 99)) == 15


def test_the_next_files_are_decoded_while_the_model_is_at_work(
    tiny, folder, monkeypatch, opened
):
    real, ahead = encode.unit_vectors, []

    def slow(*given):
        for _ in range(1000):  # until more is decoded than this batch needs, 10 s at most
            if len(opened) > 3:
                break
            time.sleep(0.01)
        ahead.append(len(opened) - 3)
        return real(*given)

    monkeypatch.setattr(encode, "unit_vectors", slow)
    Index.build(*tiny, folder, batch=3, progress=False)
    assert ahead[0] > 0
