"""The playground: `tiny` on a static page, with the data that its scripts read.

`site/playground` is copied as it is, and data are made from the shipped weights: the text tower
with the merges of its tokenizer and the features of 300 drawn pictures (`data/start.js`), the
image tower, which the page loads when a picture is dropped (`data/image.js`), and the pictures
on one sheet (`pictures.webp`). Data are scripts of base64, since a page opened from disk may
not fetch files. Sizes, heads, scale and names are read from the model. Leaves out the page.
"""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors import numpy as safetensors
from safetensors import safe_open

from mmcourse import clip
from mmcourse.checkpoints import shipped
from mmcourse.clip.preprocess import MEAN, STD
from mmcourse.tokenizer import clip_vocabulary
from mmcourse.world import KINDS, Scene, caption, render, sample_scene
from mmcourse.world.scenes.vocabulary import noun

NAME = "tiny"
STATIC = Path(__file__).parents[2] / "site" / "playground"
PICTURES, SIDE, COLUMNS = 300, 96, 20
"""Drawn pictures, their side in pixels, and how many stand beside each other on the sheet."""

SEED = 20
KINDS_SHOWN = (
    "cat", "dog", "bird", "fish", "butterfly", "bus", "boat", "rocket", "tree", "flower",
    "house", "balloon",
)  # fmt: skip
COLOURS_SHOWN = ("red", "orange", "yellow", "green", "blue", "purple", "white")
"""Fewer than the world has, so that most of what is asked for is there."""

ONE_THING = 0.6
"""The least share of pictures that show one thing, which are the easiest to ask for."""

QUALITY = 80
"""Of the sheet, a WebP: 0.4 MB; the features are those of the pictures before that."""


def export(folder: Path) -> None:
    """Write the playground into a folder; the same weights give the same files."""
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    model, preprocess = clip.load(NAME, device="cpu")
    rng = np.random.default_rng(SEED)
    scenes = [_drawn(rng) for _ in range(PICTURES)]
    pictures = [Image.fromarray(render(scene, SIDE)) for scene in scenes]
    with torch.inference_mode():
        features = model.encode_image(torch.stack([preprocess(each) for each in pictures]))
    said = {
        "captions": [caption(scene, rng, full=True) for scene in scenes],
        "usual": [caption(scene, rng) for scene in scenes],
    }
    text, image = _towers()
    text |= {"merges": _merges(), "pictures": features.numpy()}
    (folder / "data").mkdir(exist_ok=True)
    _write_data(folder / "data" / "start.js", text, _settings(model, said))
    _write_data(folder / "data" / "image.js", image, {})
    _sheet(pictures).save(folder / "pictures.webp", quality=QUALITY, method=6)


def _drawn(rng: np.random.Generator) -> Scene:
    alone = 1 if rng.random() < ONE_THING else None
    return sample_scene(
        rng, split="test", n_objects=alone, kinds=KINDS_SHOWN, colours=COLOURS_SHOWN
    )


def _towers() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the weights as they are shipped, of the text tower and of the image tower."""
    with safe_open(shipped(NAME), framework="np") as file:
        names = [name for name in file.keys() if "num_batches" not in name]  # noqa: SIM118
        state = {name: file.get_tensor(name) for name in names}
    image = {name: state.pop(name) for name in names if name.startswith("visual.")}
    return state, image


def _merges() -> np.ndarray:
    """Return the tokenizer's merges as pairs of ids, which fit into 16 bits."""
    vocabulary = clip_vocabulary()
    ids = {token: i for i, token in enumerate(vocabulary.tokens)}
    return np.array([[ids[one], ids[other]] for one, other in vocabulary.merges], np.uint16)


def _settings(model: clip.CLIP, said: dict[str, list[str]]) -> dict[str, Any]:
    """Return what the page must know beside the numbers; `said` is told of each picture."""
    return {
        "scale": model.logit_scale.exp().item(),
        "contextLength": model.context_length,
        "textHeads": model.transformer.resblocks[0].attn.heads,
        "imageHeads": model.visual.attnpool.heads,
        "resolution": model.visual.input_resolution,
        "mean": MEAN,
        "std": STD,
        "sheet": {"side": SIDE, "columns": COLUMNS},
        "nouns": list(dict.fromkeys(noun(kind) for kind in KINDS)),
        **said,
    }


def _write_data(path: Path, tensors: dict[str, np.ndarray], settings: dict[str, Any]) -> None:
    whole = safetensors.save(tensors, {"settings": json.dumps(settings)})
    text = base64.b64encode(whole).decode()
    path.write_text(f'DATA.{path.stem} = "{text}";\n', encoding="ascii")


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * SIDE, rows * SIDE))
    for i, picture in enumerate(pictures):
        row, column = divmod(i, COLUMNS)
        sheet.paste(picture, (column * SIDE, row * SIDE))
    return sheet
