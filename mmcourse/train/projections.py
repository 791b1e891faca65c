"""Two linear maps into one space, learned on features that stay as they are.

Features are computed once, by towers that are frozen; a training run then takes a second or
two, so that one can be had for every temperature, batch size and seed. A frozen tower is the
idea of LiT (arXiv 2111.07991, section 3), which trains the whole text tower besides. Leaves
out everything that needs the towers to learn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.losses import LogitScale
from mmcourse.losses.features import require_pairs, working_dtype
from mmcourse.train.fit import fit
from mmcourse.train.run import History

SCALE_LR = 0.01
"""Learning rate of a learned scale, and of whatever else is learned beside the maps."""

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


@final
@dataclass(frozen=True)
class Projections:
    """Two linear maps, and how they came about.

    `image_features @ image` and `text_features @ text` lie in one space, not normalised.

    Args:
        image: the map of picture features.
        text: the map of text features.
        history: the loss of every step.
        scales: the scale after every step; all the same where it was fixed.
    """

    image: Float[Tensor, "a dim"]
    text: Float[Tensor, "b dim"]
    history: History
    scales: tuple[float, ...]


@checked
def fit_projections(  # noqa: PLR0913 - features, loss, and a keyword for each knob
    image_features: Float[Tensor, "n a"],
    text_features: Float[Tensor, "n b"],
    dim: int,
    loss_fn: Loss,
    *,
    steps: int,
    batch: int,
    lr: float = 1e-2,
    scale: float | LogitScale = 1 / 0.07,
    also: Sequence[nn.Parameter] = (),
    generator: torch.Generator,
) -> Projections:
    """Return linear maps of both kinds of features into one space, trained with Adam.

    Every step draws `batch` different pairs. The maps start as Gaussian noise. Features are
    used as they are: where they have a common mean, that mean is mapped too, and pictures and
    texts start in two narrow cones (arXiv 2203.02053, section 2). Standardise them to be rid
    of it, with the mean and spread of the training features for all.

    Args:
        image_features: of the training pictures, of any length.
        text_features: row i belongs to row i of `image_features`.
        dim: length of the vectors in the joint space.
        loss_fn: (images, texts, scale) -> loss, for instance `losses.clip_loss`; images and
            texts have shape (batch, dim) and are not normalised.
        steps: how many.
        batch: pairs in each, at most n.
        lr: Adam's highest learning rate; `fit` says how it rises and falls.
        scale: fixed where it is a number; a `LogitScale` is learned, in place.
        also: parameters that `loss_fn` uses, such as SigLIP's bias; they are learned, in place.
        generator: decides first weights and batches; it lives on the CPU, and is advanced.

    Raises:
        ValueError: there are no features, or one is not finite; a number is out of range; or
            the loss becomes NaN or infinite.

    >>> from mmcourse.losses import clip_loss
    >>> x, generator = torch.eye(4), torch.Generator().manual_seed(0)
    >>> maps = fit_projections(x, x, 3, clip_loss, steps=5, batch=2, generator=generator)
    >>> maps.image.shape, maps.text.shape, len(maps.scales)
    (torch.Size([4, 3]), torch.Size([4, 3]), 5)
    """
    require_pairs("fit_projections", image_features=image_features, text_features=text_features)
    dtype = working_dtype(image_features, text_features)
    images, texts = image_features.detach().to(dtype), text_features.detach().to(dtype)
    dim = whole("fit_projections", "dim", dim, least=1)
    steps = whole("fit_projections", "steps", steps, least=1)
    batch = whole("fit_projections", "batch", batch, least=1, most=len(images))
    current = _scale(scale, images)
    maps = [_noise(features, dim, generator) for features in (images, texts)]
    besides = [*(scale.parameters() if isinstance(scale, LogitScale) else ()), *also]
    scales: list[float] = []

    def loss_at(_: int) -> Tensor:
        rows = torch.randperm(len(images), generator=generator)[:batch].to(images.device)
        return loss_fn(images[rows] @ maps[0], texts[rows] @ maps[1], current())

    def after_step(_: int) -> None:
        if isinstance(scale, LogitScale):
            scale.clamp_()
        scales.append(current().item())

    history = fit(
        nn.ParameterList([*maps, *besides]),
        loss_at,
        steps,
        chosen=[_adam(maps, besides, lr)],
        after_step=after_step,
        progress=False,
    )
    return Projections(maps[0].detach(), maps[1].detach(), history, tuple(scales))


def _scale(scale: float | LogitScale, like: Tensor) -> Callable[[], Tensor]:
    """Return what gives the scale now."""
    if isinstance(scale, LogitScale):
        return scale
    number = real("fit_projections", "scale", scale, above=0)
    fixed = torch.tensor(number, dtype=like.dtype, device=like.device)
    return lambda: fixed


def _noise(features: Tensor, dim: int, generator: torch.Generator) -> nn.Parameter:
    """Return a first map, which keeps a vector's length on average."""
    noise = torch.randn(features.shape[1], dim, generator=generator, dtype=features.dtype)
    return nn.Parameter((noise * dim**-0.5).to(features.device))


def _adam(
    maps: Sequence[nn.Parameter], besides: Sequence[nn.Parameter], lr: float
) -> torch.optim.Adam:
    lr = real("fit_projections", "lr", lr, least=0)
    groups: list[dict[str, Any]] = [
        {"params": list(maps)},
        {"params": list(besides), "lr": SCALE_LR},
    ]
    return torch.optim.Adam([group for group in groups if group["params"]], lr=lr)
