"""Which files of a folder are looked at, and what is said of the others."""

import os
import shutil
import socket
import sys
from pathlib import Path

import numpy as np
import pytest
from odd_files import RAW_NAME, fill, noise

from mmcourse import clip
from mmcourse.retrieval import Index, default_path
from mmcourse.retrieval.album import encode as encoding
from mmcourse.retrieval.album.folder import listing

NOWHERE = "a link that leads nowhere (No such file or directory)"


@pytest.fixture(scope="module")
def tiny():
    return clip.load("tiny", device="cpu")


@pytest.fixture
def folder(tmp_path, rng):
    path = tmp_path / "pictures"
    (path / "b" / "c").mkdir(parents=True)
    for name in ("b/c/1.png", "b/0.png", "a.png", "c.png"):
        noise(rng, 5, 7, 3).save(path / name)
    return path


def names(folder):
    return [path for path, _ in listing(str(folder)).files]


def reasons(folder):
    return {each.path: each.reason for each in listing(str(folder)).skipped}


def test_paths_are_relative_with_slashes_and_sorted(folder):
    assert names(folder) == ["a.png", "b/0.png", "b/c/1.png", "c.png"]
    assert reasons(folder) == {}


def test_stamps_are_size_and_times_of_the_last_change(folder):
    os.utime(folder / "a.png", ns=(1, 123_456_789_012_345_678))
    status = (folder / "a.png").stat()
    expected = (status.st_size, 123_456_789_012_345_678, status.st_ctime_ns)
    assert listing(str(folder)).files[0] == ("a.png", expected)


def test_pictures_without_a_pictures_name_are_found_by_how_they_begin(folder, rng):
    kinds = ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"]
    for kind in kinds:
        noise(rng, 5, 7, 3).save(folder / f"{kind}.txt", kind)
    expected = [*(f"{kind}.txt" for kind in kinds), "a.png", "b/0.png", "b/c/1.png", "c.png"]
    assert names(folder) == sorted(expected)


def test_what_is_no_picture_is_passed_over_without_a_word(folder):
    (folder / "notes.txt").write_text("BMW and RIFFs", encoding="utf-8")
    (folder / "empty").touch()
    (folder / ".DS_Store").write_bytes(b"\0" * 99)
    assert len(names(folder)) == 4
    assert reasons(folder) == {}


def test_pictures_that_pillow_does_not_know_are_listed_in_the_end(folder, tiny):
    (folder / "phone.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    skipped = Index.build(*tiny, folder, progress=False).skipped
    assert [each.path for each in skipped] == ["phone.HEIC"]
    assert "an HEIC without its head" in skipped[0].reason


def test_hidden_pictures_and_folders_are_listed_as_such(folder, rng):
    (folder / ".thumbnails").mkdir()
    noise(rng, 5, 7, 3).save(folder / ".thumbnails" / "a.png")
    shutil.copy(folder / "a.png", folder / "b" / ".a.png")
    assert len(names(folder)) == 4
    assert reasons(folder) == {".thumbnails": "a hidden folder", "b/.a.png": "a hidden file"}


def test_links_add_what_lies_elsewhere_and_nothing_twice(folder, tmp_path):
    shutil.copytree(folder / "b", tmp_path / "elsewhere")
    shutil.copy(folder / "a.png", tmp_path / "single.png")
    (folder / "0 copy.png").symlink_to(folder / "a.png")
    (folder / "0 single.png").symlink_to(tmp_path / "single.png")
    (folder / "0 up").symlink_to(folder)
    (folder / "0 other").symlink_to(tmp_path / "elsewhere")
    (folder / "gone").symlink_to(tmp_path / "nowhere")
    (folder / "self.png").symlink_to(folder / "self.png")
    assert names(folder) == [
        "0 other/0.png",
        "0 other/c/1.png",
        "0 single.png",
        "a.png",
        "b/0.png",
        "b/c/1.png",
        "c.png",
    ]
    found = reasons(folder)
    assert found.pop("self.png").startswith("a link that leads nowhere (Too many levels")
    assert found == {
        "0 copy.png": "a link to a file that is searched already",
        "0 up": "a link to a folder that is read already",
        "gone": NOWHERE,
    }


def test_links_that_lead_to_each_other_end(folder, tmp_path):
    for here, there in (("one", "two"), ("two", "one")):
        (tmp_path / here).mkdir()
        (tmp_path / here / "on").symlink_to(tmp_path / there)
    (folder / "start").symlink_to(tmp_path / "one")
    assert reasons(folder) == {"start/on/on": "a link to a folder that is read already"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_and_sockets_are_listed_and_never_opened(folder, monkeypatch):
    os.mkfifo(folder / "pipe.png")
    server = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(folder)  # the path of a socket may not be long
    server.bind("socket")
    server.close()
    reason = "no file, but a pipe, a device or the like"
    assert reasons(folder) == {"pipe.png": reason, "socket": reason}


def test_folders_that_cannot_be_read_are_listed(folder, monkeypatch):
    """As root may read everything, the refusal is simulated; the real one follows below."""
    real = os.scandir

    def refuse(path):
        if str(path).endswith("b"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert names(folder) == ["a.png", "c.png"]
    assert reasons(folder) == {"b": "a folder that cannot be read (Permission denied)"}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_folders_and_files_without_leave_to_read_are_listed(folder, tiny):
    (folder / "b").chmod(0)
    (folder / "a.png").chmod(0)
    skipped = Index.build(*tiny, folder, progress=False).skipped
    (folder / "b").chmod(0o700)
    assert [each.path for each in skipped] == ["a.png", "b"]
    assert all("Permission denied" in each.reason for each in skipped)


def test_files_that_vanish_after_the_listing_are_listed(folder, tiny, monkeypatch):
    real = encoding.open_rgb

    def late(path, **how):
        Path(path).unlink()
        return real(path, **how)

    monkeypatch.setattr(encoding, "open_rgb", late)
    index = Index.build(*tiny, folder, progress=False)
    assert len(index) == 0
    why = "no file (No such file or directory); check the path"
    assert index.skipped[0].path == "a.png"
    assert index.skipped[0].reason.startswith(why)


def test_every_odd_file_is_searched_or_listed_with_a_reason(tmp_path, rng, tiny):
    odd = fill(tmp_path / "odd", rng)
    index = Index.build(*tiny, odd.path, progress=False, path=tmp_path / "index")
    assert index.items == odd.good
    listed = [each.path for each in index.skipped]
    assert listed == sorted([*odd.bad, "pipe.png", "round"])
    assert not any(
        "open_rgb" in each.reason or each.path in each.reason for each in index.skipped
    )
    again = Index.open(tmp_path / "index", *tiny)
    assert (again.items, again.skipped) == (index.items, index.skipped)
    assert (RAW_NAME in again.items) == (sys.platform == "linux")
    shuffled = rng.permutation(len(index))
    paths = [odd.path / index.items[row] for row in shuffled]
    other = Index.build(*tiny, paths, progress=False)
    np.testing.assert_allclose(other.features, index.features[shuffled], atol=1e-5)


def test_nothing_is_written_into_the_folder(folder, tiny, tmp_path):
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    index = Index.build(*tiny, folder, progress=False, path=tmp_path / "index")
    index.update(progress=False)
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_default_path_is_in_the_cache_and_tells_folders_and_models_apart(
    folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = default_path(folder, "ViT-B/32")
    assert path.parent == tmp_path / "cache" / "mmcourse" / "indexes"
    assert path.name.startswith("pictures-vit-b-32-")
    assert default_path(f"{folder}/b/../", "ViT-B/32") == path
    assert not path.parent.exists()
    others = {default_path(folder / "b", "ViT-B/32"), default_path(folder, "tiny"), path}
    assert len(others) == 3


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "not/absolute"}, ".cache"),
        ("linux", {"XDG_CACHE_HOME": ""}, ".cache"),
        ("darwin", {"XDG_CACHE_HOME": "/elsewhere"}, "Library/Caches"),
        ("win32", {"LOCALAPPDATA": ""}, "AppData/Local"),
    ],
)
def test_each_platform_has_its_cache(tmp_path, monkeypatch, platform, variables, expected):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_path("/", "tiny").is_relative_to(tmp_path / expected / "mmcourse")
