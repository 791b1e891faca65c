"""Answers to 10.2, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor

from classroom.checks.question import Answer, Mistake

State = dict[str, Tensor]
Step = Callable[[Tensor, Tensor, float], Tensor]
Choice = Callable[[str, Tensor], bool]


def _between(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return (1 - alpha) * before + alpha * after


def _backwards(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return alpha * before + (1 - alpha) * after


def _nearer(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return after if alpha >= 0.5 else before


def _farther(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return after if alpha <= 0.5 else before


def _first(before: Tensor, *_: object) -> Tensor:
    return before


def _second(_: Tensor, after: Tensor, __: float) -> Tensor:
    return after


def _is_float(_: str, tensor: Tensor) -> bool:
    return tensor.is_floating_point()


def _any(*_: object) -> bool:
    return True


def build(
    *,
    mixed: Step = _between,
    kept: Step = _nearer,
    mixes: Choice = _is_float,
    holds: Choice = _any,
) -> Answer:
    """Return an answer that mixes, keeps and chooses in its own way."""

    def answer(zero_shot: State, fine_tuned: State, alpha: float) -> State:
        return {
            name: (mixed if mixes(name, before) else kept)(before, fine_tuned[name], alpha)
            for name, before in zero_shot.items()
            if holds(name, before)
        }

    return answer


def _into_first(zero_shot: State, fine_tuned: State, alpha: float) -> State:
    zero_shot.update(build()(zero_shot, fine_tuned, alpha))
    return zero_shot


def _into_second(zero_shot: State, fine_tuned: State, alpha: float) -> State:
    fine_tuned.update(build()(zero_shot, fine_tuned, alpha))
    return fine_tuned


def _tensors_of_first(zero_shot: State, fine_tuned: State, alpha: float) -> State:
    mixed = build()(zero_shot, fine_tuned, alpha)
    for name, one in mixed.items():
        zero_shot[name].copy_(one)
    return mixed


def _floats_of_first(zero_shot: State, fine_tuned: State, alpha: float) -> State:
    """Return a state of its own, whose floats have been mixed in those of the first."""
    mixed = build()(zero_shot, fine_tuned, alpha)
    for name, one in mixed.items():
        if one.is_floating_point():
            zero_shot[name].copy_(one)
    return mixed


def _by_position(zero_shot: State, fine_tuned: State, alpha: float) -> State:
    second = dict(zip(zero_shot, fine_tuned.values(), strict=True))
    return build()(zero_shot, second, alpha)


def _truncated(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return _between(before, after, alpha).to(before.dtype)


def _rounded(before: Tensor, after: Tensor, alpha: float) -> Tensor:
    return _between(before, after, alpha).round().to(before.dtype)


def _running(name: str, tensor: Tensor) -> bool:
    return tensor.is_floating_point() and "running" not in name


def _head(name: str, _: Tensor) -> bool:
    return name.startswith("head")


def _weight(name: str, _: Tensor) -> bool:
    return name.endswith("weight")


def _matrix(_: str, tensor: Tensor) -> bool:
    return tensor.is_floating_point() and tensor.ndim > 1


ENDS = (_first, _second, _nearer)

MISTAKES = (
    Mistake(
        name="averaged-integer-buffers",
        message="You mixed whole numbers or True and False, too. Half-way between two counts, "
        "or two masks, there is nothing: copy what is no float from the nearer state.",
        changes={"mixes": _any},
        variants=(
            {"mixes": _any, "mixed": torch.lerp},
            {"mixes": _any, "mixed": lambda one, other, alpha: one + alpha * (other - one)},
            {"kept": _truncated},
            {"kept": _rounded},
            {"mixes": lambda _, tensor: tensor.dtype != torch.bool},
            {"mixes": lambda _, tensor: tensor.dtype != torch.bool, "kept": _second},
            {"mixes": lambda _, tensor: tensor.dtype != torch.bool, "kept": _first},
        ),
    ),
    Mistake(
        name="reversed-alpha",
        message="alpha is turned round: 0 must give the zero-shot weights, 1 the fine-tuned "
        "ones.",
        changes={"mixed": _backwards},
        variants=(
            {
                "mixed": _backwards,
                "kept": lambda one, other, alpha: _nearer(one, other, 1 - alpha),
            },
        ),
    ),
    Mistake(
        name="averaged-logits",
        message="You mixed the head alone: on one tower, that averages the two heads' logits. "
        "Mix every floating-point tensor, the tower's as well.",
        changes={"mixes": _head},
        variants=tuple({"mixes": _head, "kept": end} for end in ENDS[:2]),
    ),
    Mistake(
        name="weights-alone",
        message="You mixed weights and left out biases or other tensors. Mix every "
        "floating-point tensor, whatever its name and shape.",
        changes={"mixes": _weight},
        variants=tuple(
            {"mixes": choice, "kept": end} for choice in (_weight, _matrix) for end in ENDS
        ),
    ),
    Mistake(
        name="running-statistics-copied",
        message="A batch norm's running means and variances are floating-point numbers of the "
        "model, too: mix them as you mix its weights.",
        changes={"mixes": _running},
        variants=tuple({"mixes": _running, "kept": end} for end in ENDS[:2]),
    ),
    Mistake(
        name="whole-numbers-of-one-end",
        message="What is no float comes from the *nearer* state: fine_tuned from alpha = 1/2 "
        "on, zero_shot below.",
        changes={"kept": _first},
        variants=(
            {"kept": _second},
            {"kept": _farther},
            {"kept": lambda one, other, alpha: other if alpha > 0.5 else one},
        ),
    ),
    Mistake(
        name="buffers-left-out",
        message="Names are missing: a model loads a state only if it has all of them, counts "
        "and running means included.",
        changes={"holds": _is_float},
        variants=(
            {"holds": _running},
            {"holds": lambda name, _: "running" not in name},
            {"holds": lambda name, _: name.endswith(("weight", "bias"))},
        ),
    ),
    Mistake(
        name="shares-not-1",
        message="The two shares must add up to 1: (1 − alpha) of zero_shot, alpha of "
        "fine_tuned. Or add alpha times the *difference* to zero_shot.",
        changes={"mixed": lambda one, other, alpha: one + alpha * other},
        variants=(
            {"mixed": lambda one, other, alpha: (1 - alpha) * one + other},
            {"mixed": lambda one, other, alpha: alpha * (other - one)},
            {"mixed": lambda one, other, alpha: alpha * one + other},
            {"mixed": lambda one, other, alpha: alpha * (one + other)},
        ),
    ),
    Mistake(
        name="sign-of-the-difference",
        message="The difference is turned round, so you walk away from fine_tuned. Add alpha "
        "times (fine_tuned − zero_shot).",
        changes={"mixed": lambda one, other, alpha: one + alpha * (one - other)},
    ),
    Mistake(
        name="started-at-the-wrong-end",
        message="You go from fine_tuned onwards, away from zero_shot. Start at zero_shot.",
        changes={"mixed": lambda one, other, alpha: other + alpha * (other - one)},
    ),
    Mistake(
        name="alpha-unused",
        message="You took the mean of both. alpha says how far to go.",
        changes={"mixed": lambda one, other, _: (one + other) / 2},
    ),
    Mistake(
        name="nearer-end-alone",
        message="You copied floats, too. They are mixed: (1 − alpha) of zero_shot, alpha of "
        "fine_tuned.",
        changes={"mixed": _nearer},
        variants=({"mixed": _first}, {"mixed": _second}),
    ),
    Mistake(
        name="in-place",
        message="The result is right, but you wrote it into a state that was handed to you, "
        "and that model is lost. Make a new dictionary, and new tensors: mul_, add_ and += "
        "change the old ones.",
        answer=_into_first,
        variants=(_into_second, _tensors_of_first, _floats_of_first),
    ),
    Mistake(
        name="by-position",
        message="You paired tensors by their place. The states hold the same names in any "
        "order: look each name up.",
        answer=_by_position,
    ),
)
