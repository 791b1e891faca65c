"""Time that adds up over the runs of something that can be cut off."""

import time
from pathlib import Path


class Stopwatch:
    """Seconds spent, over all the runs that it took, kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = float(path.read_text()) if path.exists() else 0.0
        self.started = time.monotonic()

    def lap(self) -> float:
        """Add what has passed since the last lap, and return the sum."""
        now = time.monotonic()
        self.seconds, self.started = self.seconds + now - self.started, now
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(f"{self.seconds:.1f}")
        return self.seconds
