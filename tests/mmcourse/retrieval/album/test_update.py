"""An index that is kept: what changed is encoded, nothing else is opened, nobody interferes."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image

from mmcourse import clip
from mmcourse.retrieval import Index
from mmcourse.retrieval.album import encode
from mmcourse.retrieval.album.file import VERSION
from mmcourse.world import render, sample_scene

NAMES = [f"{number}.png" for number in range(7)]


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


def draw(path, seed):
    rng = np.random.default_rng(seed)
    Image.fromarray(render(sample_scene(rng), size=64)).save(path)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pictures").mkdir()
    for number, name in enumerate(NAMES):
        draw(tmp_path / "pictures" / name, number)
    return tmp_path / "pictures"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "of mine" / "index.safetensors"


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


def change(folder):
    """Add 0a and 9, change 2, drop 4, and leave the others; 6 becomes no picture."""
    for name, seed in (("0a.png", 11), ("9.png", 12), ("2.png", 13)):
        draw(folder / name, seed)
    (folder / "4.png").unlink()
    (folder / "6.png").write_text("no picture", encoding="utf-8")


def equals_fresh(index, tiny, folder):
    fresh = Index.build(*tiny, folder, progress=False)
    assert (index.items, index.skipped) == (fresh.items, fresh.skipped)
    np.testing.assert_allclose(index.features, fresh.features, atol=1e-6)


@pytest.mark.parametrize("kept", [True, False], ids=["in a file", "in memory"])
def test_update_opens_what_is_new_or_changed_and_equals_a_fresh_build(
    tiny, folder, path, opened, kept
):
    index = Index.build(*tiny, folder, path=path if kept else None, progress=False)
    change(folder)
    opened.clear()
    updated = index.update(progress=False)
    assert sorted(opened) == ["0a.png", "2.png", "6.png", "9.png"]
    assert updated.items == ("0.png", "0a.png", "1.png", "2.png", "3.png", "5.png", "9.png")
    equals_fresh(updated, tiny, folder)
    assert index.items == tuple(NAMES)  # the old one is as it was
    if kept:
        assert Index.open(path, *tiny).items == updated.items


def test_build_at_the_same_path_does_what_update_does(tiny, folder, path, opened):
    Index.build(*tiny, folder, path=path, progress=False)
    change(folder)
    opened.clear()
    index = Index.build(*tiny, folder, path=path, progress=False)
    assert sorted(opened) == ["0a.png", "2.png", "6.png", "9.png"]
    equals_fresh(index, tiny, folder)


def test_unchanged_files_are_not_opened_and_the_index_not_written(tiny, folder, path, opened):
    first = Index.build(*tiny, folder, path=path, progress=False)
    before = path.stat()
    opened.clear()
    second = Index.build(*tiny, folder, path=path, progress=False)
    assert opened == []
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    np.testing.assert_array_equal(second.features, first.features)


def test_same_size_with_another_time_is_a_change(tiny, folder, opened):
    index = Index.build(*tiny, folder, progress=False)
    os.utime(folder / "3.png", ns=(7, 7))
    opened.clear()
    index.update(progress=False)
    assert opened == ["3.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows notes no change of a name")
def test_files_that_swap_their_names_are_told_apart_by_more_than_size_and_time(tiny, tmp_path):
    """As from an archive whose files all have one time."""
    folder = tmp_path / "clamped"
    folder.mkdir()
    names = ("a.bmp", "b.bmp", "c.bmp")
    for name, colour in zip(names, ("red", "blue"), strict=False):
        Image.new("RGB", (64, 64), colour).save(folder / name)
        os.utime(folder / name, ns=(7, 7))
    before = Index.build(*tiny, folder, progress=False)
    for old, new in (("a.bmp", "c.bmp"), ("b.bmp", "a.bmp"), ("c.bmp", "b.bmp")):
        (folder / old).rename(folder / new)
    after = before.update(progress=False)
    np.testing.assert_allclose(after.features, before.features[::-1], atol=1e-6)
    assert np.abs(after.features - before.features).max() > 0.01


def test_files_beside_the_index_are_left_alone(tiny, folder, path):
    path.parent.mkdir(parents=True)
    theirs = [path.with_name(path.name + ending) for ending in (".journal", ".partial", ".bak")]
    for each in theirs:
        each.write_text("dear journal", encoding="utf-8")
    Index.build(*tiny, folder, path=path, progress=False)
    assert [each.read_text(encoding="utf-8") for each in theirs] == ["dear journal"] * 3


def test_what_was_skipped_is_tried_again_once_anything_about_it_changed(
    tiny, folder, path, opened
):
    """A file that became readable, by chmod say, has the same size and time as before."""
    (folder / "6.png").write_text("no picture", encoding="utf-8")
    index = Index.build(*tiny, folder, path=path, progress=False)
    opened.clear()
    assert index.update(progress=False).skipped == index.skipped
    assert opened == []
    (folder / "6.png").chmod(0o600)
    assert index.update(progress=False).skipped == index.skipped
    assert opened == ["6.png"]


def test_a_list_is_updated_by_another_list(tiny, folder, opened):
    paths = [folder / name for name in NAMES]
    index = Index.build(*tiny, paths[:5], progress=False)
    opened.clear()
    updated = index.update(paths[::-1], progress=False)
    assert updated.items == tuple(map(str, paths[::-1]))
    assert sorted(opened) == ["5.png", "6.png"]
    np.testing.assert_array_equal(updated.features[2:], index.features[::-1])


def test_a_file_that_is_listed_twice_has_two_rows(tiny, folder, path):
    paths = [folder / "1.png", folder / "2.png", folder / "1.png"]
    for _ in range(2):
        index = Index.build(*tiny, paths, path=path, progress=False)
        assert index.items == tuple(map(str, paths))
        np.testing.assert_allclose(index.features[0], index.features[2], atol=1e-6)


def test_pictures_in_memory_are_encoded_anew(tiny, folder, path):
    for name in ("1.png", "2.png"):
        with Image.open(folder / name) as picture:
            index = Index.build(*tiny, [picture], path=path, progress=False)
        assert index.search(folder / name, 1)[0].score == pytest.approx(1, abs=1e-6)


def test_a_moved_folder_is_updated_where_it_is(tiny, folder, path, opened):
    Index.build(*tiny, folder, path=path, progress=False)
    moved = folder.with_name("moved")
    shutil.move(folder, moved)
    opened.clear()
    index = Index.build(*tiny, moved, path=path, progress=False)
    assert opened == []
    assert Path(index.folder) == moved
    assert Path(Index.open(path).folder) == moved


def test_a_second_build_at_the_same_path_is_refused(tiny, folder, path):
    path.parent.mkdir(parents=True)
    with (
        FileLock(path.with_name(f"{path.name}.lock")),
        pytest.raises(BlockingIOError, match="one writer at a time; another build is at work"),
    ):
        Index.build(*tiny, folder, path=path, progress=False)
    Index.build(*tiny, folder, path=path, progress=False)


def test_weights_of_the_same_name_that_changed_start_anew(tiny, folder, path, opened):
    other, preprocess = clip.load("tiny", device="cpu")
    other.logit_scale.data += 1
    Index.build(*tiny, folder, path=path, progress=False, model_name="tiny")
    opened.clear()
    Index.build(other, preprocess, folder, path=path, progress=False, model_name="tiny")
    assert sorted(opened) == NAMES
    with pytest.raises(ValueError, match="an index by the same model; got one by tiny"):
        Index.build(*tiny, folder, path=path, progress=False, model_name="another")
    with pytest.raises(ValueError, match="an index by the same model; got one by tiny"):
        Index.build(*tiny, folder, path=path, progress=False)


def test_an_index_of_another_version_is_built_anew(tiny, folder, path, opened):
    Index.build(*tiny, folder, path=path, progress=False)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(f'"version": "{VERSION}"'.encode(), b'"version": "0"', 1))
    opened.clear()
    Index.build(*tiny, folder, path=path, progress=False)
    assert sorted(opened) == NAMES
    assert path.read_bytes() == raw


def test_a_damaged_index_is_reported_and_left_alone(tiny, folder, path):
    Index.build(*tiny, folder, path=path, progress=False)
    damaged = path.read_bytes()[:-1]
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="must be an index, and whole"):
        Index.build(*tiny, folder, path=path, progress=False)
    assert path.read_bytes() == damaged


def test_the_path_is_tried_before_anything_is_encoded(tiny, folder, tmp_path, opened):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Index.build(*tiny, folder, path=tmp_path / "file" / "index", progress=False)
    with pytest.raises(IsADirectoryError):
        Index.build(*tiny, folder, path=tmp_path, progress=False)
    assert opened == []


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("nowhere", ValueError, "source must be a folder; found nothing at .*nowhere"),
        (__file__, ValueError, "found a file at .*; a single file goes into a list"),
        (7, TypeError, "source must be a folder, a list .*; got int"),
        (
            [7],
            TypeError,
            "must be a path, a Pillow picture or a numpy array; got int at place 0",
        ),
        (np.zeros((3, 3, 3), np.uint8), ValueError, r"an array must have shape \(n, height"),
        (np.zeros((1, 3, 3, 3)), ValueError, "must be uint8 .*; got float64"),
        (
            [np.zeros((3, 3), np.uint8)],
            ValueError,
            r"\(height, width, 3\); got uint8 of \(3, 3\)",
        ),
    ],
)
def test_sources_that_are_none_are_refused_in_words(tiny, source, kind, message):
    with pytest.raises(kind, match=message):
        Index.build(*tiny, source, progress=False)


@pytest.mark.parametrize(("name", "number"), [("batch", 0), ("threads", 0), ("threads", -1)])
def test_batches_and_threads_are_at_least_one(tiny, folder, name, number):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        Index.build(*tiny, folder, progress=False, **{name: number})


def test_a_model_in_training_mode_is_refused(folder):
    model, preprocess = clip.load("tiny", device="cpu")
    with pytest.raises(ValueError, match=r"evaluation mode; .*call model.eval"):
        Index.build(model.train(), preprocess, folder, progress=False)


def test_update_needs_a_model_and_a_source(tiny, folder, path):
    Index.build(*tiny, folder, path=path, progress=False)
    with pytest.raises(
        ValueError, match="a model must encode what is new; this index has none"
    ):
        Index.open(path).update(progress=False)
    with pytest.raises(ValueError, match="source must say what to look at"):
        Index.build(*tiny, [folder / "1.png"], progress=False).update(progress=False)
