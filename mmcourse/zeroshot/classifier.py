"""A linear classifier whose weights are texts, and what it says of pictures.

Probabilities are shared out among the names on the list: a picture that fits none of them
still gets a name. Leaves out how well the answers turn out (`metrics`).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from mmcourse.clip.model import CLIP
from mmcourse.losses.features import (
    check_features,
    check_same_space,
    exact,
    scalar,
    working_dtype,
)
from mmcourse.tokenizer.clip import tokenize
from mmcourse.zeroshot.prompts import TEMPLATE, prompts

BATCH = 256
"""Texts that are encoded at a time."""


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
        TypeError: names or templates are no sequence of strings; a single name is one too few.
        ValueError: there is none, a name is blank or occurs twice for the tokenizer (which
            ignores case and space), a template has not exactly one {}, or a prompt is too long.

    >>> from mmcourse import clip
    >>> model, _ = clip.load("tiny", device="cpu")
    >>> build_classifier(model, ["cat", "dog", "bird"], ["{}", "a photo of a {}."]).shape
    torch.Size([128, 3])
    """
    rows = prompts(names, templates)
    texts = [prompt for row in rows for prompt in row]
    tokens = tokenize(texts, model.context_length).to(model.logit_scale.device)
    parts = [tokens[first : first + BATCH] for first in range(0, len(tokens), BATCH)]
    features = torch.cat([model.encode_text(part) for part in parts])
    directions = F.normalize(features.to(working_dtype(features)), dim=-1)
    # (classes * templates, dim) -> (classes, dim)
    means = directions.reshape(len(rows), -1, directions.shape[1]).mean(dim=1)
    return F.normalize(means, dim=-1).T.contiguous()


def probabilities(
    image_features: Float[Tensor, "n dim"],
    classifier: Float[Tensor, "dim classes"],
    scale: float | Tensor,
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
        TypeError: features that are no floats, or `scale` is no number.
        ValueError: shapes or devices do not match, a number is not finite, a column has not
            norm 1, or `scale` is not positive or is a model's own parameter, its logarithm.

    Cosines 0.6 and 0.8; ln 2 · 5 makes 0.2 more worth a factor 2:

    >>> pictures, classifier = torch.tensor([[3.0, 4.0]]), torch.eye(2)
    >>> probabilities(pictures, classifier, 5 * 0.693147)
    tensor([[0.3333, 0.6667]])
    """
    return _probabilities("probabilities", image_features, classifier, scale)


def ensemble(
    image_features: Float[Tensor, "n dim"],
    classifiers: Sequence[Float[Tensor, "dim classes"]],
    scale: float | Tensor,
) -> Float[Tensor, "n classes"]:
    """Return the mean of what several classifiers of the same classes say; rows sum to 1.

    The alternative to averaging directions, for which `build_classifier` takes all templates
    at once: here each classifier is kept, and multiplied with every picture.

    Args:
        image_features: as for `probabilities`.
        classifiers: one for each template, say; at least one.
        scale: as for `probabilities`.

    Raises:
        TypeError: `classifiers` is no sequence; or as for `probabilities`.
        ValueError: there is none, or they differ in shape; or as for `probabilities`.

    One is sure of the first class, the other undecided:

    >>> sure, undecided = torch.eye(2), torch.ones(2, 2) / 2**0.5
    >>> ensemble(torch.tensor([[5.0, 0.0]]), [sure, undecided], scale=100)
    tensor([[0.7500, 0.2500]])
    """
    if isinstance(classifiers, Tensor) or not isinstance(classifiers, Sequence):
        raise TypeError(
            "ensemble: classifiers must be a sequence of tensors; got "
            f"{type(classifiers).__name__}; of a single one use probabilities."
        )
    shapes = {tuple(each.shape) for each in classifiers}
    if len(shapes) != 1:
        raise ValueError(
            "ensemble: classifiers must be at least one, all of the same classes; got "
            f"{', '.join(map(str, sorted(shapes))) or 'none'}."
        )
    each = [_probabilities("ensemble", image_features, one, scale) for one in classifiers]
    return torch.stack(each).mean(dim=0)


def _probabilities(
    operation: str, image_features: Tensor, classifier: Tensor, scale: float | Tensor
) -> Tensor:
    check_features(operation, "image_features", image_features)
    check_features(operation, "classifier", classifier)
    dim = image_features.shape[1]
    if len(classifier) != dim:
        turned = "pass classifier.T" if classifier.shape[1] == dim else "take both of one model"
        raise ValueError(
            f"{operation}: classifier must have shape ({dim}, classes), for {dim} numbers a "
            f"picture; got {tuple(classifier.shape)}; {turned}."
        )
    check_same_space(operation, image_features=image_features, classifier=classifier.T)
    if isinstance(scale, torch.nn.Parameter):
        raise ValueError(
            f"{operation}: scale must be what multiplies the cosines; got a parameter, and a "
            "model keeps its scale's logarithm there; pass model.logit_scale.exp()."
        )
    dtype = working_dtype(image_features, classifier)
    images, weights = image_features.to(dtype), classifier.to(dtype)
    _check_columns(operation, weights)
    factor = scalar(operation, "scale", scale, images, positive=True)
    with exact(images):
        return (factor * (F.normalize(images, dim=-1) @ weights)).softmax(dim=-1)


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
