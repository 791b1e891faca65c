"""The benchmark: its modules find what they measure, and what they measure it beside."""

import subprocess
import sys

import pytest
from places import ROOT


@pytest.mark.parametrize(
    "module",
    ["bench.entries", "bench.encoding", "bench.grading", "bench.losses", "bench.measure"],
)
def test_a_module_of_the_bench_finds_all_that_it_imports(module):
    command = [sys.executable, "-W", "error::ImportWarning", "-c", f"import {module}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
