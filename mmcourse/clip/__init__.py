"""CLIP with the surface of OpenAI's package: `from mmcourse import clip` for `import clip`.

Read `model` first: two towers, one space. The towers are `vit` and `resnet` for pictures, and
for texts a transformer whose end `text` finds. `config` has their sizes, `preprocess` what a
picture goes through; `load` makes one by name or from a file, in the `precision` it has;
`released` fetches OpenAI's; `names` and `settings` are those of other people's files. `bag`
takes the order out of texts.
"""

from collections.abc import Iterable

from jaxtyping import Int
from torch import Tensor

from mmcourse import tokenizer
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.load import available_models, load
from mmcourse.clip.model import CLIP
from mmcourse.clip.precision import convert_weights
from mmcourse.clip.preprocess import Preprocess, normalize, preprocess, unnormalize

__all__ = [
    "CLIP",
    "CLIPConfig",
    "Preprocess",
    "available_models",
    "convert_weights",
    "load",
    "normalize",
    "preprocess",
    "tokenize",
    "unnormalize",
]


def tokenize(
    texts: str | Iterable[str],
    context_length: int = 77,
    truncate: bool = False,  # noqa: FBT001, FBT002 - calls written for OpenAI's package pass it by place
) -> Int[Tensor, "batch context_length"]:
    """Return `tokenizer.tokenize`, whose arguments may here be passed as to OpenAI's.

    >>> tokenize(["a cat"], 4, True)
    tensor([[49406,   320,  2368, 49407]], dtype=torch.int32)
    """
    return tokenizer.tokenize(texts, context_length, truncate=truncate)
