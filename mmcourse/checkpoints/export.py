"""Models for OpenAI's own package, whose loader opens TorchScript archives alone."""

import io
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import final

import torch
from torch import Tensor, nn

from mmcourse.atomic import write_whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints.state import EMBEDDING, read
from mmcourse.checkpoints.weights import manifest, shipped

LOOKED_FOR = ("ln_final.weight", "positional_embedding", "text_projection", EMBEDDING)
"""Weights whose shapes OpenAI's loader reads before it makes a model."""


@checked
def export_openai(
    model: str | os.PathLike[str] | nn.Module, path: str | os.PathLike[str]
) -> None:
    """Write a CLIP as a file that OpenAI's `clip.load(path, device="cpu", jit=False)` opens.

    Their loader rounds what multiplies matrices to float16. A shipped model is so rounded
    already; another one changes a little when they open it.

    Args:
        model: a shipped model's name, a file of weights, or a CLIP.
        path: the file; it appears whole or not at all.

    Raises:
        FileNotFoundError: `model` is neither a name nor a file.
        ValueError: the file to read is damaged, or what is to be written is no CLIP.
        OSError: the file cannot be written there.
    """
    state = _state(model)
    if missing := [name for name in LOOKED_FOR if name not in state]:
        raise ValueError(
            f"export_openai: model must be a CLIP, with {', '.join(LOOKED_FOR)}; got one "
            f"without {', '.join(missing)}; checkpoints.save writes any module."
        )
    write_whole("export_openai", Path(path), _archive(state))


def _state(model: str | os.PathLike[str] | nn.Module) -> Mapping[str, Tensor]:
    if isinstance(model, nn.Module):
        return model.state_dict()
    return read(shipped(str(model)) if str(model) in manifest() else model)


@final
class _Node(nn.Module):
    """A module that does nothing: a place for parameters and other modules."""


def _archive(state: Mapping[str, Tensor]) -> bytes:
    """Return the TorchScript archive of a tree of modules that hold these tensors."""
    root: nn.Module = _Node()
    for name, tensor in state.items():
        *parents, last = name.split(".")
        node = root
        for parent in parents:
            if parent not in dict(node.named_children()):
                node.add_module(parent, _Node())
            node = node.get_submodule(parent)
        node.register_buffer(last, tensor.detach().cpu().contiguous())
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`?torch\.jit\.", DeprecationWarning)
        torch.jit.save(torch.jit.script(root), content)
    return content.getvalue()
