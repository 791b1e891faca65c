"""The shipped models: how each was made, what it can do, and whether its file is whole.

`mmcourse/weights/manifest.toml` has one table a model; the file beside it has the model's name.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, final

from mmcourse.atomic import write_whole
from mmcourse.boundary.signature import checked

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
"""The folder of the shipped models."""

FILE = "manifest.toml"

DAMAGED = (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What a manifest raises whose tables, or numbers, are something else."""


@final
@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the manifest says of one model.

    Args:
        sha256: of its file.
        command: what made it.
        seed: that the training started from.
        device: that it ran on.
        minutes: that it took.
        metrics: name -> share of right answers, and number of answers.
        model: the class whose weights they are.
    """

    sha256: str
    command: str
    seed: int
    device: str
    minutes: float
    metrics: Mapping[str, tuple[float, int]]
    model: str = "CLIP"


@checked
def sha256(path: str | os.PathLike[str]) -> str:
    """Return a file's SHA-256 (FIPS 180-4) as 64 hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@checked
def manifest(model: str | None = None) -> dict[str, Entry]:
    """Return what is known of each shipped model, by name.

    Args:
        model: the class whose weights are asked for, such as "CLIP"; None asks for all.

    Raises:
        ValueError: the manifest is damaged.
    """
    path = WEIGHTS / FILE
    if not path.is_file():
        return {}
    try:
        entries = _entries(path.read_text(encoding="utf-8"))
    except DAMAGED as error:
        raise ValueError(
            f"manifest: {path} must have a table of its keys for each model; got one where "
            f"{error!s:.300}; install the course again."
        ) from error
    return {name: each for name, each in entries.items() if model in (None, each.model)}


@checked
def shipped(name: str) -> Path:
    """Return the file of a shipped model, after checking that it is the one that was measured.

    Raises:
        ValueError: no shipped model has this name, or its file is not the one in the manifest.
        FileNotFoundError: its file is missing.
    """
    known = manifest()
    if name not in known:
        raise ValueError(
            f"shipped: name must be one of {', '.join(known) or '(none is shipped yet)'}; got "
            f"{name!r}."
        )
    path = WEIGHTS / f"{name}.safetensors"
    if not path.is_file():
        raise FileNotFoundError(
            f"shipped: expected {path}; it is missing; install the course again."
        )
    if (found := sha256(path)) != known[name].sha256:
        raise ValueError(
            f"shipped: {path} must have the SHA-256 {known[name].sha256}; got {found}; the "
            "file is damaged or was changed: install the course again."
        )
    return path


@checked
def write_manifest_entry(name: str, entry: Entry) -> None:
    """Write what is known of one model into the manifest, in place of what it said before.

    Raises:
        OSError: the manifest cannot be written.
        ValueError: the manifest that is there is damaged, or the entry could not be read back.
    """
    entries = manifest() | {name: entry}
    text = "\n".join(_table(each, entries[each]) for each in sorted(entries))
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(
            f"write_manifest_entry: entry must hold finite numbers and plain text; got "
            f"{entry!s:.200} for {name!r:.40}: {error}; measure again."
        ) from error
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    write_whole("write_manifest_entry", WEIGHTS / FILE, text.encode())


@lru_cache(maxsize=1)
def _entries(text: str) -> Mapping[str, Entry]:
    """Return what a manifest says; reading it takes a while, and loading a model asks often."""
    return {name: _entry(table) for name, table in tomllib.loads(text).items()}


def _entry(table: Any) -> Entry:
    metrics = {name: (float(share), int(n)) for name, (share, n) in table["metrics"].items()}
    return Entry(**{**table, "metrics": metrics})


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(name: str, entry: Entry) -> str:
    """Return one model's tables in TOML, whose strings and numbers are written as JSON's."""
    lines = [
        f"[{_toml(name)}]",
        *(
            f"{key} = {_toml(getattr(entry, key))}"
            for key in ("model", "sha256", "command", "seed", "device", "minutes")
        ),
        "",
        f"[{_toml(name)}.metrics]  # share of right answers, number of answers",
        *(
            f"{_toml(metric)} = {_toml(list(entry.metrics[metric]))}"
            for metric in sorted(entry.metrics)
        ),
    ]
    return "\n".join(lines) + "\n"
