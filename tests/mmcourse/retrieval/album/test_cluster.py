"""An index that a cluster encoded: the same as one machine's, whoever is killed in the middle.

The tests that start Ray (a head and two workers on loopback) are slow, and are skipped where
it is not installed; the others put this process in the cluster's place.
"""

import json
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from PIL import Image

from mmcourse import clip
from mmcourse.__main__ import main
from mmcourse.retrieval import Index
from mmcourse.retrieval.album import cluster
from mmcourse.retrieval.album.build import make
from mmcourse.retrieval.album.encode import encoder
from mmcourse.retrieval.album.sources import gather

PICTURES, BATCH, SECONDS = 23, 2, 240


@pytest.fixture
def album(tmp_path, rng):
    """Return a folder of pictures of noise, of which one is torn and one is named oddly."""
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(PICTURES):
        pixels = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02} ö.png")
    (folder / "torn.png").write_bytes(b"\x89PNG")
    return str(folder)


@pytest.fixture
def by(monkeypatch):
    """Return how to encode: two pictures at a time, of which four make a shard."""
    monkeypatch.setattr(cluster, "BATCHES", 2)
    torch.set_num_threads(1)
    return encoder(*clip.load("tiny", device="cpu"), "tiny", BATCH, 1, progress=False)


@pytest.fixture
def here(monkeypatch):
    """Let the actor work in this process, on the last shard first."""

    def on_actors(_, by, rows):
        actor = object.__new__(cluster.Encoding)
        actor.by = by
        made = []
        for row in reversed(rows):
            columns = actor({name: np.array([each], object) for name, each in row.items()})
            made.append({name: column[0] for name, column in columns.items()})
        return type("Rows", (), {"iter_rows": lambda _: iter(made)})()

    @contextmanager
    def connected(address):
        yield None

    monkeypatch.setattr(cluster, "_on_actors", on_actors)
    monkeypatch.setattr(cluster, "_connected", connected)


@pytest.mark.usefixtures("here")
def test_merged_shards_are_one_machines_index_to_the_bit(album, by, tmp_path):
    path = tmp_path / "it.safetensors"
    merged = cluster.make_on("auto", by, gather(album), path)
    assert merged.equals(make(by, gather(album)))
    assert len(merged.items) == PICTURES
    assert [each.path for each in merged.skipped] == ["torn.png"]
    assert Index.open(path).items == merged.items
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "album",
        "it.safetensors",
        "it.safetensors.lock",
    ]


@pytest.mark.usefixtures("here")
def test_shards_of_a_build_that_was_killed_are_not_encoded_again(
    album, by, tmp_path, monkeypatch
):
    path = tmp_path / "it.safetensors"
    written = []

    def write_three(place, stored):
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(stored.items)
        real(place, stored)

    real = cluster.write
    monkeypatch.setattr(cluster, "write", write_three)
    with pytest.raises(KeyboardInterrupt):
        cluster.make_on("auto", by, gather(album), path)
    assert not path.exists()
    monkeypatch.setattr(cluster, "write", real)
    (tmp_path / "it.safetensors.shards" / "000001.safetensors").write_bytes(b"torn")
    encoded = []
    monkeypatch.setattr(cluster, "encode", lambda by, entries: spied(encoded, by, entries))
    merged = cluster.make_on("auto", by, gather(album), path)
    known = {*written[0], *written[2]}
    assert {each.item for each in encoded}.isdisjoint(known)
    assert len(encoded) == PICTURES + 1 - 8  # two shards of four are known, torn.png among them
    assert merged.equals(make(by, gather(album)))


def spied(encoded, by, entries):
    encoded += entries
    yield from real_encode(by, entries)


real_encode = cluster.encode


@pytest.mark.usefixtures("here")
def test_an_index_that_is_there_is_brought_up_to_date(album, by, tmp_path, monkeypatch):
    path = tmp_path / "it.safetensors"
    cluster.make_on("auto", by, gather(album), path)
    monkeypatch.setattr(cluster, "encode", None)
    cluster.make_on("auto", by, gather(album), path)


def test_a_cluster_that_does_not_answer_is_a_fault_in_words(album, by, tmp_path, monkeypatch):
    class Deaf:
        is_initialized = staticmethod(lambda: False)

        def init(self, **_):
            raise RuntimeError("no GCS\nat all")

    monkeypatch.setattr(cluster, "_ray", Deaf)
    with pytest.raises(ConnectionError, match=r"must answer at auto; got 'no GCS'; start one"):
        cluster.make_on("auto", by, gather(album), tmp_path / "it.safetensors")
    with socket.socket() as taken:  # and listens to nobody
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=f"must answer at {address}; got"):
            cluster.make_on(address, by, gather(album), tmp_path / "it.safetensors")


@pytest.fixture
def two_workers(monkeypatch):
    """Start a head that computes nothing and two workers, on loopback; stop them at the end."""
    pytest.importorskip("ray", reason="the extra `cluster` is not installed")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", ":".join(filter(None, sys.path)))  # for the workers
    from ray._private import ray_constants
    from ray.cluster_utils import Cluster

    monkeypatch.setattr(ray_constants, "ENABLE_RAY_CLUSTER", False)  # or 127.0.0.1 is replaced
    node = {"object_store_memory": 80_000_000, "node_ip_address": "127.0.0.1"}
    soon = {
        "health_check_initial_delay_ms": 0,
        "health_check_period_ms": 1000,
        "health_check_failure_threshold": 5,
    }
    head = node | {"num_cpus": 0, "include_dashboard": False, "_system_config": soon}
    machines = Cluster(initialize_head=True, head_node_args=head)
    try:
        yield machines, [machines.add_node(num_cpus=1, **node) for _ in range(2)]
    finally:
        machines.shutdown()


@contextmanager
def at_most(seconds):
    """Let the block raise after so many seconds."""

    def too_long(number, frame):
        raise TimeoutError(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm to bound it by")
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(album, by, two_workers, tmp_path):
    machines, workers = two_workers
    path = tmp_path / "it.safetensors"

    def slowly(picture, inner=by.preprocess):
        import ray

        (tmp_path / ray.get_runtime_context().get_node_id()).touch()  # says where it works
        time.sleep(0.3)
        return inner(picture)

    def kill():
        while not (begun := list(tmp_path.glob("*.shards/*.safetensors"))):
            time.sleep(0.05)
        killed.append(len(begun))
        at_work = next(each for each in workers if (tmp_path / each.node_id).exists())
        machines.remove_node(at_work, allow_graceful=False)

    killed = []
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    slow = encoder(by.model, slowly, "tiny", BATCH, 1, progress=False)
    with at_most(SECONDS):
        merged = cluster.make_on(machines.address, slow, gather(album), path)
    killer.join(SECONDS)
    assert killed[0] < 6  # of six shards
    assert merged.equals(make(by, gather(album)))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm to bound it by")
@pytest.mark.filterwarnings("ignore")
def test_the_command_takes_the_address_of_a_cluster(album, by, two_workers, tmp_path, capsys):
    words = ["index", album, "--model", "tiny", "--batch", "2", "--json"]
    words += ["--index", str(tmp_path / "it.safetensors")]
    with at_most(SECONDS):
        assert main([*words, "--ray", two_workers[0].address]) == 0
    assert json.loads(capsys.readouterr().out)["pictures"] == PICTURES
    assert np.array_equal(
        Index.open(tmp_path / "it.safetensors").features, make(by, gather(album)).features
    )
