"""A model's weights in a file, and every file of weights a CLIP comes in.

Ours are safetensors (https://github.com/huggingface/safetensors): names, shapes and numbers,
and nothing that could run. A text tower that learnt a few hundred words has zeros in the rows
of its embedding for the other 49,000; only the rows in use are written, and reading puts them
back in their places. Leaves out optimizers (`train`) and building the model (`clip.load`).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Int
from safetensors import SafetensorError, safe_open
from safetensors import torch as safetensors
from torch import Tensor, nn

from mmcourse.atomic import write_whole
from mmcourse.boundary.signature import checked
from mmcourse.checkpoints.archive import is_zip, read_archive
from mmcourse.checkpoints.old import read_old

EMBEDDING = "token_embedding.weight"
IDS = "token_embedding.ids"
TOKENS = "vocab_size"
"""The key under which a file says how many rows the whole embedding has."""

SIZE = 49408
"""Tokens of CLIP's vocabulary."""

MOST_EXPANDED = 1 << 30
"""Bytes of an embedding with all its rows; OpenAI's widest has 152 MB."""

WITHIN = "state_dict"
"""Where open_clip and others keep the weights in a file with all that training goes on from."""

LONGEST_HEADER = 100_000_000
"""Bytes of a safetensors header; the format's own limit."""


@checked
def save(
    model: nn.Module,
    path: str | os.PathLike[str],
    *,
    vocabulary: Int[Tensor, " used"] | None = None,
) -> None:
    """Write a model's weights as safetensors, each in the dtype it has.

    Rows of the token embedding that are all zero are left out.

    Args:
        model: any module; what is special about tokens concerns CLIP's `token_embedding`.
        path: the file; it appears whole or not at all.
        vocabulary: for a model whose row i is CLIP's token `vocabulary[i]`: those ids, rising.
            What is read back has a row for each of CLIP's 49,408 tokens.

    Raises:
        ValueError: `vocabulary` is not one rising id below 49,408 for each row.
        OSError: the file cannot be written there.
    """
    whole = torch.contiguous_format
    state = {  # copied, as what is tied shares its memory, and the format takes no such tensors
        name: tensor.detach().clone(memory_format=whole)
        for name, tensor in model.state_dict().items()
    }
    ids, rows = vocabulary, SIZE
    if ids is not None:
        _check_vocabulary(state, ids)
    elif EMBEDDING in state:
        ids, rows = known_tokens(model), len(state[EMBEDDING])
        state[EMBEDDING] = state[EMBEDDING][ids]
    metadata = None
    if ids is not None and len(ids) < rows:
        state[IDS] = ids.to(torch.int32).contiguous()
        metadata = {TOKENS: str(rows)}
    write_whole("save", Path(path), safetensors.save(state, metadata))


@checked
def read(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Return the weights in a file, by name, on the CPU, in the dtypes they were stored in.

    What the file is follows from its content: safetensors, a state dict that `torch.save`
    wrote, or a TorchScript archive such as OpenAI's. None of them gets to run code.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is none of these, or is damaged.
    """
    path = Path(path)
    if not os.path.isfile(path):  # noqa: PTH113 (a path may be too long for its own is_file)
        raise FileNotFoundError(
            f"read: expected a file of weights; there is none at {path!s:.300}."
        )
    if is_zip(path):
        return _checked(path, read_archive(path))
    if _is_safetensors(path):
        return _read_safetensors(path)
    return _checked(path, read_old(path))


@checked
def known_tokens(model: nn.Module) -> Int[Tensor, " known"]:
    """Return the ids of the tokens that a text tower learnt, rising.

    Those whose rows of the embedding are not all zero. To a shipped model, every other token
    is the same: nothing but its place in the sentence.

    Raises:
        ValueError: the model has no token embedding.

    >>> model = nn.Module()
    >>> model.token_embedding = nn.Embedding.from_pretrained(torch.tensor([[0.0], [7.0]]))
    >>> known_tokens(model)
    tensor([1])
    """
    rows = model.state_dict().get(EMBEDDING)
    if rows is None:
        raise ValueError(
            f"known_tokens: the model must have {EMBEDDING}; got {type(model).__name__}; "
            "pass a CLIP."
        )
    return rows.any(dim=1).nonzero().flatten()


def _check_vocabulary(state: Mapping[str, Tensor], ids: Tensor) -> None:
    rows = state.get(EMBEDDING)
    if rows is None or ids.shape != rows.shape[:1]:
        raise ValueError(
            "save: vocabulary must hold one id for each row of token_embedding; got shape "
            f"{tuple(ids.shape)} for {'none' if rows is None else len(rows)}."
        )
    if bool((ids.diff() <= 0).any()) or not 0 <= int(ids.min()) <= int(ids.max()) < SIZE:
        raise ValueError(
            f"save: the ids of vocabulary must rise from 0 to at most {SIZE - 1}; got "
            f"{ids[:5].tolist()} …; sort them, with the rows in the same order."
        )


def _is_safetensors(path: Path) -> bool:
    """Return whether a file begins as the format does: a length, then that much JSON."""
    with path.open("rb") as file:
        start = file.read(9)
    length = int.from_bytes(start[:8], "little")
    return start[8:] == b"{" and 2 <= length <= min(LONGEST_HEADER, path.stat().st_size)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"read: {path} is damaged: {error}; get the file again.") from error
    return _expanded(path, state, metadata) if IDS in state else state


def _expanded(path: Path, state: dict[str, Tensor], metadata: Mapping[str, str]) -> Any:
    """Return a state with all rows of the token embedding, zeros where none is stored."""
    ids, rows = state.pop(IDS), state.get(EMBEDDING)
    said = metadata.get(TOKENS, str(SIZE))
    tokens = int(said) if re.fullmatch(r"[0-9]{1,7}", said) else 0
    if rows is None or rows.ndim != 2 or not _are_ids(ids, rows=len(rows), tokens=tokens):
        raise ValueError(
            f"read: {path} must hold one id below {said:.20} for each row of {EMBEDDING}, "
            "rising; got others; get the file again."
        )
    if tokens * rows.shape[1] * rows.element_size() > MOST_EXPANDED:
        raise ValueError(
            f"read: {path} must have an embedding of at most {MOST_EXPANDED:,} bytes; got "
            f"{tokens:,} rows of {rows.shape[1]:,} numbers, most of them zero; get the file "
            "again, from a source you know."
        )
    ids = ids.long()
    state[EMBEDDING] = rows.new_zeros(tokens, *rows.shape[1:]).index_copy(0, ids, rows)
    return state


def _are_ids(ids: Tensor, *, rows: int, tokens: int) -> bool:
    """Return whether these are rising ids of so many rows, none twice."""
    if ids.dtype not in (torch.int32, torch.int64) or ids.shape != (rows,):
        return False
    return bool(((ids >= 0) & (ids < tokens)).all() & (ids.diff() > 0).all())


def _checked(path: Path, state: Any) -> dict[str, Tensor]:
    """Return the weights, which training may have put among other things; refuse the rest."""
    if isinstance(state, dict) and isinstance(state.get(WITHIN), dict):
        state = state[WITHIN]
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(tensor, Tensor) for name, tensor in state.items()
    ):
        found = list(state)[:5] if isinstance(state, dict) else type(state).__name__
        raise ValueError(
            f"read: {path} must hold tensors by name and nothing else; got {found!s:.300}; "
            "save model.state_dict() alone, or take it out of the file with torch.load."
        )
    return dict(state)
