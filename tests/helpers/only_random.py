"""A Generator that refuses every draw but `random`, whose stream numpy keeps fixed."""

import numpy as np


class OnlyRandom(np.random.Generator):
    """Behaves as `numpy.random.default_rng(start)`, for calls of `random` alone."""

    def __init__(self, start: int) -> None:
        super().__init__(np.random.PCG64(start))

    def __getattribute__(self, name: str) -> object:
        if name == "random" or name.startswith("__"):
            return super().__getattribute__(name)
        raise AssertionError(f"drew through rng.{name}, not rng.random")
