"""What the questions about texts share: names and templates, drawn without repetition."""

import numpy as np

NAMES = (
    "cat",
    "dog",
    "bird",
    "car",
    "tree",
    "boat",
    "umbrella",
    "polar bear",
    "coffee cup",
    "steam engine",
    "flower",
    "horse",
    "traffic light",
    "rabbit",
    "fire truck",
    "bridge",
    "apple",
    "violin",
)
TEMPLATES = (
    "a photo of a {}.",
    "{}",
    "a drawing of the {} in the snow",
    "one {}, seen from far away.",
    "a {} at night",
    "{}, as a toy",
    "this is my {}!",
    "a very small {} on the beach",
)


def some_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return different names, in any order."""
    return [NAMES[position] for position in rng.permutation(len(NAMES))[:count]]


def some_templates(rng: np.random.Generator, count: int) -> list[str]:
    """Return different templates, in any order."""
    return [TEMPLATES[position] for position in rng.permutation(len(TEMPLATES))[:count]]


def a_seed(rng: np.random.Generator) -> int:
    """Return what a stand-in for a model draws its weights from."""
    return int(rng.integers(1, 2**31))
