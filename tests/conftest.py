"""Fixtures that every test file may use."""

from collections.abc import Iterator

import jaxtyping
import numpy as np
import pytest


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
