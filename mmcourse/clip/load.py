"""CLIP by name or from a file, as OpenAI's `clip.load`.

Names are those of the shipped models, which need no network, and of OpenAI's nine releases
(README of https://github.com/openai/CLIP), which are fetched once, when asked for by name.
Leaves out how they are fetched (`download`), and what a file holds (`checkpoints`).
"""

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mmcourse.boundary.signature import checked
from mmcourse.checkpoints import manifest, read, shipped
from mmcourse.clip.bag import BAGS, read_as_bag
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.device import working_device
from mmcourse.clip.model import CLIP
from mmcourse.clip.names import OPENAI, TRANSFORMERS, by_openai
from mmcourse.clip.precision import convert_weights
from mmcourse.clip.preprocess import Preprocess
from mmcourse.clip.released.download import CACHE, download
from mmcourse.clip.released.releases import RELEASES
from mmcourse.clip.settings import (
    FILES,
    Settings,
    beside,
    refuse_other_heads,
    use_gelu,
    whose_file,
)

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
"""A name that ends like this was meant as a path."""

DRAWING = ("normal_", "uniform_", "kaiming_uniform_")
"""What fills a tensor, its first argument, at random."""


def available_models() -> list[str]:
    """Return the names that `load` knows: the shipped models, then OpenAI's releases.

    >>> available_models()[-9:-6]
    ['RN50', 'RN101', 'RN50x4']
    """
    return [*manifest(CLIP.__name__), *RELEASES]


@checked
def load(
    name: str | os.PathLike[str] = "tiny",
    device: str | torch.device | None = None,
    jit: bool = False,  # noqa: FBT001, FBT002 - OpenAI's takes it by place
    download_root: str | os.PathLike[str] | None = None,
    *,
    dtype: torch.dtype = torch.float32,
) -> tuple[CLIP, Preprocess]:
    """Return a CLIP, ready to be used, and the function that prepares a picture for it.

    A release that is not in `download_root` yet is downloaded, and kept there under the name
    that OpenAI's package gives it. Any file opens safely, because none gets to run code
    (`checkpoints.read`).

    A file may have open_clip's or transformers' names as well (`names`), with the activation
    that `open_clip_config.json` or `config.json` beside it says; `model.origin` tells of it.

    `tiny-bag` sorts the words of a text by itself, for it was trained so (`bag`); tokens come
    to it in their usual order.

    Differs from OpenAI's: weights are float32 on every device, unless `dtype` says otherwise.

    Args:
        name: one of `available_models()`, or the path of a file of weights.
        device: where the model goes; None takes the GPU if there is one.
        dtype: float32, bfloat16 or float16, as `convert_weights` applies it.
        jit: only False; here so that calls written for OpenAI's package work.
        download_root: the folder of OpenAI's files; None takes theirs, `~/.cache/clip`.

    Raises:
        FileNotFoundError: there is no file at this path.
        ConnectionError: the release's file is not there yet, and its address not reached.
        OSError: the release's file cannot be kept in `download_root`.
        ValueError: no model has this name, the file is damaged or not a CLIP's, the release's
            has another SHA-256, the device does not work here, `dtype` is another, or `jit`.
    """
    if jit:
        raise ValueError(
            "load: jit must be False; got True; the model is plain Python, and as fast."
        )
    device = working_device(device)
    path = _find(name, CACHE if download_root is None else download_root)
    model = _built(path, read(path))
    convert_weights(model, dtype)
    if name in BAGS:
        read_as_bag(model)
    return model.eval().to(device), Preprocess(model.visual.input_resolution)


def _built(path: Path, state: Mapping[str, Tensor]) -> CLIP:
    """Return the model whose weights these are, without drawing any at random first."""
    try:
        state, names = by_openai(state)
        whose = whose_file(path, names)
        config, settings = CLIPConfig.from_state_dict(state), beside(path, whose)
        refuse_other_heads(settings, config)
        with torch.device("cpu"), _Undrawn():
            model = CLIP(config)
        _require_floats(model, state)
        model.load_state_dict(state)
        _require_finite(model)
    except (ValueError, RuntimeError) as error:
        raise ValueError(f"load: {path} must hold the weights of a CLIP; {error}") from error
    return _activated(model, path, whose, settings)


@final
class _Undrawn(TorchFunctionMode):
    """While it lasts, numbers that would be drawn are left as memory happens to hold them.

    torch has a device for this, "meta"; but there even a product is computed by Python code,
    for which it imports its compiler and sympy, 800 modules.
    """

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if getattr(function, "__name__", "") in DRAWING:
            return (*args, *named.values())[0]
        return (torch.empty if function is torch.randn else function)(*args, **named)


def _activated(model: CLIP, path: Path, whose: str, settings: Settings) -> CLIP:
    """Return the model with the activation that its weights were trained with."""
    quick = whose == TRANSFORMERS if settings.quick is None else settings.quick
    name = "QuickGELU" if quick else "GELU"
    if settings.quick is None:
        warnings.warn(
            f"load: {path} should have {FILES[whose]} beside it, which says the activation; "
            f"there is none; {name} is taken, {whose} usual one: with the wrong one every "
            "answer is worse.",
            stacklevel=4,
        )
    if not quick:
        use_gelu(model)
    if whose != OPENAI or not quick:
        model.origin = f"weights by {whose} names, with {name}"
    return model


def _require_floats(model: CLIP, state: Mapping[str, Tensor]) -> None:
    """Refuse weights that copying would turn into floats without a word."""
    for name, wanted in model.state_dict().items():
        given = state.get(name, wanted)
        if wanted.is_floating_point() and not given.is_floating_point():
            raise ValueError(f"{name} is of {given.dtype}, not of floats")


def _require_finite(model: CLIP) -> None:
    for name, weight in model.state_dict().items():
        if not np.isfinite(weight.numpy()).all():  # torch's own takes 20 times as long
            raise ValueError(f"{name} holds NaN or infinity")


def _find(name: str | os.PathLike[str], cache: str | os.PathLike[str]) -> Path:
    """Return the file that a name or a path stands for."""
    if name in manifest(CLIP.__name__):
        return shipped(str(name))
    if name in RELEASES:
        return download(RELEASES[str(name)], cache)
    path = Path(name)
    if _asked(path.is_file):
        return path
    if _asked(path.is_dir) or isinstance(name, os.PathLike) or path.suffix in SUFFIXES:
        what = "a folder" if _asked(path.is_dir) else "nothing"
        raise FileNotFoundError(
            f"load: expected a file of weights at {path.absolute()}; found {what} there."
        )
    known = {each.lower(): each for each in available_models()}
    close = [known[each] for each in get_close_matches(name.lower(), known, n=1)]
    raise ValueError(
        f"load: name must be one of {', '.join(known.values())}, or the path of a file; "
        f"got {name!r:.60}" + (f"; did you mean {close[0]!r}?" if close else ".")
    )


def _asked(question: Callable[[], bool]) -> bool:
    """Return what the disk answers; no file has a name that it does not take."""
    try:
        return question()
    except (OSError, ValueError):
        return False
