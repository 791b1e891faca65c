"""Warnings held back while pictures are read, by several threads at a time.

Of odd metadata nothing is said, since the rest is read, nor of what `pixel_budget` decides.
Leaves out warnings of other threads meanwhile, which are held back, too.
"""

import warnings
from threading import Lock
from typing import final


@final
class Quiet:
    """Nobody is warned while it is entered, in any thread.

    `warnings.catch_warnings` changes what all threads share, and two that leave in the order
    in which they came would leave it changed. So the first in switches, the last out restores.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("ignore")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._before.__exit__(None, None, None)


QUIET = Quiet()
