"""Which pictures are labelled: k of every class, and the rest to be tested on.

A result on few shots depends on which they are: draw several times, and report the spread.
"""

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked


@checked
def few_shot_split(
    labels: Int[Tensor, " n"], k: int, rng: np.random.Generator
) -> tuple[Int[Tensor, " shots"], Int[Tensor, " rest"]]:
    """Return the rows of k pictures of every class, class by class, and all other rows.

    Args:
        labels: of all pictures; classes are the numbers that occur.
        k: shots a class.
        rng: draws them, and is advanced: the next split is another.

    Raises:
        ValueError: there is no label, k is below 1, or a class has fewer than k pictures.

    >>> labels = torch.tensor([1, 0, 1, 1, 0])
    >>> shots, rest = few_shot_split(labels, 2, np.random.default_rng(0))
    >>> labels[shots], labels[rest]
    (tensor([0, 0, 1, 1]), tensor([1]))
    """
    k = whole("few_shot_split", "k", k, least=1)
    if not len(labels):
        raise ValueError("few_shot_split: there must be at least one label; got none.")
    classes, counts = torch.unique(labels, return_counts=True)
    if int(counts.min()) < k:
        scarce = int(classes[counts.argmin()])
        raise ValueError(
            f"few_shot_split: every class must have at least k = {k} pictures; got "
            f"{int(counts.min())} of class {scarce}; lower k, or label more."
        )
    shuffled = torch.from_numpy(rng.random(len(labels)).argsort()).to(labels.device)
    shots = torch.cat([shuffled[labels[shuffled] == each][:k] for each in classes])
    others = torch.ones_like(labels, dtype=torch.bool)
    others[shots] = False
    return shots, others.nonzero()[:, 0]
