"""Lesson 07 with other code and other weights under it: OpenAI's package, ViT-B/32's sizes."""

import ast
import json
import math
import os
import re
import subprocess
import sys

import nbformat
import pytest
from peers import import_peer
from places import HELPERS, ROOT

from mmcourse import checkpoints
from mmcourse.choice import VARIABLE
from mmcourse.clip.released.releases import RELEASES

LESSON = ROOT / "notebooks" / "07_using_clip.ipynb"
CELLS = {cell.id: cell for cell in nbformat.read(LESSON, as_version=4).cells}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def run_with(model, folder, *package):
    """Return what each cell prints with these weights, the network off."""
    result = folder / "printed.json"
    paths = (ROOT / "scripts" / "offline", HELPERS, ROOT)
    env = {**os.environ, VARIABLE: str(model), "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, str(HELPERS / "cells.py"), str(LESSON), str(result)]
    done = subprocess.run(
        [*command, *package], env=env, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(result.read_text(encoding="utf-8"))


def saved(name):
    """Return what the notebook as it is committed shows below a cell, as plain text."""
    return "".join(
        output.text if "text" in output else output.data["text/plain"] + "\n"
        for output in CELLS[name].outputs
    )


def numbers(text):
    """Return the numbers in a text, and the text without them."""
    return [float(number) for number in NUMBER.findall(text)], NUMBER.sub("#", text)


@pytest.mark.slow
def test_the_lesson_runs_unchanged_with_openais_package(tmp_path):
    import_peer("clip")
    exported = tmp_path / "tiny.pt"
    checkpoints.export_openai("tiny", exported)
    printed = run_with(exported, tmp_path, "clip")
    assert printed["clip"] == "clip"
    for name in ("07-table", "07-norm-measure", "07-open-measure"):
        theirs, ours = numbers(printed[name]), numbers(saved(name))
        assert len(ours[0]) > 5
        assert theirs[1].split() == ours[1].split()
        # A difference of 1e-6 may carry one cat of 24 over the line.
        assert theirs[0] == pytest.approx(ours[0], abs=1 / 24, rel=1e-3), printed[name]


@pytest.mark.slow
def test_the_lesson_runs_with_a_model_of_vit_b32s_sizes_and_claims_nothing_of_it(
    vit_b32, tmp_path
):
    printed = run_with(vit_b32, tmp_path)
    assert printed["clip"] == "mmcourse.clip"
    assert "pictures of 224 × 224 pixels" in printed["07-setup-load"]
    assert len(printed["07-table"].splitlines()) == len(saved("07-table").splitlines())
    claims = sum(cell.source.count("claim(") for cell in CELLS.values())
    shown = sum(text.count("; the course measured ") for text in printed.values())
    assert shown == claims > 40


def test_the_table_of_released_models_is_that_of_the_package():
    (assigned, *_) = ast.parse(CELLS["07-setup-models"].source).body
    assert ast.literal_eval(assigned.value) == {
        name: (
            round(release.parameters / 1e6),
            release.config.image_resolution,
            release.config.embed_dim,
            math.ceil(release.size / 2**20),
        )
        for name, release in RELEASES.items()
    }
