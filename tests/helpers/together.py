"""Several processes that run one function together, over gloo on loopback, and never hang.

They are forked from a server that has imported torch once, so that each starts in a moment.
Whatever happens, they are gone when it is over.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing import connection, forkserver, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest
from places import HELPERS, ROOT

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

IMPORTED = ["torch", "mmcourse.losses", "trainee", "torch.distributed.launcher.api"]
Work: TypeAlias = Callable[..., Any]
PATHS = (ROOT, ROOT / "scripts", HELPERS)


class DiedError(Exception):
    """A process ended, or was ended, without an answer."""


def together(world: int, work: Work, *given: Any, seconds: float = 120) -> list[Any]:
    """Return what a function returned in each of some processes, in the order of their ranks.

    Args:
        world: how many there are.
        work: a function of a module in `tests/helpers`; torch.distributed is ready for it.
        given: what it is called with.
        seconds: after which those that are not done are ended.

    Raises:
        Exception: the first that one of them raised, or `DiedError`.
    """
    found = outcomes(world, work, *given, seconds=seconds)
    for each in found:
        if isinstance(each, Exception):
            raise each
    return found


def outcomes(world: int, work: Work, *given: Any, seconds: float = 120) -> list[Any]:
    """Return what each of some processes returned or raised; as for `together`."""
    with TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        calls = [(_joined, (rank, world, store, work, given)) for rank in range(world)]
        return _answers(calls, seconds)


def alone(work: Work, *given: Any, seconds: float = 120) -> Any:
    """Return what a function returned in a process of its own; raise what it raised."""
    (found,) = _answers([(work, given)], seconds)
    if isinstance(found, Exception):
        raise found
    return found


def _answers(calls: list[tuple[Work, tuple[Any, ...]]], seconds: float) -> list[Any]:
    _serve()
    context, pipes, processes = get_context("forkserver"), [], []
    try:
        for call in calls:
            here, there = context.Pipe(duplex=False)
            processes.append(context.Process(target=_answer, args=(there, *call)))
            processes[-1].start()
            there.close()
            pipes.append(here)
        return _heard(pipes, time.monotonic() + seconds)
    finally:
        for process in processes:
            with suppress(ProcessLookupError):  # it may be gone, and all that it started, too
                os.killpg(process.pid, signal.SIGKILL)
            process.join()


def _heard(pipes: list[connection.Connection], until: float) -> list[Any]:
    answers: dict[int, Any] = {}
    while len(answers) < len(pipes):
        waiting = [pipe for number, pipe in enumerate(pipes) if number not in answers]
        ready = connection.wait(waiting, max(0.0, until - time.monotonic()))
        if not ready:
            break
        for pipe in ready:
            try:
                answers[pipes.index(pipe)] = pipe.recv()
            except EOFError:
                answers[pipes.index(pipe)] = DiedError()
    return [answers.get(number, DiedError("too slow")) for number in range(len(pipes))]


def _answer(pipe: connection.Connection, work: Work, given: tuple[Any, ...]) -> None:
    os.setsid()  # so that it can be ended with all that it starts
    try:
        pipe.send(work(*given))
    except Exception as error:
        pipe.send(error)


def _joined(rank: int, world: int, store: Path, work: Work, given: tuple[Any, ...]) -> Any:
    import torch
    import torch.distributed as dist

    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{store}",
        rank=rank,
        world_size=world,
        timeout=timedelta(seconds=30),
    )
    found = work(*given)
    dist.destroy_process_group()
    return found


def _serve() -> None:
    """Start the server, unless it runs; it finds what it imports where a test does."""
    get_context("forkserver").set_forkserver_preload(IMPORTED)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, PATHS))
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
