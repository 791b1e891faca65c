"""One probe, from its options to what it prints and writes.

All is asked before the first file is written, and the files appear together or not at all.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import final

import torch

from mmcourse.atomic import whole_file
from mmcourse.clip import load
from mmcourse.probe.battery import probe
from mmcourse.probe.options import FILES, Options, label
from mmcourse.probe.page import figure, html, markdown, printed
from mmcourse.terminal import printable, say


@final
@dataclass(frozen=True)
class Report:
    """What a probe found.

    Args:
        lines: to print.
        files: the page, by the files' names.
    """

    lines: list[str]
    files: Mapping[str, bytes]


def report(options: Options) -> Report:
    """Return what a probe finds; nothing is written yet.

    Raises:
        FileNotFoundError: there are no such weights.
        ValueError: no model has this name, its file is none of a CLIP, or there is no such
            device.
        OSError: the release cannot be fetched, or the model does not fit into memory.
    """
    try:
        model, _ = load(options.model, device=options.device)
        found = probe(
            model,
            pairs=options.pairs,
            seed=options.seed,
            told=lambda part: say(f"probe: {part} …"),
        )
    except (MemoryError, torch.OutOfMemoryError) as error:
        reason = str(error).partition("\n")[0][:200].rstrip(".")
        raise OSError(
            "probe: memory must hold the model and a batch of pictures of its resolution; got "
            f"too little ({reason}); close other programs, or pass --device cpu."
        ) from error
    models = {label(options.model): found}
    picture, alt = figure(models)
    data = {"model": printable(options.model), **found.as_data()}
    contents = (
        html(models, picture, alt).encode(),
        markdown(models, "probe.png", alt).encode(),
        picture,
        json.dumps(data, indent=1, allow_nan=False).encode() + b"\n",
    )
    return Report(printed(found), dict(zip(FILES, contents, strict=True)))


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Write all files into a folder, which is made, or none of them.

    Raises:
        OSError: they cannot be written there.
    """
    new = not out.exists()
    out.mkdir(exist_ok=True)
    try:
        with ExitStack() as stack:
            for name, content in files.items():
                file = stack.enter_context(whole_file("probe", out / name))
                file.write(content)
                file.flush()  # a full disk is full before the first file has its name
    except BaseException:
        if new:
            with suppress(OSError):
                out.rmdir()
        raise
    say(f"probe: written to {printable(str(out / 'probe.html'))}")
