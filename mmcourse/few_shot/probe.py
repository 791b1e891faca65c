"""A linear probe: logistic regression on features that stay as they are.

    argmin over W, b of   Σ cross-entropy(x W + b, label) + l2/2 |W − towards|²

How CLIP's features are judged (arXiv 2103.00020, section 3.1.5 and appendix A.3). The loss is
a sum, as in scikit-learn, whose C is 1/l2; the bias is not penalised. `weights` multiply what
single pictures add to it, if not all are to count alike. The problem is convex, so where the
search starts decides nothing; what decides is what the penalty pulls towards. Leaves out how
to choose `l2`: on a validation set.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from jaxtyping import Float, Float64, Int
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import log_softmax  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from torch import Tensor

from mmcourse.boundary.scalars import real
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.losses.features import working_dtype

Array = Float64[np.ndarray, "..."]

STEPS = 2000
"""Most steps of L-BFGS; some tens to hundreds are usual."""

FLAT = 1e-5
"""The search has arrived where no part of the gradient is above this, for each picture."""


@final
@dataclass(frozen=True)
class LinearProbe:
    """A linear classifier: one column and one bias for each class.

    That of the texts is `LinearProbe(scale * classifier, torch.zeros(classes))`, for features
    of norm 1.
    """

    weight: Float[Tensor, "dim classes"]
    bias: Float[Tensor, " classes"]

    @checked
    def __call__(self, features: Float[Tensor, "n dim"]) -> Float[Tensor, "n classes"]:
        """Return the logits of features that are normalised as those it was fitted to."""
        require_width("LinearProbe", features, len(self.weight))
        return features @ self.weight + self.bias


@checked
def linear_probe(
    features: Float[Tensor, "n dim"],
    labels: Int[Tensor, " n"],
    *,
    l2: float = 0.01,
    towards: Float[Tensor, "dim classes"] | None = None,
    weights: Float[Tensor, " n"] | None = None,
) -> LinearProbe:
    """Return the linear classifier with the least loss, found by L-BFGS in float64.

    Args:
        features: used as they are; with norm 1, their cosines count, as in CLIP.
        labels: from 0 to classes − 1, each at least once.
        l2: how strongly weights are pulled, above 0; features of norm 1 need little.
        towards: the weights that they are pulled to, such as the texts' own, with their
            scale; None means 0.
        weights: how much each picture counts, 0 or more; None means 1.

    Raises:
        ValueError: a number is not finite, a weight is below 0, a class has no picture, `l2` is
            not above 0, or the search does not arrive.

    Two classes, one number: with weights ∓w the slope is −4 σ(−2w) + 2 l2 w, which is 0 at
    w = ln(3)/2 for l2 = 1/ln 3; the odds are then e^2w = 3.

    >>> x, labels = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    >>> probe = linear_probe(x, labels, l2=1 / 1.0986123)
    >>> probe(x).softmax(1)
    tensor([[0.7500, 0.2500],
            [0.2500, 0.7500]])
    """
    l2 = real("linear_probe", "l2", l2, above=0)
    require_finite("linear_probe", features=features, towards=towards, weights=weights)
    _require_counts(weights)
    classes = require_labels(
        "linear_probe", labels, None if towards is None else towards.shape[1]
    )
    x = features.detach().double().cpu().numpy()
    start = np.zeros((x.shape[1] + 1, classes))  # the last row is the bias
    if towards is not None:
        start[:-1] = towards.detach().double().cpu().numpy()
    counts = np.ones(len(x)) if weights is None else weights.detach().double().cpu().numpy()
    truth = np.eye(classes)[labels.cpu().numpy()]
    with threadpool_limits(1, user_api="blas"):  # products this small only wait for threads
        found = minimize(
            _loss,
            start.ravel(),
            (x, counts[:, None], truth, start[:-1], l2),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": STEPS, "maxcor": 30, "gtol": FLAT / 100, "ftol": 0},
        )
    _require_arrived(found.jac, len(x))
    both = torch.from_numpy(found.x.reshape(start.shape)).to(
        features.device, working_dtype(features)
    )
    return LinearProbe(both[:-1], both[-1])


def _loss(
    flat: Array, x: Array, counts: Array, truth: Array, prior: Array, l2: float
) -> tuple[float, Array]:
    """Return what the probe minimises, and its slope."""
    weight, bias = flat[: prior.size].reshape(prior.shape), flat[prior.size :]
    logs = log_softmax(x @ weight + bias, axis=1)
    away = weight - prior
    loss = l2 / 2 * (away**2).sum() - (counts * truth * logs).sum()
    excess = counts * (np.exp(logs) - truth)  # the slope by the logits
    return float(loss), np.concatenate([(x.T @ excess + l2 * away).ravel(), excess.sum(axis=0)])


def require_labels(operation: str, labels: Int[Tensor, " n"], classes: int | None) -> int:
    """Return how many classes there are; None takes the highest label for the last.

    Raises:
        ValueError: there is no label, or they are not 0 to classes − 1, each at least once.
    """
    if not len(labels):
        raise ValueError(f"{operation}: there must be at least one picture; got none.")
    classes = int(labels.max()) + 1 if classes is None else classes
    present = torch.unique(labels).tolist()
    if present != list(range(classes)):
        raise ValueError(
            f"{operation}: labels must be 0 to {classes - 1}, each at least once; got "
            f"{len(present)} different ones from {present[0]} to {present[-1]}; number the "
            "classes from 0, as columns are; few_shot_split draws every one."
        )
    return classes


def require_width(operation: str, features: Float[Tensor, "n dim"], width: int) -> None:
    """Refuse features of another length than the classifier's columns.

    Raises:
        ValueError: they have another.
    """
    if features.shape[1] != width:
        raise ValueError(
            f"{operation}: features must have {width} numbers each; got {features.shape[1]}; "
            "take them from the same tower."
        )


def _require_counts(weights: Tensor | None) -> None:
    if weights is not None and len(weights) and float(weights.min()) < 0:
        raise ValueError(
            f"linear_probe: weights must be 0 or more; got {float(weights.min()):g}; to leave "
            "a picture out, give it 0."
        )


def _require_arrived(slope: Array, n: int) -> None:
    if not float(np.abs(slope).max()) <= FLAT * n:
        raise ValueError(
            f"linear_probe: the search must arrive within {STEPS} steps; got one still "
            "under way; raise l2, or give features of norm 1."
        )
