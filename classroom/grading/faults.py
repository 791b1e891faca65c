"""The two ways in which grading goes wrong, kept apart because only one may cost a point."""


class BrokenError(Exception):
    """Our own fault: no sandbox, a missing package, a reference that raises. Never a zero."""


class StoppedError(Exception):
    """The student's process ended, took too long or too much, or broke the protocol."""


class LeftoverError(StoppedError):
    """It broke the protocol after an earlier answer, and that came to light only now."""


class UnreadableError(Exception):
    """What was handed in holds nothing that can be graded; the text says why."""
