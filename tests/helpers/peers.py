"""Other people's packages, as oracles: imported here, or the test is skipped and says why.

Three things stand between them and a plain import beside a CPU build of torch:

- The torchvision of PyPI is compiled for CUDA. Its library does not load, and without it
  torchvision fails to import for want of two operators; they are declared here, unimplemented.
- OpenAI's `clip` looks for `packaging` inside `pkg_resources`, which setuptools has dropped.
- A deprecation while they import is theirs to mend, and would be an error in our tests.
"""

import importlib
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
import torch

PACKAGES = {
    "clip": "clip-anytorch",
    "open_clip": "open_clip_torch",
}
"""What to install for a module whose package has another name."""

OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
"""The operators that torchvision looks up while it is imported."""


def import_peer(name: str) -> ModuleType:
    """Return the module `name`, such as "open_clip" or "open_clip.tokenizer".

    Skips the test, or at the top of a file the whole file, where its package is missing. A
    package that is there but broken is an error.
    """
    root = name.partition(".")[0]
    if find_spec(root) is None:
        package = PACKAGES.get(root, root)
        reason = f"the peer {root} is not installed; pip install {package} adds it"
        pytest.skip(reason, allow_module_level=True)
    return _import(name)


@cache
def _import(name: str) -> ModuleType:
    # Nothing is downloaded by mistake: transformers and open_clip ask the hub otherwise.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        declare_operators()
        with _pkg_resources():
            return importlib.import_module(name)


@cache
def declare_operators() -> torch.library.Library | None:
    """Declare torchvision's operators if its own library does not; caching keeps them alive."""
    spec = find_spec("torchvision")
    if spec is None or "torchvision" in sys.modules:
        return None
    for library in Path(str(spec.origin)).parent.glob("_C.*"):
        try:
            torch.ops.load_library(library)
        except OSError:  # linked against CUDA, which this torch does not have
            continue
        return None
    operators = torch.library.Library("torchvision", "DEF")
    for operator in OPERATORS:
        operators.define(operator)
    return operators


@contextmanager
def _pkg_resources() -> Iterator[None]:
    """Provide the module for as long as an import lasts; others take it for the real one."""
    if find_spec("pkg_resources") is not None:
        yield
        return
    importlib.import_module("packaging.version")  # clip reads packaging.version.parse
    module = ModuleType("pkg_resources")
    module.packaging = sys.modules["packaging"]  # type: ignore[attr-defined]
    sys.modules["pkg_resources"] = module
    try:
        yield
    finally:
        del sys.modules["pkg_resources"]
