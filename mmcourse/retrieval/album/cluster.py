"""An index of an album too large for one machine, encoded on many by Ray Data.

What is to be encoded is cut into shards of whole batches, the very batches that one machine
would take. Actors on the cluster hold the model, open the files of a shard and send back its
vectors; here each shard is written as an index of its own as soon as it is there, and at the
end all are merged. Ray gives what a worker had when it died to another one, and a build that
was killed here goes on with the shards that lie beside the index. So FOLDER must be found by
the same path on every machine, and the index only here.

Needs the extra `cluster` (https://docs.ray.io). Leaves out what is larger than the memory here,
as the merged vectors are.
"""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.images import readers
from mmcourse.retrieval.album.build import alone, begun, reusable
from mmcourse.retrieval.album.encode import Batch, Encoder, device_of, encode
from mmcourse.retrieval.album.file import (
    SUFFIX,
    DamagedIndexError,
    OtherVersionError,
    read,
    write,
)
from mmcourse.retrieval.album.fingerprint import fingerprint
from mmcourse.retrieval.album.sources import Entry, Source
from mmcourse.retrieval.album.stored import Stored
from mmcourse.retrieval.album.table import Table

SHARDS = ".shards"
"""Ends the name of the folder beside an index where its shards lie until they are merged."""

SECONDS = 10
"""In which a cluster has to answer."""

BATCHES = 16
"""Of which a shard consists: 1,024 pictures, as batches usually are."""


def make_on(address: str, by: Encoder, source: Source, path: Path) -> Stored:
    """Return what a source of files holds, encoded on a cluster, and keep it at a path.

    The names are those of one machine's index, and so are the vectors: to the bit where the
    machines compute alike, else up to rounding.

    Raises:
        ImportError: Ray is not installed.
        ConnectionError: an OSError; no cluster answers at the address.
        ValueError, BlockingIOError, OSError: as for `build.make`.
    """
    mark = fingerprint(by.model)
    with alone(path):
        there = reusable(path, by, mark)
        table = begun(by, source, there)
        beside = path.with_name(path.name + SHARDS)
        beside.mkdir(exist_ok=True)
        known = _take_over(table, beside, mark)
        for number, (places, batches) in enumerate(_encoded(address, by, table), known):
            part = _part(table, places, batches)
            write(
                beside / f"{number:06}{SUFFIX}",
                part.stored(fingerprint=mark, model_name=by.model_name, readers=readers()),
            )
            for some, batch in zip(_cut(places, by.batch), batches, strict=True):
                table.fill(some, batch)
        stored = table.stored(fingerprint=mark, model_name=by.model_name, readers=readers())
        if there is None or not stored.equals(there):
            write(path, stored)
        rmtree(beside)
    return stored


def _take_over(table: Table, beside: Path, mark: str) -> int:
    """Fill the rows that shards of a build that was killed hold; return a free number."""
    number = -1
    for file in sorted(beside.glob(f"*{SUFFIX}")):
        number = int(file.stem)
        try:
            shard = read(file)
        except (DamagedIndexError, OtherVersionError):
            continue
        if shard.fingerprint == mark:
            table.take_over_all(shard, readers())
    return number + 1


def _part(table: Table, places: Sequence[int], batches: Sequence[Batch]) -> Table:
    """Return the rows of a shard as a table of its own."""
    entries = [table.source.entries[place] for place in places]
    dim = batches[0].vectors.shape[1]
    part = Table(replace(table.source, entries=entries, skipped=[]), dim)
    done = 0
    for batch in batches:
        part.fill(range(done, done + len(batch.reasons)), batch)
        done += len(batch.reasons)
    return part


def _encoded(
    address: str, by: Encoder, table: Table
) -> Iterator[tuple[list[int], list[Batch]]]:
    """Yield the places of each shard and its batches, in whichever order they come."""
    left = table.left()
    if not left:
        return
    shards = list(_cut(left, BATCHES * by.batch))
    rows = [
        {"number": number, "files": _said([table.source.entries[place] for place in places])}
        for number, places in enumerate(shards)
    ]
    bar = tqdm(total=len(left), unit="picture", desc="Encoding", disable=not by.progress)
    with _connected(address) as ray, closing(bar):
        for row in _on_actors(ray, by, rows).iter_rows():
            batches = _batches(row, by)
            places = shards[row["number"]]
            bar.update(len(places))
            yield places, batches


def _on_actors(ray: Any, by: Encoder, rows: list[dict[str, Any]]) -> Any:
    """Return the data set that makes batches of the files of shards, a shard at a time."""
    on_gpu = device_of(by.model).type == "cuda"
    threads = min(torch.get_num_threads(), _most_cores(ray))
    model = deepcopy(by.model).cpu() if on_gpu else by.model
    held = ray.put(replace(by, model=model, progress=False))
    actors = max(1, min(len(rows), int(ray.cluster_resources().get("CPU", 1)) // threads))
    return ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        Encoding,
        fn_constructor_args=([held], threads, Image.MAX_IMAGE_PIXELS, on_gpu),
        batch_size=1,
        num_cpus=threads,
        num_gpus=1 if on_gpu else None,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
    )  # an actor that dies is started again, and its shard given out again, by default


def _most_cores(ray: Any) -> int:
    """Return how many cores the largest machine has, since an actor must fit onto one."""
    machines = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    if (most := int(max(machines, default=0))) < 1:
        raise ConnectionError(
            "Index: the cluster must have machines with cores to compute on; got none; start "
            "workers with `ray start --address ADDRESS`."
        )
    return most


class Encoding:
    """An actor: a model that is loaded once and encodes the files of many shards."""

    def __init__(self, held: list[Any], threads: int, most: int | None, on_gpu: bool) -> None:  # noqa: FBT001 - Ray passes them by place
        import ray

        torch.set_num_threads(threads)
        Image.MAX_IMAGE_PIXELS = most
        self.by: Encoder = ray.get(held[0])
        if on_gpu:
            self.by.model.cuda()

    def __call__(self, rows: dict[str, Any]) -> dict[str, Any]:
        """Return the vectors of a shard, and why some files have none."""
        entries = _entries(str(rows["files"][0]))
        batches = list(encode(self.by, entries))
        vectors = np.concatenate([each.vectors for each in batches])
        reasons = [reason for each in batches for reason in each.reasons]
        return {
            "number": rows["number"],
            "vectors": np.array([vectors.astype("<f4").tobytes()], object),
            "reasons": [json.dumps(reasons)],
        }


def _batches(row: dict[str, Any], by: Encoder) -> list[Batch]:
    """Return a shard's batches as they came over the network."""
    dim = by.model.text_projection.shape[1]
    vectors = np.frombuffer(row["vectors"], "<f4").reshape(-1, dim)
    batches = []
    for reasons in _cut(json.loads(row["reasons"]), by.batch):
        count = sum(reason is None for reason in reasons)
        batches.append(Batch(vectors[:count], reasons))
        vectors = vectors[count:]
    return batches


def _said(entries: Sequence[Entry]) -> str:
    """Return files as JSON, in ASCII, as names may hold what is no UTF-8."""
    return json.dumps([[each.item, each.content, each.stamp] for each in entries])


def _entries(said: str) -> list[Entry]:
    return [Entry(item, content, tuple(stamp)) for item, content, stamp in json.loads(said)]


def _cut(things: Sequence[Any], size: int) -> list[Any]:
    return [things[start : start + size] for start in range(0, len(things), size)]


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Let the block use the cluster at an address; what is connected already stays so."""
    ray = _ray()
    ours = not ray.is_initialized()
    if ours:
        try:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise ConnectionError(
                f"Index: a Ray cluster must answer at {address}; got {reason!r}; start one "
                "with `ray start --head`, and pass the address that it prints."
            ) from error
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        yield ray
    finally:
        if ours:
            ray.shutdown()


def _knock(address: str) -> None:
    """Ask whether anything listens at an address: Ray itself would ask for minutes.

    Raises:
        OSError: nothing does.
    """
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host, int(port)), SECONDS).close()


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ImportError(
            "Index: Ray must be installed to encode on a cluster; it is not; pip install -e "
            '".[cluster]" adds it; without --ray this machine encodes'
        ) from error
    return ray
