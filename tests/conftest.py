"""Fixtures that every test file may use."""

import signal
from collections.abc import Iterator
from pathlib import Path

import jaxtyping
import numpy as np
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add how often checks are drawn anew: 3 times, and 40 times where one was changed."""
    parser.addoption("--seeds", type=int, default=3, help="tries of each answer to a question")


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> range:
    """Return the seeds of the cases on which answers to the exercises' questions are tried."""
    return range(request.config.getoption("--seeds"))


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a fresh Generator that starts at the same place in every test."""
    return np.random.default_rng(20_21)


@pytest.fixture
def unchecked() -> Iterator[None]:
    """Switch the run-time shape checks off, so that our own error messages are reached."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a user without a home folder, as a container's number 12345 is."""

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes hear Ctrl-C, which a shell lets what it runs in the background ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def vit_b32(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a file as OpenAI publishes them: ViT-B/32's sizes, but random weights.

    It takes 350 MB and some seconds to write, so that its tests are slow ones.
    """
    # Imported here: at the top, mmcourse would be there before the checks of its shapes are.
    from twins import REAL, random_clip

    from mmcourse import checkpoints, clip

    path = tmp_path_factory.mktemp("openai") / "ViT-B-32.pt"
    model = random_clip(REAL["ViT-B/32"])
    clip.convert_weights(model)
    checkpoints.export_openai(model, path)
    yield path
    path.unlink()
