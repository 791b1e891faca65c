"""What makes the package a course: exercises' checks, grading, and the learner's desk.

`from classroom import check` is what a learner's notebook says. It is loaded on demand, so
that the desk, `doctor` above all, answers where numpy or torch is broken. Imports `mmcourse`,
and is never imported by it.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "check":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from classroom import checks

    return checks.check
