"""From nothing to a loaded model, and to what a search found, beside importing torch alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from bench.made import version
from bench.measure import Case, Way
from mmcourse.world import render, sample_scene

TITLE = "Starting, in a new process"
COUNT = 500
NOTE = """Of what a search takes beside torch, a quarter are further imports, a quarter the
48,894 merges of the vocabulary; the rest are the model, the index, and the folder's files."""
TORCH = ("-c", "import torch")


def cases(*, large: bool) -> Iterator[Case]:
    """Yield a model's loading, and a search in an index of 500 that stands."""
    del large
    torch = started(*TORCH)
    load = "from mmcourse import clip; clip.load('tiny', device='cpu')"
    yield Case(
        name='`clip.load("tiny")`',
        unit="starts/s",
        count=1,
        ours=started("-c", load),
        peers={f"{version('torch')}, imported alone": torch},
    )
    folder = TemporaryDirectory()  # lives as long as the search, which names it
    rng = np.random.default_rng(0)
    for number in range(COUNT):
        picture = Image.fromarray(render(sample_scene(rng), size=64))
        picture.save(Path(folder.name, f"{number:04}.png"))
    search = started("-m", "mmcourse", "search", folder.name, "a red cat", "--model", "tiny")
    search()  # builds the index
    yield Case(
        name=f"`python -m mmcourse search`, an index of {COUNT} pictures",
        unit="searches/s",
        count=1,
        ours=search,
        peers={f"{version('torch')}, imported alone": torch},
    )


def started(*words: str) -> Way:
    """Return: start a Python with these words, and wait for its end."""
    command = [sys.executable, *words]
    return lambda: subprocess.run(command, capture_output=True, check=True)
