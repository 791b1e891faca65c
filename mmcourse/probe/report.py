"""One probe, from its options to what it prints and writes.

The files are made before the first is written, and each appears whole or not at all.
"""

import json

from mmcourse.atomic import write_whole
from mmcourse.clip import load
from mmcourse.probe.battery import probe
from mmcourse.probe.options import Options
from mmcourse.probe.page import figure, html, markdown, printed
from mmcourse.terminal import printable, say


def report(options: Options) -> list[str]:
    """Return the lines to print, once the page is written.

    Raises:
        FileNotFoundError: there are no such weights.
        ValueError: no model has this name, its file is none of a CLIP, or there is no such
            device.
        OSError: the release cannot be fetched, or the page not be written.
    """
    model, _ = load(options.model, device=options.device)
    found = probe(
        model, pairs=options.pairs, seed=options.seed, told=lambda part: say(f"probe: {part} …")
    )
    name = printable(options.model)
    models = {name: found}
    picture, alt = figure(models)
    files = {
        "probe.png": picture,
        "probe.md": markdown(models, "probe.png", alt).encode(),
        "probe.html": html(models, picture, alt).encode(),
        "probe.json": json.dumps({"model": name, **found.as_data()}, indent=1).encode() + b"\n",
    }
    options.out.mkdir(exist_ok=True)
    for file, content in files.items():
        write_whole("probe", options.out / file, content)
    say(f"probe: written to {printable(str(options.out / 'probe.html'))}")
    return printed(found)
