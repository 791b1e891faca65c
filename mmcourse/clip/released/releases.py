"""OpenAI's nine released CLIPs: where each lies, how to know its file, and how large it is.

Addresses and SHA-256 are those of `clip/clip.py` in https://github.com/openai/CLIP, commit
d05afc4; sizes are those of tables 19 and 20 of arXiv 2103.00020. Leaves out fetching them
(`download`), and what they are good for: see `model-card.md` in the same repository.
"""

from dataclasses import dataclass
from typing import final

import torch

from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.model import CLIP
from mmcourse.clip.precision import convert_weights

ADDRESS = "https://openaipublic.azureedge.net/clip/models"


@final
@dataclass(frozen=True, kw_only=True)
class Release:
    """One released model.

    Args:
        name: what `clip.load` calls it.
        url: the address of its file, whose last part is the file's name.
        sha256: of its file, as 64 hexadecimal digits.
        config: its sizes.
    """

    name: str
    url: str
    sha256: str
    config: CLIPConfig

    @property
    def file(self) -> str:
        """The name of its file, here and in the folder of OpenAI's package."""
        return self.url.rpartition("/")[2]

    @property
    def parameters(self) -> int:
        """How many numbers it learned.

        >>> f"{RELEASES['ViT-B/32'].parameters:,}"
        '151,277,313'
        """
        return sum(weight.numel() for weight in _empty(self.config).parameters())

    @property
    def size(self) -> int:
        """The bytes of its weights in the precision of OpenAI's files, which have little more.

        >>> f"{RELEASES['ViT-B/32'].size / 1e6:.0f} MB"
        '353 MB'
        """
        model = _empty(self.config)
        convert_weights(model, torch.float16)
        return sum(each.numel() * each.itemsize for each in model.state_dict().values())


def _empty(config: CLIPConfig) -> CLIP:
    """Return a model of these sizes that holds no numbers."""
    with torch.device("meta"):
        return CLIP(config)


def _release(name: str, sha256: str) -> Release:
    embed_dim, resolution, layers, width, patch, text_width = _SIZES[name]
    config = CLIPConfig(
        embed_dim=embed_dim,
        image_resolution=resolution,
        vision_layers=layers,
        vision_width=width,
        vision_patch_size=patch,
        context_length=77,
        vocab_size=49_408,
        transformer_width=text_width,
        transformer_layers=12,
    )
    url = f"{ADDRESS}/{sha256}/{name.replace('/', '-').replace('@', '-')}.pt"
    return Release(name=name, url=url, sha256=sha256, config=config)


_Sizes = tuple[int, int, int | tuple[int, int, int, int], int, int | None, int]
_SIZES: dict[str, _Sizes] = {
    "RN50": (1024, 224, (3, 4, 6, 3), 64, None, 512),
    "RN101": (512, 224, (3, 4, 23, 3), 64, None, 512),
    "RN50x4": (640, 288, (4, 6, 10, 6), 80, None, 640),
    "RN50x16": (768, 384, (6, 8, 18, 8), 96, None, 768),
    "RN50x64": (1024, 448, (3, 15, 36, 10), 128, None, 1024),
    "ViT-B/32": (512, 224, 12, 768, 32, 512),
    "ViT-B/16": (512, 224, 12, 768, 16, 512),
    "ViT-L/14": (768, 224, 24, 1024, 14, 768),
    "ViT-L/14@336px": (768, 336, 24, 1024, 14, 768),
}
"""Embedding, pixels, layers or blocks, width, pixels of a patch, width of the text tower."""

_SHA256 = {
    "RN50": "afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762",
    "RN101": "8fa8567bab74a42d41c5915025a8e4538c3bdbe8804a470a72f30b0d94fab599",
    "RN50x4": "7e526bd135e493cef0776de27d5f42653e6b4c8bf9e0f653bb11773263205fdd",
    "RN50x16": "52378b407f34354e150460fe41077663dd5b39c54cd0bfd2b27167a4a06ec9aa",
    "RN50x64": "be1cfb55d75a9666199fb2206c106743da0f6468c9d327f3e0d0a543a9919d9c",
    "ViT-B/32": "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af",
    "ViT-B/16": "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f",
    "ViT-L/14": "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836",
    "ViT-L/14@336px": "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02",
}

RELEASES = {name: _release(name, sha256) for name, sha256 in _SHA256.items()}
"""The releases by name, in the order of OpenAI's package."""
