"""Which CLIP the lessons use, and what they claim of it.

Lessons measure the shipped model `tiny`, and hold what they measure to bands that were fitted
on it. Set MMCOURSE_CLIP to another name, such as `ViT-B/32`, or to the whole path of a file of
weights, and the same lessons run with that model: what is measured is then shown beside the
band of `tiny`. Leaves out loading it, which is `clip.load`.
"""

import os
from typing import final

from mmcourse.boundary.signature import checked

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


@final
class Bands:
    """Holds measured values to bands that were fitted on one model.

    A lesson says `band = Bands(chosen_model())` once, and then what it claims:

    >>> band = Bands("tiny")
    >>> band("accuracy", 0.97, 0.9, 1)
    >>> band = Bands("ViT-B/32")
    >>> band("accuracy", 0.312, 0.9, 1)
    accuracy: 0.312 (tiny: 0.900 to 1.000)
    """

    @checked
    def __init__(self, model: str, *, of: str = ORDINARY) -> None:
        self.model = model
        self.of = of

    @checked
    def __call__(
        self,
        what: str,
        value: float | bool,  # noqa: FBT001 - whether something holds is measured, too
        low: float,
        high: float,
    ) -> None:
        """Check a value of the model the band is of; print the value of any other.

        Args:
            what: the quantity, in a few words.
            value: what was measured.
            low: the lowest it may be; `-inf` where nothing is too low.
            high: the highest.

        Raises:
            AssertionError: the model is the one the band is of, and the value lies outside.
            ValueError: the band is empty.
        """
        if not low <= high:
            raise ValueError(
                f"band: low must be at most high; got {low} and {high} for {what}."
            )
        if self.model != self.of:
            print(f"{what}: {value:.3f} ({self.of}: {low:.3f} to {high:.3f})")  # noqa: T201 - in a lesson
        elif not low <= value <= high:
            raise AssertionError(
                f"band: {what} of {self.of} must lie between {low} and {high}; got {value}; "
                "something that it is measured with has changed."
            )
