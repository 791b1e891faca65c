"""What several rows measure with: pictures, captions, vectors and models, made when asked."""

from collections.abc import Mapping
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import skimage
import torch
from PIL import Image
from torch import nn

from bench.measure import OURS, Way
from mmcourse import clip
from mmcourse.clip.config import CLIPConfig
from mmcourse.clip.names import by_openai
from mmcourse.clip.released.releases import RELEASES
from mmcourse.world import caption, sample_scene
from tests.helpers.peers import import_peer

VGA = (640, 480)
PHONE = (4000, 3000)
"""Widths and heights of photos."""


def captions(count: int) -> list[str]:
    """Return captions of the drawn world."""
    rng = np.random.default_rng(0)
    return [caption(sample_scene(rng), rng) for _ in range(count)]


def photo(size: tuple[int, int], shift: int = 0) -> Image.Image:
    """Return a photo of a cup of coffee in some size, moved so that no two are alike."""
    picture = Image.open(Path(skimage.data_dir, "coffee.png")).convert("RGB")
    moved = np.roll(np.asarray(picture), shift, axis=1)
    return Image.fromarray(moved).resize(size, Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a JPEG file of ordinary quality."""
    file = BytesIO()
    picture.save(file, format="jpeg", quality=90)
    return file.getvalue()


def unit_vectors(count: int, dim: int = 512, seed: int = 0) -> np.ndarray:
    """Return random vectors of length 1, made piece by piece."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((count, dim), dtype=np.float32)
    for first in range(0, count, 65_536):
        some = vectors[first : first + 65_536]
        some /= np.linalg.norm(some, axis=1, keepdims=True)
    return vectors


def open_clip_model(sizes: CLIPConfig) -> Any:
    """Return open_clip's model of some sizes, with weights that are drawn."""
    open_clip = import_peer("open_clip")
    vision = open_clip.model.CLIPVisionCfg(
        layers=sizes.vision_layers,
        width=sizes.vision_width,
        patch_size=sizes.vision_patch_size,
        image_size=sizes.image_resolution,
    )
    text = open_clip.model.CLIPTextCfg(
        context_length=sizes.context_length,
        vocab_size=sizes.vocab_size,
        width=sizes.transformer_width,
        heads=sizes.transformer_width // 64,
        layers=sizes.transformer_layers,
    )
    torch.manual_seed(0)
    return open_clip.CLIP(sizes.embed_dim, vision, text, quick_gelu=True)


def our_model(sizes: CLIPConfig, state: Mapping[str, torch.Tensor]) -> clip.CLIP:
    """Return our model of the same sizes, with a peer's weights."""
    model = clip.CLIP(sizes)
    named, _ = by_openai(state)
    model.load_state_dict({name: named[name] for name in model.state_dict()})
    return model


def vit_b32() -> dict[str, nn.Module]:
    """Return ViT-B/32 four times over, with the same drawn weights: "ours", then the peers."""
    sizes = RELEASES["ViT-B/32"].config
    transformers = import_peer("transformers")
    torch.manual_seed(0)
    theirs = transformers.CLIPModel(transformers.CLIPConfig())
    rounded(theirs)
    ours, open_clip = our_model(sizes, theirs.state_dict()), open_clip_model(sizes)
    open_clip.load_state_dict(ours.state_dict(), strict=False)
    openai = import_peer("clip.model").build_model(dict(ours.state_dict())).float()
    models = {
        OURS: ours,
        version("open_clip", "open_clip_torch"): open_clip,
        version("OpenAI's clip", "clip-anytorch"): openai,
        version("transformers"): theirs,
    }
    return {name: model.eval() for name, model in models.items()}


def alike(ways: dict[str, Way], rtol: float = 1e-5) -> dict[str, Way]:
    """Return the ways, after a look whether all give what ours gives."""
    expected = ways[OURS]()
    for way in ways.values():
        torch.testing.assert_close(way(), expected, atol=1e-5, rtol=rtol)
    return ways


def rounded(model: nn.Module) -> None:
    """Round all weights as float16 does, in place: OpenAI's loader rounds what it is given."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half())


def version(module: str, package: str | None = None) -> str:
    """Return a peer's name as the tables say it: with its version."""
    return f"{module} {metadata.version(package or module)}"
