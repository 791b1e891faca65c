"""Answers to 10.1, a right one and the mistakes that are known."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from classroom.checks.question import Answer, Mistake

Pair = tuple[Tensor, Tensor]


def _rows(features: Tensor, keys: Tensor) -> Pair:
    return F.normalize(features, dim=1), F.normalize(keys, dim=1)


def _columns(features: Tensor, keys: Tensor) -> Pair:
    return F.normalize(features, dim=0), F.normalize(keys, dim=0)


def _near(cosines: Tensor, beta: float) -> Tensor:
    return torch.exp(-beta * (1 - cosines))


def _mixed(memory: Tensor, texts: Tensor, alpha: float) -> Tensor:
    return alpha * memory + texts


def build(
    *,
    unit: Callable[[Tensor, Tensor], Pair] = _rows,
    near: Callable[[Tensor, float], Tensor] = _near,
    vote: Callable[[Tensor, Tensor], Tensor] = torch.matmul,
    mix: Callable[[Tensor, Tensor, float], Tensor] = _mixed,
) -> Answer:
    """Return an answer that does each step in its own way."""

    def answer(
        features: Tensor,
        keys: Tensor,
        one_hot: Tensor,
        zero_shot_logits: Tensor,
        alpha: float,
        beta: float,
    ) -> Tensor:
        x, k = unit(features, keys)
        return mix(vote(near(x @ k.T, beta), one_hot), zero_shot_logits, alpha)

    return answer


def _exchanged(*given: Tensor) -> Tensor:
    *tensors, alpha, beta = given
    return build()(*tensors, beta, alpha)


def _exp_after_vote(*given: Tensor) -> Tensor:
    features, keys, one_hot, texts, alpha, beta = given
    x, k = _rows(features, keys)
    return alpha * torch.exp(-beta * (1 - x @ k.T @ one_hot)) + texts


def _exp_of_votes(*given: Tensor) -> Tensor:
    features, keys, one_hot, texts, alpha, beta = given
    x, k = _rows(features, keys)
    return alpha * torch.exp(-beta * ((1 - x @ k.T) @ one_hot)) + texts


def _raw_distances(*given: Tensor) -> Tensor:
    features, keys, one_hot, texts, alpha, beta = given
    return alpha * torch.exp(-beta * torch.cdist(features, keys)) @ one_hot + texts


def _raw_squares(*given: Tensor) -> Tensor:
    features, keys, one_hot, texts, alpha, beta = given
    return alpha * torch.exp(-beta * torch.cdist(features, keys) ** 2) @ one_hot + texts


MISTAKES = (
    Mistake(
        name="no-normalise",
        message="Features and keys may have any length, and only of vectors of length 1 is a "
        "dot product a cosine. Divide the rows of both by their lengths.",
        changes={"unit": lambda x, k: (x, k)},
        variants=(
            {"unit": lambda x, k: (F.normalize(x), k)},
            {"unit": lambda x, k: (x, F.normalize(k))},
        ),
    ),
    Mistake(
        name="normalised-columns",
        message="You normalised down the columns. A picture's numbers stand in a row: dim=1.",
        changes={"unit": _columns},
        variants=(
            {"unit": lambda x, k: (F.normalize(x), F.normalize(k, dim=0))},
            {"unit": lambda x, k: (F.normalize(x, dim=0), F.normalize(k))},
        ),
    ),
    Mistake(
        name="one-length-for-all",
        message="You divided all rows by one number. Each row has its own length: "
        "norm(dim=1, keepdim=True).",
        changes={"unit": lambda x, k: (x / x.norm(), k / k.norm())},
    ),
    Mistake(
        name="exp-sign",
        message="The sign in exp is turned round: what is far from a key counts most. The "
        "exponent is 0 for the same direction, and below 0 for any other.",
        changes={"near": lambda cosines, beta: torch.exp(beta * (1 - cosines))},
    ),
    Mistake(
        name="beta-inside-wrong",
        message="beta must multiply all of (1 − cosine): −beta * (1 − cosines), brackets "
        "included.",
        changes={"near": lambda cosines, beta: torch.exp(-(1 - beta * cosines))},
        variants=(
            {"near": lambda cosines, beta: torch.exp(-beta + cosines)},
            {"near": lambda cosines, beta: torch.exp(-beta - cosines)},
            {"near": lambda cosines, beta: torch.exp(1 - beta * cosines)},
        ),
    ),
    Mistake(
        name="no-one-minus",
        message="You took exp of the cosine, not of 1 − cosine. A key in the very direction of "
        "a picture counts 1, whatever beta is.",
        changes={"near": lambda cosines, beta: torch.exp(beta * cosines)},
        variants=({"near": lambda cosines, beta: torch.exp(-beta * cosines)},),
    ),
    Mistake(
        name="beta-divides",
        message="You divided by beta. It multiplies: the larger, the nearer a key must be.",
        changes={"near": lambda cosines, beta: torch.exp(-(1 - cosines) / beta)},
    ),
    Mistake(
        name="beta-unused",
        message="beta changes nothing: multiply the exponent by it.",
        changes={"near": lambda cosines, _: torch.exp(-(1 - cosines))},
    ),
    Mistake(
        name="beta-outside",
        message="beta stands outside exp, where it does what alpha does. Multiply the exponent "
        "by it.",
        changes={"near": lambda cosines, beta: beta * torch.exp(-(1 - cosines))},
    ),
    Mistake(
        name="no-exp",
        message="exp is missing: how near a key is counts as exp(−beta (1 − cosine)).",
        changes={"near": lambda cosines, beta: -beta * (1 - cosines)},
        variants=(
            {"near": lambda cosines, beta: 1 - beta * (1 - cosines)},
            {"near": lambda cosines, beta: beta * cosines},
            {"near": lambda cosines, _: cosines},
        ),
    ),
    Mistake(
        name="softmax-over-keys",
        message="The keys' shares add up to 1 for each picture, as after a softmax. exp alone "
        "is asked for: a picture that is near no key gets little from the memory.",
        changes={"near": lambda cosines, beta: (beta * cosines).softmax(dim=1)},
    ),
    Mistake(
        name="distance",
        message="You used a distance, squared or not. Of unit vectors the squared distance is "
        "2 (1 − cosine): take 1 − cosine.",
        changes={"near": lambda cosines, beta: torch.exp(-2 * beta * (1 - cosines))},
        variants=(
            {
                "near": lambda cosines, beta: torch.exp(
                    -beta * (2 - 2 * cosines).clamp(min=0).sqrt()
                )
            },
            _raw_distances,
            _raw_squares,
        ),
    ),
    Mistake(
        name="exp-after-vote",
        message="You added up the keys of a class first, and took exp of the sum. Take exp of "
        "each picture with each key, then multiply by one_hot.",
        answer=_exp_after_vote,
        variants=(_exp_of_votes,),
    ),
    Mistake(
        name="averaged",
        message="You took a mean over keys. Each key adds what it has: a sum, which is what "
        "the product with one_hot is.",
        changes={"vote": lambda near, one_hot: near @ one_hot / one_hot.sum(0).clamp(min=1)},
        variants=(
            {"vote": lambda near, one_hot: near @ one_hot / one_hot.sum(0)},
            {"vote": lambda near, one_hot: near @ one_hot / len(one_hot)},
        ),
    ),
    Mistake(
        name="nearest-key",
        message="Only the nearest key counts. All keys of a class add up: multiply by one_hot.",
        changes={"vote": lambda near, one_hot: (near[:, :, None] * one_hot).amax(dim=1)},
        variants=(
            {"vote": lambda near, one_hot: one_hot[near.argmax(dim=1)]},
            {
                "vote": lambda near, one_hot: (
                    one_hot[near.argmax(dim=1)] * near.amax(dim=1, keepdim=True)
                )
            },
        ),
    ),
    Mistake(
        name="alpha-on-zero-shot",
        message="alpha multiplies the texts' logits. It is what the *memory* weighs.",
        changes={"mix": lambda memory, texts, alpha: memory + alpha * texts},
    ),
    Mistake(
        name="alpha-on-both",
        message="alpha multiplies both, and so decides nothing between them. Multiply the "
        "memory alone by it.",
        changes={"mix": lambda memory, texts, alpha: alpha * (memory + texts)},
    ),
    Mistake(
        name="blended",
        message="You gave the texts what alpha leaves over. They keep their whole weight, "
        "whatever alpha is; it may be above 1.",
        changes={"mix": lambda memory, texts, alpha: alpha * memory + (1 - alpha) * texts},
        variants=({"mix": lambda memory, texts, alpha: (1 - alpha) * memory + alpha * texts},),
    ),
    Mistake(
        name="alpha-unused",
        message="alpha changes nothing: multiply what the memory says by it.",
        changes={"mix": lambda memory, texts, _: memory + texts},
    ),
    Mistake(
        name="texts-forgotten",
        message="zero_shot_logits are missing: add them to what the memory says.",
        changes={"mix": lambda memory, _, alpha: alpha * memory},
        variants=({"mix": lambda memory, *_: memory},),
    ),
    Mistake(
        name="alpha-beta-exchanged",
        message="alpha and beta have changed places: alpha weighs the memory, beta stands in "
        "the exponent.",
        answer=_exchanged,
    ),
    Mistake(
        name="probabilities",
        message="You took a softmax. Logits are asked for; those of texts stay as they are.",
        changes={"mix": lambda *parts: _mixed(*parts).softmax(dim=1)},
        variants=(
            {"mix": lambda memory, texts, alpha: alpha * memory + texts.softmax(dim=1)},
            {"mix": lambda memory, texts, alpha: (alpha * memory).softmax(dim=1) + texts},
        ),
    ),
    Mistake(
        name="classes-not-logits",
        message="You returned the best class. Return the logits of all classes.",
        changes={"mix": lambda *parts: _mixed(*parts).argmax(dim=1)},
        variants=({"mix": lambda *parts: _mixed(*parts).amax(dim=1)},),
    ),
)
