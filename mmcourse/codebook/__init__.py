"""Pictures as codes: two ways to round what an encoder says, and a tokenizer of one of them.

To be read in this order: `vq`, a codebook that is learnt and may die; `fsq`, one that needs no
learning; `tokenizer`, from pictures to 64 cells of two codes and back.
"""

from mmcourse.codebook.fsq import LEVELS, codes_of, finite_scalar, levels_of
from mmcourse.codebook.tokenizer import PictureTokenizer, load_tokenizer
from mmcourse.codebook.vq import Quantised, VectorQuantiser

__all__ = [
    "LEVELS",
    "PictureTokenizer",
    "Quantised",
    "VectorQuantiser",
    "codes_of",
    "finite_scalar",
    "levels_of",
    "load_tokenizer",
]
