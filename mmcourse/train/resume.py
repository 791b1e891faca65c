"""A training run on disk: what a killed run needs to go on as if nothing had happened.

Weights, buffers such as BatchNorm's, the state of every optimizer, and all losses so far.
Leaves out random numbers: a step draws them from a generator seeded with its own number.
"""

import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import torch
from torch import nn
from torch.optim import Optimizer

UNREADABLE = (
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    AttributeError,
    pickle.UnpicklingError,
)
"""What torch raises at a file that is empty, cut off, or no checkpoint."""


@final
@dataclass(frozen=True)
class Run:
    """What a run is made of; `losses` grows, and the others change in place.

    Args:
        model: what is trained.
        chosen: its optimizers.
        steps: how many it takes from first to last.
        losses: of the steps that are done.
    """

    model: nn.Module
    chosen: Sequence[Optimizer]
    steps: int
    losses: list[float]


def check_writable(path: Path) -> None:
    """Refuse a file that could not be written, before hours have gone into what it is to hold.

    Raises:
        ValueError: its folder is missing or may not be written to, or it is a folder itself.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        _partial(path).touch()
        _partial(path).unlink()
    except OSError as error:
        raise ValueError(
            "fit: checkpoint must name a file that can be written; got "
            f"{path}: {error.strerror or error}; make its folder first, or name another file."
        ) from error


def write(path: Path, run: Run) -> None:
    """Write a run's state in one rename, so that a half-written file never has that name."""
    state: dict[str, Any] = {
        "model": run.model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in run.chosen],
        "losses": run.losses,
        "steps": run.steps,
    }
    try:
        torch.save(state, _partial(path))
        _partial(path).replace(path)
    finally:
        _partial(path).unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    """Return the state that `write` wrote, on the CPU; no code in the file is run.

    Raises:
        ValueError: the file is damaged, or holds something else; it is left where it is.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state.keys() != {"model", "optimizers", "losses", "steps"}:
            raise ValueError("it holds something else")
    except UNREADABLE as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(
            f"fit: {path} must be a checkpoint that fit has written; it is damaged or another "
            f"kind of file ({reason:.80}); it was left as it is. Move it away to begin again."
        ) from error
    return state


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


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.partial")


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
    for name in [*saved, *here]:
        if saved.get(name) != here.get(name):
            return f"{name}: there {saved.get(name, 'none')}, here {here.get(name, 'none')}"
    raise AssertionError("two equal states differ")
