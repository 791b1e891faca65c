"""Calls with wrong values kept from doing harm: to files, to the network, to time.

Leaves out memory: no wrong number asks for more of it than torch and numpy refuse.
"""

import contextlib
import io
import os
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from matplotlib.layout_engine import ConstrainedLayoutEngine

from mmcourse.checkpoints import weights
from mmcourse.plots import figure

SECONDS = 5.0
"""That a call may take."""


class TooSlow(BaseException):
    """A call has taken longer than its seconds."""


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Let calls find no network and no home, ask torch for one thread, and say no warning."""
    threads, before = torch.get_num_threads(), signal.getsignal(signal.SIGALRM)
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(patch.dict(os.environ, {"HOME": home, "XDG_CACHE_HOME": home}))
        stack.enter_context(patch.object(socket.socket, "connect", _no_network))
        stack.enter_context(patch.object(figure, "publish_display_data", _print))
        # Half of the time of a figure, and matplotlib's own business:
        stack.enter_context(patch.object(ConstrainedLayoutEngine, "execute", _no_layout))
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(torch.random.fork_rng(devices=[]))
        stack.callback(torch.set_num_threads, threads)
        stack.callback(signal.signal, signal.SIGALRM, before)
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        signal.signal(signal.SIGALRM, _too_slow)
        yield


@contextlib.contextmanager
def own_folder(name: str) -> Iterator[None]:
    """Be in an empty folder; the shipped weights lie in it for who writes among them."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(contextlib.chdir(folder))
        if name == "checkpoints.write_manifest_entry":
            stack.enter_context(patch.object(weights, "WEIGHTS", Path(folder) / "weights"))
        yield


def timed(function: Callable[..., Any], arguments: dict[str, Any]) -> tuple[Any, str]:
    """Return what a call gives, and what it prints.

    Raises:
        TooSlow: it takes longer than `SECONDS`.
    """
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            result = function(**arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return result, printed.getvalue()


def written() -> dict[str, bytes]:
    """Return the files in the current folder, with what they hold."""
    found = (path for path in Path().rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found}


def _too_slow(*_: Any) -> None:
    raise TooSlow(f"it takes longer than {SECONDS:g} s")


def _print(data: dict[str, Any], metadata: Any = None) -> None:
    """Say what is displayed, pictures too, where no notebook listens."""
    del metadata
    sys.stdout.write(f"{[(kind, hash(content)) for kind, content in data.items()]}")


def _no_network(*_: Any) -> None:
    raise OSError("there is no network here")


def _no_layout(*_: Any) -> None:
    """Leave the axes where they are."""
