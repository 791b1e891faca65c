"""Releases by name: where they are kept, and what never happens to them there."""

import errno
import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from twins import SMALL, random_clip
from weights_server import CONTENT, cut_at, fetch, left, nobody, release, serving
from weights_server import direct as direct  # a fixture of every test here

from mmcourse import checkpoints, clip
from mmcourse.clip.released.download import download
from mmcourse.clip.released.releases import RELEASES

CHILD = """
import sys
from dataclasses import replace
from mmcourse.clip.released.download import download
from mmcourse.clip.released.releases import RELEASES
url, sha256, folder = sys.argv[1:]
print(download(replace(RELEASES["RN50"], url=url, sha256=sha256), folder, pauses=()))
"""
"""A program that downloads one file and prints where it is."""


def test_a_file_comes_whole_under_its_own_name_and_alone(tmp_path):
    with serving() as server:
        path = fetch(release(server.url), tmp_path / "a" / "b")
    assert path == tmp_path / "a" / "b" / "any.pt"
    assert path.read_bytes() == CONTENT
    assert left(path.parent) == ["any.pt"]
    assert server.ranges_asked == [None]


@pytest.mark.parametrize("terminal", [False, True])
def test_a_bar_goes_to_terminals_only(terminal, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with serving() as server:
        fetch(release(server.url), tmp_path)
    said = capsys.readouterr()
    assert said.out == ""
    assert ("any.pt" in said.err, "100%" in said.err) == (terminal, terminal)
    assert terminal or not said.err


def test_a_file_that_is_there_is_neither_fetched_again_nor_locked(tmp_path):
    (tmp_path / "any.pt").write_bytes(CONTENT)
    with serving() as server:
        assert fetch(release(server.url), tmp_path) == tmp_path / "any.pt"
    assert server.asked == []
    assert [path.name for path in tmp_path.iterdir()] == ["any.pt"]


@pytest.mark.parametrize("format", ["TorchScript archive", "state dict"])
def test_a_release_is_loaded_by_its_name_alone(format, tmp_path, monkeypatch):
    model = random_clip(SMALL["resnet"])
    if format == "state dict":
        torch.save(model.state_dict(), tmp_path / "source")
    else:
        checkpoints.export_openai(model, tmp_path / "source")
    with serving((tmp_path / "source").read_bytes()) as server:
        monkeypatch.setitem(RELEASES, "RN50", release(server.url, server.content, "RN50"))
        for _ in range(2):
            found, preprocess = clip.load("RN50", "cpu", download_root=tmp_path)
    assert len(server.asked) == 1
    assert preprocess.n == 96
    for name, tensor in model.state_dict().items():
        assert torch.equal(found.state_dict()[name], tensor), name


def test_a_file_of_another_hash_never_gets_the_final_name(tmp_path):
    wrong = hashlib.sha256(b"other").hexdigest()
    with (
        serving() as server,
        pytest.raises(ValueError, match=rf"whose SHA-256 is {wrong}; got [\d,]+ bytes"),
    ):
        fetch(release(server.url, b"other"), tmp_path)
    assert len(server.asked) == 1
    assert left(tmp_path) == []


def test_without_a_network_one_is_told_how_to_do_it_by_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("waits for nobody"))
    wanted = replace(RELEASES["ViT-B/32"], url=nobody())
    with pytest.raises(ConnectionError) as caught:
        download(wanted, tmp_path)
    message = str(caught.value)
    assert message.startswith(f"download: OpenAI's ViT-B/32 must come from {wanted.url}; ")
    assert f"and put the file at {tmp_path / 'any.pt'}; it has about 353 MB" in message
    assert message.endswith(f"and the SHA-256 {wanted.sha256}.")
    assert left(tmp_path) == []


def test_a_spoilt_file_is_replaced_and_one_is_told(tmp_path):
    (tmp_path / "any.pt").write_bytes(CONTENT[:-1])
    with (
        serving() as server,
        pytest.warns(UserWarning, match=r"any.pt must have the SHA-256 .* is not used"),
    ):
        path = fetch(release(server.url), tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_spoilt_file_is_never_loaded_and_without_a_network_left_alone(tmp_path):
    (tmp_path / "any.pt").write_bytes(CONTENT[:-1])
    with (
        pytest.warns(UserWarning, match=r"it is not used"),
        pytest.raises(ConnectionError, match=r"that is there has another SHA-256 and is not"),
    ):
        fetch(replace(RELEASES["RN50"], url=nobody()), tmp_path)
    assert (tmp_path / "any.pt").read_bytes() == CONTENT[:-1]


def test_too_small_a_disk_is_found_out_before_it_is_full(tmp_path, monkeypatch):
    with serving() as server:
        cut_at(server, tmp_path, 1000)
        files, usage = left(tmp_path), shutil.disk_usage(tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=300_000))
        with pytest.raises(OSError, match=r"0.3 MB are free, 3.0 MB are needed") as caught:
            fetch(release(server.url), tmp_path)
        assert caught.value.errno == errno.ENOSPC
        assert str(tmp_path) in str(caught.value)
        assert left(tmp_path) == files
        assert (tmp_path / "any.pt.partial").read_bytes() == CONTENT[:1000]
        monkeypatch.undo()
        assert fetch(release(server.url), tmp_path).read_bytes() == CONTENT


def test_a_disk_that_fills_up_is_given_back_what_it_had(tmp_path, monkeypatch):
    class Full(io.FileIO):
        def write(self, piece):
            if self.tell() + len(piece) > 300_000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(piece)

    ordinary = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda path, mode="r", **how: (
            Full(path, mode) if mode == "ab" else ordinary(path, mode, **how)
        ),
    )
    with (
        serving() as server,
        pytest.raises(OSError, match=r"no space left: [\d.]+ MB are free, 3.0 MB") as e,
    ):
        fetch(release(server.url), tmp_path)
    assert e.value.errno == errno.ENOSPC
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match=r"download: any.pt must be kept in .*cache; .*download_"):
        fetch(replace(RELEASES["RN50"], url=nobody()), tmp_path / "cache")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    (tmp_path / "any.pt").mkdir()
    with pytest.raises(
        IsADirectoryError, match=r"must be kept in .*; Is a directory: .*any.pt"
    ):
        fetch(replace(RELEASES["RN50"], url=nobody()), tmp_path)


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 0)() == 0, reason="to this user every folder is writable"
)
def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "any.pt").write_bytes(CONTENT)
    tmp_path.chmod(0o500)
    with serving() as server:
        assert fetch(release(server.url), tmp_path).read_bytes() == CONTENT  # reading is enough
        with pytest.raises(PermissionError, match=r"must be kept in .*; Permission denied"):
            fetch(replace(RELEASES["RN50"], url=f"{server.url}2"), tmp_path)
    tmp_path.chmod(0o700)


def child(server, folder):
    """Start a program that downloads the server's file."""
    wanted = release(server.url)
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, wanted.url, wanted.sha256, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_of_two_processes_one_fetches_and_both_have_a_good_file(tmp_path, hold):
    with serving(hold=hold) as server, child(server, tmp_path) as first:
        wait_for(lambda: server.sent, first)
        with child(server, tmp_path) as second:
            assert "waiting for another process that fetches any.pt" in second.stderr.readline()
            hold.set()
            outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert outputs == [f"{tmp_path / 'any.pt'}\n"] * 2
    assert len(server.asked) == 1
    assert (tmp_path / "any.pt").read_bytes() == CONTENT
    assert left(tmp_path) == ["any.pt"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")
def test_what_a_killed_process_had_is_not_asked_for_again(tmp_path, hold):
    partial = tmp_path / "any.pt.partial"
    with serving(hold=hold) as server, child(server, tmp_path) as killed:
        wait_for(lambda: partial.exists() and partial.stat().st_size > 100_000, killed)
        killed.kill()
        killed.communicate()
        hold.set()
        had = partial.stat().st_size
        assert not (tmp_path / "any.pt").exists()
        path = fetch(release(server.url), tmp_path)
    assert server.ranges_asked == [None, f"bytes={had}-"]
    assert path.read_bytes() == CONTENT


@pytest.fixture
def hold():
    """Return what holds a server's answers in the middle until it is set."""
    return threading.Event()


def wait_for(happened, process):
    """Wait until something has happened in another process."""
    while not happened():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
