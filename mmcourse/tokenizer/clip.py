"""The tokenizer of CLIP: captions as rows of numbers that a text tower reads.

    start, the ids of the text, end, 0, 0, …

(arXiv 2103.00020, section 2.4). How a text becomes ids is the subject of `bpe`. Here are the
padding and CLIP's published vocabulary, which the package `open_clip_torch`, and OpenAI's own
`clip`, bring along.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from mmcourse.boundary.names import speaking_as
from mmcourse.boundary.scalars import whole
from mmcourse.boundary.signature import checked
from mmcourse.tokenizer.bpe import BPE, SMALLEST

PACKAGES = {"open_clip": "open_clip_torch", "clip": "clip"}
"""Modules that hold the vocabulary file, and the packages that bring them."""

FILE = "bpe_simple_vocab_16e6.txt.gz"
LONGEST = 1 << 20
"""Numbers in a row: no model reads more."""

SIZE = 49408
"""Tokens of CLIP's vocabulary; the file lists more merges than it uses."""


@checked
def tokenize(
    texts: str | Iterable[str], context_length: int = 77, *, truncate: bool = False
) -> Int[Tensor, "batch context_length"]:
    """Return one row of ids a text, int32: start, the text, end, then zeros.

    The end has the largest id of a row, so `argmax` finds it.

    Differs from OpenAI's: a text that is too long raises a ValueError, theirs a RuntimeError;
    `truncate` is passed by name.

    Args:
        texts: one text, or several.
        context_length: numbers in a row, at least 2.
        truncate: cut the text of a row that is too long; its last id is the end all the same.

    Raises:
        TypeError: a text is no string, or `context_length` no whole number.
        ValueError: a text is too long for a row, or `context_length` below 2.
        ModuleNotFoundError: no package brings the vocabulary.

    >>> tokenize("a cat", context_length=6)
    tensor([[49406,   320,  2368, 49407,     0,     0]], dtype=torch.int32)
    """
    context_length = whole("tokenize", "context_length", context_length, least=2, most=LONGEST)
    texts = [texts] if isinstance(texts, str) else list(texts)
    bpe = clip_vocabulary()
    rows = np.zeros(
        (len(texts), context_length), np.int32
    )  # numpy fills a row sooner than torch
    for row, text in enumerate(texts):
        with speaking_as("tokenize", "BPE.encode"):
            ids = [bpe.start, *bpe.encode(text), bpe.end]
        if len(ids) > context_length:
            if not truncate:
                raise ValueError(
                    f"tokenize: text {row} must fit into {context_length} ids, start and end "
                    f"among them; got {len(ids)} for {text[:40]!r}; shorten it, or pass "
                    "truncate=True."
                )
            ids[context_length - 1 :] = [bpe.end]
        rows[row, : len(ids)] = ids
    return torch.from_numpy(rows)


@cache
def clip_vocabulary() -> BPE:
    """Return the byte-pair encoder of CLIP, 49408 tokens; it is read once.

    Raises:
        ModuleNotFoundError: neither `open_clip` nor `clip` is installed with the file in it.
        ValueError: the file is not the published one.

    >>> clip_vocabulary().encode("photograph")
    [8853]
    """
    path = _find_file()
    _, pairs = gzip.decompress(path.read_bytes()).decode().split("\n", maxsplit=1)  # a heading
    symbols = pairs.split()[: 2 * (SIZE - SMALLEST)]
    merges = list(zip(symbols[::2], symbols[1::2], strict=False))
    if len(merges) != SIZE - SMALLEST:
        raise ValueError(
            f"clip_vocabulary: expected {SIZE - SMALLEST} merges; got {len(merges)} in {path}; "
            "install the package that holds it again."
        )
    return BPE(merges)


def _find_file() -> Path:
    for module in PACKAGES:
        spec = find_spec(module)  # looks, and does not import
        for folder in (spec and spec.submodule_search_locations) or []:
            if (path := Path(folder) / FILE).is_file():
                return path
    packages = " or ".join(PACKAGES.values())
    raise ModuleNotFoundError(
        f"clip_vocabulary: expected {FILE} in one of the modules {' and '.join(PACKAGES)}; "
        f"got neither; pip install {packages} brings it."
    )
