"""What tells one model's vectors from another's."""

import hashlib

import torch
from torch import nn

from mmcourse.clip import CLIP


def fingerprint(model: CLIP) -> str:
    """Return the SHA-256 of a model's weights, their names, shapes, dtypes and activation.

    Vectors of two models that differ in any of them must not meet in one index. Leaves out the
    device, and a `preprocess` that is not the model's own.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        flat = tensor.detach().cpu().contiguous().flatten()
        digest.update(flat.view(torch.uint8).numpy())
    if any(isinstance(part, nn.GELU) for part in model.modules()):  # of which no weight tells
        digest.update(b"GELU")
    return digest.hexdigest()


def check_fingerprint(found: str | None, model: CLIP, what: str) -> None:
    """Refuse vectors of another model.

    Raises:
        ValueError: they are another's, or nothing says whose they are.
    """
    if found != fingerprint(model):
        whose = "nothing says whose they are" if found is None else "they are another's"
        raise ValueError(
            f"Index.open: the vectors of {what} must be this model's; {whose}; load the model "
            "that it was built with, or build it again."
        )
