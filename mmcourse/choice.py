"""Which CLIP the lessons use.

Lessons measure the shipped model `tiny`. Set MMCOURSE_CLIP to another name, such as `ViT-B/32`,
or to the whole path of a file of weights, and the same lessons run with that model. Leaves out
loading it, which is `clip.load`.
"""

import os

VARIABLE = "MMCOURSE_CLIP"
"""The environment variable that names a model, read when a lesson starts."""

ORDINARY = "tiny"


def chosen_model() -> str:
    """Return the name or path that MMCOURSE_CLIP holds, or "tiny" where it is unset or empty.

    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, {VARIABLE: "ViT-B/32"}):
    ...     chosen_model()
    'ViT-B/32'
    """
    return os.environ.get(VARIABLE, "").strip() or ORDINARY
