"""Answers to 10.5, a right one and the mistakes that are known."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer, Mistake

Scale = Callable[[float, Tensor, Tensor], float]
Bias = Tensor | None


def _over_rank(alpha: float, a: Tensor, _: Tensor) -> float:
    return alpha / len(a)


def _through_both(x: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return x @ a.T @ b.T


def _bent(x: Tensor, weight: Tensor) -> Tensor:
    return x @ weight.T


def _sum(own: Tensor, bias: Bias, scale: float, correction: Tensor) -> Tensor:
    return _with(own, bias) + scale * correction


def _with(own: Tensor, bias: Bias) -> Tensor:
    return own if bias is None else own + bias


def build(
    *,
    own: Callable[[Tensor, Tensor], Tensor] = _bent,
    scale: Scale = _over_rank,
    correct: Callable[[Tensor, Tensor, Tensor], Tensor] = _through_both,
    add: Callable[[Tensor, Bias, float, Tensor], Tensor] = _sum,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(
        x: Tensor, weight: Tensor, bias: Bias, a: Tensor, b: Tensor, alpha: float
    ) -> Tensor:
        return add(own(x, weight), bias, scale(alpha, a, b), correct(x, a, b))

    return answer


def _needs_bias(
    x: Tensor, weight: Tensor, bias: Tensor, a: Tensor, b: Tensor, alpha: float
) -> Tensor:
    return x @ weight.T + bias + alpha / len(a) * (x @ a.T @ b.T)


def _needs_bias_later(
    x: Tensor, weight: Tensor, bias: Tensor, a: Tensor, b: Tensor, alpha: float
) -> Tensor:
    out = x @ weight.T
    out += bias
    return out + alpha / len(a) * (x @ a.T @ b.T)


def _asks_truth(
    x: Tensor, weight: Tensor, bias: Bias, a: Tensor, b: Tensor, alpha: float
) -> Tensor:
    out = x @ weight.T + alpha / len(a) * (x @ a.T @ b.T)
    return out + bias if bias else out


def _into_the_weight(
    x: Tensor, weight: Tensor, bias: Bias, a: Tensor, b: Tensor, alpha: float
) -> Tensor:
    weight += alpha / len(a) * b @ a
    return F.linear(x, weight, bias)


def _two_axes(
    x: Tensor, weight: Tensor, bias: Bias, a: Tensor, b: Tensor, alpha: float
) -> Tensor:
    """Return the outcome of an answer that turns x itself, whatever axes it has."""
    return _with(((weight + alpha / len(a) * b @ a) @ x.T).T, bias)


MISTAKES = (
    Mistake(
        name="scale-forgotten",
        message="The correction has its full size: alpha / rank must multiply it.",
        changes={"scale": lambda *_: 1},
    ),
    Mistake(
        name="rank-forgotten",
        message="You multiplied by alpha, and did not divide by the rank, which is the number "
        "of rows of a.",
        changes={"scale": lambda alpha, *_: alpha},
    ),
    Mistake(
        name="alpha-forgotten",
        message="You divided by the rank, and did not multiply by alpha.",
        changes={"scale": lambda _, a, __: 1 / len(a)},
    ),
    Mistake(
        name="scale-turned-over",
        message="The scale is turned over: alpha / rank, not rank / alpha.",
        changes={"scale": lambda alpha, a, _: len(a) / alpha},
        variants=(
            {"scale": lambda alpha, a, _: len(a) * alpha},
            {"scale": lambda alpha, a, _: 1 / (len(a) * alpha)},
        ),
    ),
    Mistake(
        name="root-of-the-rank",
        message="You divided by the root of the rank, as rank-stabilised LoRA does. Here it is "
        "the rank itself.",
        changes={"scale": lambda alpha, a, _: alpha / len(a) ** 0.5},
    ),
    Mistake(
        name="another-size-for-rank",
        message="The rank is the short side that a and b share: the rows of a, the columns "
        "of b. You divided by the layer's inputs or outputs.",
        changes={"scale": lambda alpha, a, _: alpha / a.shape[1]},
        variants=({"scale": lambda alpha, _, b: alpha / len(b)},),
    ),
    Mistake(
        name="scale-on-everything",
        message="You scaled the layer itself, too. Its own outcome stays; only the correction "
        "is multiplied by alpha / rank.",
        changes={"add": lambda own, bias, scale, part: scale * (_with(own, bias) + part)},
        variants=(
            {"add": lambda own, bias, scale, part: _with(scale * (own + part), bias)},
            {"add": lambda own, bias, scale, part: scale * _with(own, bias) + part},
            {"add": lambda own, bias, scale, part: _with(scale * own, bias) + part},
        ),
    ),
    Mistake(
        name="a-and-b-exchanged",
        message="A and B have changed places, or lack a .T. x goes through A first, down to "
        "rank numbers, then through B: x A^T B^T. What is added to the weight is B A.",
        changes={"correct": lambda x, a, b: x @ b @ a},
        variants=(
            {"correct": lambda x, a, b: x @ b.T @ a.T},
            {"correct": lambda x, a, b: x @ a @ b},
        ),
    ),
    Mistake(
        name="weight-turned",
        message="The weight lacks a .T: its rows are the outputs, as in nn.Linear, so x meets "
        "weight.T.",
        changes={"own": lambda x, weight: x @ weight},
    ),
    Mistake(
        name="bias-adapted",
        message="The bias takes part in the correction: it is added once, as it is, to the "
        "layer's own outcome.",
        changes={
            "add": lambda own, bias, scale, part: _with(own, bias) + scale * _with(part, bias)
        },
        variants=(
            {"add": lambda own, bias, scale, part: own + scale * _with(part, bias)},
            {
                "add": lambda own, bias, scale, part: _with(
                    _with(own, bias) + scale * part, bias
                )
            },
            {
                "add": lambda own, bias, scale, part: (
                    own + scale * part if bias is None else own + scale * part + scale * bias
                )
            },
        ),
    ),
    Mistake(
        name="bias-left-out",
        message="The bias is missing. The layer's own outcome is F.linear(x, weight, bias).",
        changes={"add": lambda own, _, scale, part: own + scale * part},
    ),
    Mistake(
        name="bias-none",
        message="A layer may have no bias: where it is None, add none. F.linear(x, weight, "
        "bias) sees to that.",
        answer=_needs_bias,
        variants=(_needs_bias_later,),
    ),
    Mistake(
        name="truth-of-many-numbers",
        message="`if bias` asks many numbers for one answer. Ask whether there is a bias: `if "
        "bias is not None`. F.linear(x, weight, bias) sees to it as well.",
        answer=_asks_truth,
    ),
    Mistake(
        name="weight-corrected-in-place",
        message="What you return is right, but you wrote the correction into weight, which "
        "stays: at the next call it would be corrected twice. Make a new tensor: weight + ….",
        answer=_into_the_weight,
    ),
    Mistake(
        name="layer-left-out",
        message="You return the correction alone. It is added to the layer's own outcome.",
        changes={"add": lambda _, __, scale, part: scale * part},
        variants=({"add": lambda _, bias, scale, part: _with(scale * part, bias)},),
    ),
    Mistake(
        name="correction-left-out",
        message="You return the layer's own outcome. Add (alpha / rank) · x A^T B^T.",
        changes={"add": lambda own, bias, *_: _with(own, bias)},
    ),
    Mistake(
        name="subtracted",
        message="You subtracted the correction. Add it.",
        changes={"add": lambda own, bias, scale, part: _with(own, bias) - scale * part},
    ),
    Mistake(
        name="correction-of-the-outcome",
        message="The correction saw the layer's outcome. It sees x itself, beside the layer.",
        answer=lambda x, weight, bias, a, b, alpha: (
            F.linear(x, weight, bias) + alpha / len(a) * F.linear(x, weight, bias) @ a.T @ b.T
        ),
    ),
    Mistake(
        name="activation",
        message="Nothing but two products lies between x and the correction: no activation.",
        changes={"correct": lambda x, a, b: F.relu(x @ a.T) @ b.T},
        variants=({"correct": lambda x, a, b: F.gelu(x @ a.T) @ b.T},),
    ),
    Mistake(
        name="two-axes-alone",
        message="x may have more than two axes, such as (batch, tokens, in). Let x stand in "
        "front, x @ weight.T, which uses its last axis.",
        answer=_two_axes,
    ),
)
