"""A linear classifier whose weights are texts, and what it says of pictures.

Probabilities are shared out among the names on the list: a picture that fits none of them
still gets a name. Leaves out how well the answers turn out (`metrics`).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse.boundary.signature import checked
from mmcourse.boundary.values import require_finite
from mmcourse.clip.model import CLIP
from mmcourse.losses.features import exact, scalar, working_dtype
from mmcourse.similarity import unit
from mmcourse.tokenizer.clip import tokenize
from mmcourse.zeroshot.prompts import TEMPLATE, filled

BATCH = 256
"""Texts that are encoded at a time."""


@checked
@torch.no_grad()
def build_classifier(
    model: CLIP, names: Sequence[str], templates: str | Sequence[str] = TEMPLATE
) -> Float[Tensor, "dim classes"]:
    """Return one column of norm 1 for each name: the mean direction of its prompts.

    Each prompt is normalised before the mean is taken, and the mean is normalised again, so
    that many templates cost no more at test time than one (arXiv 2103.00020, section 3.1.4).
    Prompts are said as they are written: the article in "a photo of a {}" stays "a".

    Args:
        model: a CLIP, ours or OpenAI's.
        names: of the classes, all different; column i belongs to name i.
        templates: one text or several, each with one {} where the name goes.

    Raises:
        ValueError: there is none, a name is blank or occurs twice for the tokenizer (which
            ignores case and space), a template has not exactly one {}, or a prompt is too long.

    >>> from mmcourse import clip
    >>> model, _ = clip.load("tiny", device="cpu")
    >>> build_classifier(model, ["cat", "dog", "bird"], ["{}", "a photo of a {}."]).shape
    torch.Size([128, 3])
    """
    rows = filled("build_classifier", names, templates)
    texts = [prompt for row in rows for prompt in row]
    tokens = tokenize(texts, model.context_length).to(model.logit_scale.device)
    parts = [tokens[first : first + BATCH] for first in range(0, len(tokens), BATCH)]
    features = torch.cat([model.encode_text(part) for part in parts])
    directions = unit(features.to(working_dtype(features)))
    # (classes * templates, dim) -> (classes, dim)
    means = directions.reshape(len(rows), -1, directions.shape[1]).mean(dim=1)
    return unit(means).T.contiguous()


@checked
def probabilities(
    image_features: Float[Tensor, "n dim"],
    classifier: Float[Tensor, "dim classes"],
    scale: float | Float[Tensor, ""],
) -> Float[Tensor, "n classes"]:
    """Return how probable each class is for each picture; rows sum to 1.

        softmax(scale · image_features / |image_features| · classifier)

    Computed in float32, or in float64 where an input has it.

    Args:
        image_features: from `encode_image`, of any length: they are normalised here.
        classifier: from `build_classifier`, columns of norm 1.
        scale: what multiplies the cosines, above 0: `model.logit_scale.exp()` for what the
            model has learned.

    Raises:
        ValueError: a number is not finite, a column has not norm 1, or `scale` is not positive
            or is a model's own parameter, its logarithm.

    Cosines 0.6 and 0.8; ln 2 · 5 makes 0.2 more worth a factor 2:

    >>> pictures, classifier = torch.tensor([[3.0, 4.0]]), torch.eye(2)
    >>> probabilities(pictures, classifier, 5 * 0.693147)
    tensor([[0.3333, 0.6667]])
    """
    return _probabilities("probabilities", image_features, classifier, scale)


@checked
def ensemble(
    image_features: Float[Tensor, "n dim"],
    classifiers: Sequence[Float[Tensor, "dim classes"]],
    scale: float | Float[Tensor, ""],
) -> Float[Tensor, "n classes"]:
    """Return the mean of what several classifiers of the same classes say; rows sum to 1.

    The alternative to averaging directions, for which `build_classifier` takes all templates
    at once: here each classifier is kept, and multiplied with every picture.

    Args:
        image_features: as for `probabilities`.
        classifiers: one for each template, say; at least one.
        scale: as for `probabilities`.

    Raises:
        ValueError: there is none, or as for `probabilities`.

    One is sure of the first class, the other undecided:

    >>> sure, undecided = torch.eye(2), torch.ones(2, 2) / 2**0.5
    >>> ensemble(torch.tensor([[5.0, 0.0]]), [sure, undecided], scale=100)
    tensor([[0.7500, 0.2500]])
    """
    if len(classifiers) == 0:
        raise ValueError("ensemble: classifiers must be at least one; got none.")
    each = [_probabilities("ensemble", image_features, one, scale) for one in classifiers]
    return torch.stack(each).mean(dim=0)


def _probabilities(
    operation: str, image_features: Tensor, classifier: Tensor, scale: float | Tensor
) -> Tensor:
    if isinstance(scale, torch.nn.Parameter):
        raise ValueError(
            f"{operation}: scale must be what multiplies the cosines; got a parameter, and a "
            "model keeps its scale's logarithm there; pass model.logit_scale.exp()."
        )
    require_finite(operation, image_features=image_features, classifier=classifier)
    dtype = working_dtype(image_features, classifier)
    images, weights = image_features.to(dtype), classifier.to(dtype)
    _check_columns(operation, weights)
    factor = scalar(operation, "scale", scale, images, positive=True)
    with exact(images):
        return (factor * (unit(images) @ weights)).softmax(dim=-1)


def _check_columns(operation: str, weights: Tensor) -> None:
    lengths = weights.detach().norm(dim=0)
    far = (lengths - 1).abs() > 1e-2  # half precision is this coarse
    if bool(far.any()):
        column = int(far.int().argmax())
        raise ValueError(
            f"{operation}: the classifier's columns must have norm 1; got "
            f"{float(lengths[column]):.3g} in column {column}; build_classifier makes such, or "
            "l2_normalize(classifier, dim=0)."
        )
