"""Every public name on a GPU as on the processor; where there is none, on a stand-in."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from differing import differences
from places import HELPERS, ROOT
from torch import nn

pytestmark = pytest.mark.slow

CUDA = (
    pytest.mark.gpu,
    pytest.mark.skipif(
        not torch.cuda.is_available(), reason="torch finds no CUDA device; nothing was tested"
    ),
)

WITHOUT = {
    "ask": "a command; vqa, which it asks, is tried",
    "caption": "a command; captioning is tried",
    "choice": "says a name",
    "data": "makes pictures and numbers of texts, on the processor",
    "draw": "a command; rectified_flow is tried",
    "images": "opens files",
    "indexes": "a command",
    "lesson": "compares numbers of Python's",
    "listen": "a command; audio is tried",
    "plots": "draws, from numbers that were copied",
    "probe": "a command; clip, which it asks, is tried",
    "recordings": "opens files",
    "search": "a command; retrieval is tried",
    "tokenizer": "makes numbers of texts, on the processor",
    "transformer": "its layers run inside those of clip, which is tried",
    "world": "numpy and Pillow alone",
}
"""Packages of which no public name is tried, and why."""


@pytest.fixture(scope="module", params=["afar", pytest.param("cuda", marks=CUDA)])
def said(request):
    """Return which names were tried on a device, in a process of its own, and which failed."""
    command = [sys.executable, HELPERS / "on_device.py", request.param]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_call_elsewhere_gives_what_it_gives_on_the_processor(said):
    assert len(said["tried"]) > 150
    assert said["wrong"] == {}


def test_every_package_is_tried_or_says_why_not(said, monkeypatch):
    monkeypatch.syspath_prepend(HELPERS / "wrong_values")
    from public_names import PACKAGES

    tried = {name.rpartition(".")[0] for name in said["tried"]}
    packages = {
        one for one in PACKAGES if any(f"{name}.".startswith(f"{one}.") for name in tried)
    }
    assert set(PACKAGES) - packages - {*WITHOUT} == set(), (
        "give a good call a tensor, or a reason"
    )
    assert packages & {*WITHOUT} == set()
    assert {*WITHOUT} - set(PACKAGES) == set(), "a reason is given for what is gone"


def test_what_is_excused_is_there_and_holds_a_tensor(said):
    assert said["gone"] == []


def adder(one):
    """Return a function that holds a number."""
    return lambda other: one + other


@pytest.mark.parametrize(
    ("found", "expected", "told"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, "result: ['a', 'b'], expected ['a']"),
        ({"a": {}}, {"a": {"b": 2}}, "result.a: [], expected ['b']"),
        ([1, 2], [1], "result: [0, 1], expected [0]"),
        ([1], (1,), "result: a list, expected a tuple"),
        ({1}, {1}, "result: nobody says how a set is compared"),
        ("a", None, "result: 'a', expected None"),
        (adder(1), adder(2), "result.one: 1, expected 2"),
        (torch.ones(2), torch.ones(3), "result: float32(2,), expected float32(3,)"),
    ],
)
def test_results_that_differ_are_told(found, expected, told):
    assert differences(found, expected) == [told]


def test_equal_results_do_not_differ():
    made = {
        "a": [torch.ones(2), np.arange(3), 0.5],
        "b": ("c", None, True),
        "d": nn.Linear(2, 3),
    }
    assert differences(made, made) == []


def test_a_tensor_that_is_left_behind_is_told():
    code = (
        "import afar, torch\n"
        "afar.tell_torch()\n"
        "with afar.Watching(), afar.Making():\n"
        "    there = torch.ones(3, 2).to('afar:0')\n"
        "    assert (there @ there.T).cpu().sum() == 18\n"
        "    assert torch.tensor([2.0], device=there.device).device.type == 'afar'\n"
        "    for wrong in (\n"
        "        lambda: there + torch.ones(3, 2),\n"
        "        lambda: there.numpy(),\n"
        "        lambda: torch.rand(3, generator=torch.Generator(), device=there.device),\n"
        "    ):\n"
        "        try:\n"
        "            wrong()\n"
        "        except (RuntimeError, TypeError):\n"
        "            continue\n"
        "        raise SystemExit('not told')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HELPERS, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
