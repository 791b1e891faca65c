"""How much time, memory and how many processes a submission may take."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The budgets of one submission.

    Args:
        cell: seconds for one cell.
        call: seconds for one call of a student's function.
        submission: seconds for all cells and calls together, restarts included.
        memory: bytes that its processes may hold together.
        floor: bytes that must stay free on the machine.
        folder: bytes in each of the folders it may write.
        processes: how many it may have at once.
        starts: how often its process is started, the first time included.
        ready: seconds for what is our own to do: starting the sandbox, or a process in it.
    """

    cell: float = 30.0
    call: float = 10.0
    submission: float = 120.0
    memory: int = 2048 * MEBIBYTE
    floor: int = 512 * MEBIBYTE
    folder: int = 64 * MEBIBYTE
    processes: int = 48
    starts: int = 10
    ready: float = 120.0

    def resources(self) -> dict[str, int]:
        """Return the limits that the kernel keeps for each process, by their names there."""
        return {
            "CPU": int(self.submission) + 10,
            "DATA": self.memory,
            "NPROC": self.processes,
            "FSIZE": self.folder,
            "NOFILE": 256,
            "CORE": 0,
            "FOLDER": self.folder,
        }


MOST_TEXT = 20_000
"""Characters kept of what a cell printed."""
MOST_REASON = 2_000
"""Characters kept of an exception."""
MOST_SKIPPED = 20
"""Statements of a cell kept of those that were skipped."""
MOST_LINE = 200
"""Characters kept of each."""
