"""A CLIP that learns from nothing in seconds, and what becomes of it at other temperatures.

`towers` is the model, `temperatures` its runs.
"""

from mmcourse.small.temperatures import (
    TEMPERATURES,
    TemperatureRun,
    kind_accuracy,
    stored_runs,
    temperature_pictures,
    temperature_run,
)
from mmcourse.small.towers import SmallCLIP

__all__ = [
    "TEMPERATURES",
    "SmallCLIP",
    "TemperatureRun",
    "kind_accuracy",
    "stored_runs",
    "temperature_pictures",
    "temperature_run",
]
