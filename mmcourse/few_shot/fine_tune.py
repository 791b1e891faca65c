"""Fine-tuning: the whole image tower, and a head on it, learn from a few labelled pictures.

The head starts as the texts' classifier (arXiv 2109.01903, section 3), or as a linear probe,
which is LP-FT (arXiv 2202.10054, section 3.4): to suit a head that knows nothing, the first
steps would bend what the tower knows.

Batch norms keep the means and spreads of pre-training, in training as in use; their gains and
biases learn. A handful of pictures would make poor statistics, and a tower that normalises a
picture by others of its batch is not the one that is tested on a single picture. Whoever
interpolates afterwards finds the same statistics at both ends. Leaves out augmentation, and
how to choose steps and learning rate: on validation pictures.
"""

from copy import deepcopy
from typing import final

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from mmcourse.boundary.scalars import real, whole
from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.few_shot.probe import LinearProbe, require_labels
from mmcourse.similarity import unit
from mmcourse.train import fit, optimizers


@final
class ImageClassifier(nn.Module):
    """An image tower and a linear head on its directions, both copied, in evaluation mode."""

    @checked
    def __init__(self, tower: nn.Module, head: LinearProbe) -> None:
        super().__init__()
        self.tower = deepcopy(tower)
        self.weight = nn.Parameter(head.weight.clone())
        self.bias = nn.Parameter(head.bias.clone())
        self.eval()

    def forward(self, images: Float[Tensor, "n 3 height width"]) -> Float[Tensor, "n classes"]:
        """Return the logits of pictures."""
        return unit(self.tower(images)) @ self.weight + self.bias


@checked
def fine_tune(  # noqa: PLR0913 - what learns, from what, and a keyword for each knob
    tower: nn.Module,
    head: LinearProbe,
    images: Float[Tensor, "n 3 height width"],
    labels: Int[Tensor, " n"],
    *,
    steps: int = 60,
    batch: int = 64,
    lr: float = 3e-4,
    generator: torch.Generator,
) -> ImageClassifier:
    """Return a copy of tower and head, trained with cross-entropy; both stay as they were.

    All that needs a gradient learns: of a tower from `add_lora`, its corrections alone.

    Args:
        tower: from pictures to features, such as `model.visual`.
        head: where the head starts; it is applied to features of norm 1.
        images: from `preprocess`.
        labels: from 0 to classes − 1, each at least once.
        steps: how many.
        batch: different pictures in each; where there are fewer, all of them.
        lr: AdamW's highest learning rate, for tower and head.
        generator: draws the batches; it lives on the CPU, and is advanced.

    Raises:
        ValueError: a number is out of range, a picture is not finite, a class has none, or the
            loss becomes NaN or infinite.

    A tower that only looks at one pixel's red, green and blue, and a head that knows nothing:

    >>> images, labels = torch.eye(3)[:, :, None, None], torch.tensor([2, 0, 1])
    >>> head = LinearProbe(torch.zeros(3, 3), torch.zeros(3))
    >>> generator = torch.Generator().manual_seed(0)
    >>> tuned = fine_tune(nn.Flatten(), head, images, labels, generator=generator)
    >>> tuned(images).argmax(1)
    tensor([2, 0, 1])
    """
    require_labels("fine_tune", labels, len(head.bias))
    require_finite("fine_tune", images=images)
    steps = whole("fine_tune", "steps", steps, least=1)
    batch = whole("fine_tune", "batch", batch, least=1)
    lr = real("fine_tune", "lr", lr, least=0)
    tuned = ImageClassifier(tower, head)

    def loss_at(_: int) -> Tensor:
        rows = torch.randperm(len(images), generator=generator)[:batch].to(images.device)
        return F.cross_entropy(tuned(images[rows]), labels[rows].long())

    chosen = optimizers(tuned, lr=lr, weight_decay=0.0)
    fit(tuned, loss_at, steps, chosen=chosen, progress=False)
    return tuned
