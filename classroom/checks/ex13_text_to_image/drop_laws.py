"""What is judged of 13.4, whose answer is random: which prompts go, and what comes instead."""

from typing import Any

import numpy as np
from torch import Tensor

from classroom.checks.question import Invariance

UNSEEN = {
    **dict.fromkeys(
        ("instead", "in a batch", "same seed", "second call", "condition", "gradients"), "–"
    ),
    "how often": -1.0,
}
"""What is said of the rest where prompts change in part."""

TOLERANCE = 0.17
"""How far a share may be off: five standard deviations of 200 coins, one for each seed."""


def measure(
    outcome: list[np.ndarray], condition: Tensor, nothing: Tensor, share: float, _seed: int
) -> dict[str, Any]:
    """Return which laws were kept, in words, and the share that was dropped.

    A share that is off by chance alone is told as the one that was asked for.
    """
    outs, again, after, later, *slopes = outcome
    before = condition.numpy()
    if outs.shape[1:] != before.shape:
        return {**UNSEEN, "a prompt": f"in a batch of shape {outs.shape[1:]}"}
    changed = ~np.isclose(outs, before)
    gone = changed.all((2, 3))  # (seeds, batch)
    if not (gone == changed.any((2, 3))).all():
        return {**UNSEEN, "a prompt": "parts of it changed"}
    return {
        "a prompt": "whole or not at all",
        "instead": _instead(outs, changed, before, nothing.numpy(), share),
        "in a batch": _together(gone),
        "how often": share if abs(gone.mean() - share) < TOLERANCE else float(gone.mean()),
        "same seed": "the same" if np.array_equal(outs[: len(again)], again) else "another",
        "second call": _second(outs[: len(later)], later, gone),
        "condition": "left alone" if np.array_equal(before, after) else "overwritten",
        "gradients": _reached(slopes, gone),
    }


def _instead(
    outs: np.ndarray, changed: np.ndarray, before: np.ndarray, nothing: np.ndarray, share: float
) -> str:
    """Return what stands where prompts have changed."""
    found = outs[changed]
    wanted, prompts = (np.broadcast_to(each, outs.shape)[changed] for each in (nothing, before))
    is_nothing = np.isclose(found, wanted)
    if is_nothing.all():
        return "nothing, or no prompt is gone"
    if share < 1 and np.allclose(found[~is_nothing], prompts[~is_nothing] / (1 - share)):
        return "nothing, or the prompt made larger"
    return "zeros" if not found.any() else "something else"


def _second(first: np.ndarray, second: np.ndarray, gone: np.ndarray) -> str:
    """Return whether a generator's second call is another draw than its first."""
    if not gone.any() or gone.all():
        return "–"
    return "the same draw" if np.array_equal(first, second) else "another draw"


def _reached(slopes: list[np.ndarray], gone: np.ndarray) -> str:
    """Return what gradients reach, of prompts and of `nothing`."""
    if not gone.any() or gone.all():
        return "–"
    of_prompts, of_nothing = (bool(np.nan_to_num(slope).any()) for slope in slopes)
    if of_prompts and of_nothing:
        return "both"
    return (
        "neither"
        if not (of_prompts or of_nothing)
        else ("the prompts alone" if of_prompts else "nothing alone")
    )


def _together(gone: np.ndarray) -> str:
    """Return how prompts of one batch, and of batches with other seeds, hang together."""
    counts, batch = gone.sum(1), gone.shape[1]
    if batch == 1 or not gone.any() or gone.all():
        return "–"
    if np.isin(counts, (0, batch)).all():
        return "all of them, or none"
    if (gone == gone[:1]).all():
        first = (gone[0] == (np.arange(batch) < counts[0])).all()
        return "always the first" if first else "always the same"
    return "always as many" if (counts == counts[0]).all() else "each by itself"


def _says(name: str, part: str, words: tuple[str, ...], message: str) -> Invariance:
    """Return the law that `measure` finds one of these words."""

    def holds(run: Any, *arguments: Any) -> bool:
        return run(*arguments).get(part) in words

    return Invariance(name=name, message=message, holds=holds)


def _keeps_shape(run: Any, *arguments: Any) -> bool:
    return not run(*arguments)["a prompt"].startswith("in a batch of")


LAWS = (
    Invariance(
        name="another-shape",
        message="What comes back has another shape than `condition`. Give your coins axes of 1 "
        "for words and numbers, and return one prompt for each that came in.",
        holds=_keeps_shape,
    ),
    _says(
        "parts-changed",
        "a prompt",
        ("whole or not at all",),
        "Some prompts were changed in part. A prompt goes as a whole, or stays as it is.",
    ),
    _says(
        "something-else",
        "instead",
        ("nothing, or no prompt is gone", "–"),
        "Where a prompt is gone stands neither the prompt nor `nothing`.",
    ),
    _says(
        "alike",
        "in a batch",
        ("each by itself", "–"),
        "Which prompts of a batch are dropped is not left to chance, prompt by prompt. Draw "
        "one number for each, from the generator that is passed in.",
    ),
    Invariance(
        name="too-often-or-seldom",
        message="Prompts are dropped more or less often than the share says. Each is to be "
        "dropped with that chance, whatever becomes of the others.",
        holds=lambda run, *arguments: run(*arguments)["how often"] in (arguments[2], -1.0),
    ),
    _says(
        "seed-ignored",
        "same seed",
        ("the same", "–"),
        "The same seed gave another result: draw from the generator that is passed in alone.",
    ),
    _says(
        "gradient-cut",
        "gradients",
        ("both", "–"),
        "Gradients must reach both the prompts and `nothing`, or that is never learnt. No "
        ".detach(), no .data, no torch.no_grad().",
    ),
    _says(
        "overwritten",
        "condition",
        ("left alone", "–"),
        "`condition` itself was changed. Make a new tensor.",
    ),
)
