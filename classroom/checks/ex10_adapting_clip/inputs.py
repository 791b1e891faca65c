"""What the questions share: numbers in float32, and sizes that are no whole numbers."""

import numpy as np
import torch
from torch import Tensor


def normal(rng: np.random.Generator, *shape: int) -> Tensor:
    """Return normal numbers of mean 0 and spread 1."""
    return torch.from_numpy(rng.standard_normal(shape)).float()


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number of two digits behind the point."""
    return round(float(rng.uniform(low, high)), 2)
