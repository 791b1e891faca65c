"""A training run on disk: what a killed run needs to go on as if nothing had happened.

Weights, buffers such as BatchNorm's, the state of every optimizer, and all losses so far.
`steps_left` says which steps are still to do, and writes the run as they are done. Leaves out
random numbers: a step draws them from a generator seeded with its own number.
"""

import os
import pickle
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from mmcourse.atomic import whole_file
from mmcourse.train.run import Run

UNREADABLE = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
)
"""What torch raises at a file that is empty, cut off, damaged, or no checkpoint."""


def steps_left(
    run: Run,
    share_at: Callable[[int], float],
    checkpoint: str | os.PathLike[str] | None,
    every: int,
    *,
    writes: bool,
    progress: bool,
) -> Iterator[int]:
    """Yield the numbers of the steps that a run has still to do.

    A step counts as done once the next is asked for; then the run is written, if it is time.

    Args:
        run: as at its beginning; it is brought to where the checkpoint is, if there is one.
        share_at: step number -> its share of the highest learning rates.
        checkpoint: as for `fit`.
        every: as for `fit`.
        writes: as for `fit`.
        progress: as for `fit`.

    Raises:
        ValueError: the checkpoint cannot be written, is damaged or is another run's.
    """
    path = None if checkpoint is None else Path(checkpoint)
    if path is not None:
        if writes:
            check_writable(path)
        if path.exists():
            state = read(path)
            # the rates of its last step are among what a checkpoint is recognised by
            run.set_rates(share_at(len(state["losses"]) - 1))
            restore(path, run, state)
    done = len(run.losses)
    bar = tqdm(
        range(done, run.steps),
        initial=done,
        total=run.steps,
        disable=not progress,
        desc="training",
    )
    for step in bar:
        yield step
        if path is not None and writes and ((step + 1) % every == 0 or step + 1 == run.steps):
            write(path, run)
        bar.set_postfix(loss=f"{run.losses[-1]:.3f}", refresh=False)


def check_writable(path: Path) -> None:
    """Refuse a file that could not be written, before hours have gone into what it is to hold.

    Raises:
        ValueError: its folder is missing or may not be written to, or it is a folder itself.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        with TemporaryFile(dir=path.parent), suppress(FileNotFoundError):
            path.lstat()  # its name may be too long
    except OSError as error:
        raise ValueError(
            "fit: checkpoint must name a file that can be written; got "
            f"{path}: {error.strerror or error}; make its folder first, or name another file."
        ) from error


def write(path: Path, run: Run) -> None:
    """Write a run's state; a half-written file never has that name."""
    state: dict[str, Any] = {
        "model": run.model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in run.chosen],
        "losses": run.losses,
        "steps": run.steps,
    }
    with whole_file("fit", path) as file:
        torch.save(state, file)


def read(path: Path) -> dict[str, Any]:
    """Return the state that `write` wrote, on the CPU; no code in the file is run.

    Raises:
        ValueError: the file is damaged, or holds something else; it is left where it is.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if not _is_run(state):
            raise ValueError("it holds something else")
    except UNREADABLE as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(
            f"fit: {path} must be a checkpoint that fit has written; it is damaged or another "
            f"kind of file ({reason:.80}); it was left as it is. Move it away to begin again."
        ) from error
    return state


def _is_run(state: Any) -> bool:
    """Return whether a state has the parts that `write` gives it, each of its kind."""
    match state:
        case {"model": dict(model), "optimizers": list(optimizers), "losses": list(losses),
              "steps": int()} if len(state) == 4:  # fmt: skip
            return (
                all(isinstance(value, Tensor) for value in model.values())
                and all(isinstance(loss, float) for loss in losses)
                and all(map(_is_optimizer, optimizers))
            )
    return False


def _is_optimizer(state: Any) -> bool:
    match state:
        case {"param_groups": list(groups), "state": dict()}:
            return all(isinstance(each, dict) and "params" in each for each in groups)
    return False


def restore(path: Path, run: Run, state: dict[str, Any]) -> None:
    """Bring a run to a state that was read.

    Args:
        path: where the state is from, for the message.
        run: as at its beginning, but with the learning rates that the state's last step had.
        state: from `read`.

    Raises:
        ValueError: it is another run's: other steps, other parameters or buffers, or other
            settings of the optimizers. Then the run is left as it was.
    """
    for what, saved, here in (
        ("number of steps", state["steps"], run.steps),
        ("parameters", _shapes(state["model"]), _shapes(run.model.state_dict())),
        ("optimizers", *(_settings(of) for of in (state["optimizers"], _states(run.chosen)))),
    ):
        if saved != here:
            raise ValueError(
                f"fit: {path} must be this run's; it is of one with another {what}; "
                f"{_difference(saved, here)}. Move it away, or name another file."
            )
    run.model.load_state_dict(state["model"])
    for optimizer, saved in zip(run.chosen, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    run.losses.extend(state["losses"])


def _states(chosen: Sequence[Optimizer]) -> list[dict[str, Any]]:
    return [optimizer.state_dict() for optimizer in chosen]


def _shapes(state: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in state.items()}


def _settings(states: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return every setting of every group of parameters, and how many parameters it has."""
    return {
        f"{name} of group {group} of optimizer {number}": value
        for number, state in enumerate(states)
        for group, settings in enumerate(state["param_groups"])
        for name, value in (settings | {"params": len(settings["params"])}).items()
    }


def _difference(saved: Any, here: Any) -> str:
    """Return the first thing in which two runs differ, in words."""
    if not isinstance(saved, dict):
        return f"there {saved}, here {here}"
    name = next(
        name
        for name in [*saved, *here]
        if name not in saved or name not in here or saved[name] != here[name]
    )
    return f"{name}: there {saved.get(name, 'none')}, here {here.get(name, 'none')}"
