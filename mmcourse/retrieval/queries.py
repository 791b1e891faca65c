"""What is looked for, as a vector of length 1: a text, a picture, or a vector as it is."""

import os
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from mmcourse.clip import CLIP, tokenize
from mmcourse.images import as_rgb, open_rgb
from mmcourse.retrieval.album.encode import Preparing, device_of, unit_vectors
from mmcourse.retrieval.vectors import unit, unit_rows


def vector(
    operation: str, query: Any, model: CLIP | None, preprocess: Preparing | None, *, dim: int
) -> Float[np.ndarray, " dim"]:
    """Return the unit vector of a text, a picture, the path of one, or a vector.

    Raises:
        TypeError: `query` is none of these.
        ValueError: there is no model to encode it, it cannot be encoded, or it has another dim.
    """
    if isinstance(query, np.ndarray | Tensor) and query.ndim == 1:
        return unit_rows(operation, query[None], dim=dim)[0]
    is_picture = isinstance(query, Image.Image | os.PathLike) or (
        isinstance(query, np.ndarray) and query.ndim == 3
    )
    if not is_picture and not isinstance(query, str):
        shape = f" of shape {tuple(query.shape)}" if hasattr(query, "shape") else ""
        raise TypeError(
            f"{operation}: query must be a text, a Pillow picture, a pathlib.Path of one, or a "
            f"vector; got {type(query).__name__}{shape}; many vectors go to search_many."
        )
    if model is None or preprocess is None:
        raise ValueError(
            f"{operation}: a model must encode a {type(query).__name__}; this index has none; "
            "pass one to Index.open or Index.from_features, or search for a vector."
        )
    if isinstance(query, str):
        return _text_vector(operation, model, query)
    return _picture_vector(operation, model, preprocess, query)


def _text_vector(operation: str, model: CLIP, text: str) -> Float[np.ndarray, " dim"]:
    """Return the unit vector of a text.

    Raises:
        ValueError: it has no words, or too many for the model.
    """
    if not text.strip():
        raise ValueError(f"{operation}: a text must have words in it; got {text!r}.")
    try:
        tokens = tokenize([text], model.context_length).to(device_of(model))
    except ValueError as error:
        raise ValueError(f"{operation}: a text must fit the model; {error}") from error
    with torch.inference_mode():
        features = model.encode_text(tokens)[0]
    return unit(operation, "the text's embedding", features.float().cpu().numpy())


def _picture_vector(
    operation: str,
    model: CLIP,
    preprocess: Preparing,
    picture: Image.Image | np.ndarray | os.PathLike[str],
) -> Float[np.ndarray, " dim"]:
    """Return the unit vector of a Pillow picture, an array of one, or a file.

    Raises:
        ValueError: the file is no picture (`images.open_rgb`), or the picture has no pixels.
    """
    if isinstance(picture, os.PathLike):
        picture = open_rgb(picture, at_least=model.visual.input_resolution)
    elif isinstance(picture, np.ndarray):
        if picture.dtype != np.uint8 or picture.shape[2] != 3:
            raise ValueError(
                f"{operation}: a picture's array must be uint8 of shape (height, width, 3); "
                f"got {picture.dtype} of {picture.shape}."
            )
        picture = Image.fromarray(picture)
    else:
        picture = as_rgb(picture)
    return unit(
        operation, "the picture's embedding", unit_vectors(model, preprocess(picture)[None])[0]
    )
